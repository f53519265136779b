// Command httphello answers every HTTP request with a short text, by net/http or
// by fasthttp.
//
//	httphello nethttp|fasthttp
//
// It prints "ready ADDRESS" once it listens, and runs until it is killed.
package main

import (
	"fmt"
	"net"
	"net/http"
	"os"

	"github.com/valyala/fasthttp"
)

const hello = "Hello, World!\n"

var servers = map[string]func(net.Listener) error{
	"nethttp": func(ln net.Listener) error {
		return http.Serve(ln, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Write([]byte(hello)) // fails only with the connection
		}))
	},
	"fasthttp": func(ln net.Listener) error {
		return fasthttp.Serve(ln, func(c *fasthttp.RequestCtx) { c.SetBodyString(hello) })
	},
}

func main() {
	if len(os.Args) != 2 || servers[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: httphello nethttp|fasthttp")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "httphello:", err)
		os.Exit(1)
	}
}

func run(kind string) error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("ready", ln.Addr())
	return servers[kind](ln)
}
