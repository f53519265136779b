// Command tengo runs a Tengo script.
//
//	tengo SCRIPT [ARG...]
//
// The script can import Tengo's standard library; its arguments follow its own
// name in os.args().
package main

import (
	"fmt"
	"os"

	"github.com/d5/tengo/v2"
	"github.com/d5/tengo/v2/stdlib"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: tengo SCRIPT [ARG...]")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "tengo:", err)
		os.Exit(1)
	}
}

func run(script string) error {
	text, err := os.ReadFile(script)
	if err != nil {
		return err
	}
	s := tengo.NewScript(text)
	s.SetImports(stdlib.GetModuleMap(stdlib.AllModuleNames()...))
	_, err = s.Run()
	return err
}
