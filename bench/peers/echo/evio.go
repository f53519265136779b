package main

import (
	"errors"

	"github.com/tidwall/evio"
)

func serveEvio() error {
	var events evio.Events
	events.NumLoops = 1
	events.Serving = func(s evio.Server) (action evio.Action) {
		ready(s.Addrs[0])
		return
	}
	events.Data = func(_ evio.Conn, in []byte) (out []byte, action evio.Action) { return in, evio.None }
	if err := evio.Serve(events, "tcp://127.0.0.1:0"); err != nil {
		return err
	}
	return errors.New("the loop has ended")
}
