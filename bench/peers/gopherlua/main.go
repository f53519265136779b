// Command gopherlua runs a Lua 5.1 script with gopher-lua.
//
//	gopherlua SCRIPT [ARG...]
//
// The script finds its arguments in the table arg, as under the lua command.
package main

import (
	"fmt"
	"os"

	lua "github.com/yuin/gopher-lua"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: gopherlua SCRIPT [ARG...]")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "gopherlua:", err)
		os.Exit(1)
	}
}

func run(script string, args []string) error {
	l := lua.NewState()
	defer l.Close()
	table := l.NewTable()
	table.RawSetInt(0, lua.LString(script))
	for i, a := range args {
		table.RawSetInt(i+1, lua.LString(a))
	}
	l.SetGlobal("arg", table)
	return l.DoFile(script)
}
