// Command echo is a TCP server that sends back what it gets, in plain Go on one
// of the libraries that Gene's event loops stand on.
//
//	echo net|netpoll|evio
//
// It prints "ready ADDRESS" once it listens, and runs until it is killed.
package main

import (
	"fmt"
	"net"
	"os"
)

var servers = map[string]func() error{"net": serveNet, "netpoll": serveNetpoll, "evio": serveEvio}

func main() {
	if len(os.Args) != 2 || servers[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: echo net|netpoll|evio")
		os.Exit(2)
	}
	if err := servers[os.Args[1]](); err != nil {
		fmt.Fprintln(os.Stderr, "echo:", err)
		os.Exit(1)
	}
}

func ready(a net.Addr) { fmt.Println("ready", a) }

// bufferSize is what one read takes at most.
const bufferSize = 4 << 10

func serveNet() error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	ready(ln.Addr())
	for {
		c, err := ln.Accept()
		if err != nil {
			return err
		}
		go echo(c)
	}
}

func echo(c net.Conn) {
	defer c.Close()
	buf := make([]byte, bufferSize)
	for {
		n, err := c.Read(buf)
		if err != nil {
			return
		}
		if _, err := c.Write(buf[:n]); err != nil {
			return
		}
	}
}
