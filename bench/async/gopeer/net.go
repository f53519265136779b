package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"time"
)

// addressAndCount reads the arguments of a benchmark that wants both.
func addressAndCount(benchmark string, args []string) (address string, count int, err error) {
	if len(args) != 2 {
		return "", 0, fmt.Errorf("%s wants ADDRESS COUNT, got %q", benchmark, args)
	}
	count, err = strconv.Atoi(args[1])
	return args[0], count, err
}

func socketReads(args []string) error {
	address, count, err := addressAndCount("socket_reads", args)
	if err != nil {
		return err
	}
	return readTogether(count, func(int) (int, error) {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return 0, err
		}
		defer conn.Close()
		text, err := io.ReadAll(conn)
		return len(text), err
	})
}

// tcpEcho has a server and its clients in one process; each client sends a
// message of 64 bytes and waits for it, so many times.
func tcpEcho(args []string) error {
	n, err := numbers(args, 10, 2000)
	if err != nil {
		return err
	}
	count, rounds := n[0], n[1]
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer server.Close()
	go serveEcho(server)
	start := time.Now()
	errs := make([]error, count)
	var wg sync.WaitGroup
	for i := range count {
		wg.Go(func() { errs[i] = echoClient(server.Addr().String(), rounds) })
	}
	wg.Wait()
	fmt.Println("ns_per_op", nsPer(time.Since(start), count*rounds))
	return errors.Join(errs...)
}

// serveEcho ends when the listener is closed.
func serveEcho(server net.Listener) {
	for {
		conn, err := server.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			io.Copy(conn, conn) // the client notices a failure
		}()
	}
}

func echoClient(address string, rounds int) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	message := bytes.Repeat([]byte("x"), 64)
	came := make([]byte, len(message))
	for range rounds {
		if _, err := conn.Write(message); err != nil {
			return err
		}
		if _, err := io.ReadFull(conn, came); err != nil {
			return err
		}
		if !bytes.Equal(came, message) {
			return errors.New("what comes back is not what was sent")
		}
	}
	return nil
}
