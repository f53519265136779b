package looptest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"gene/backends"
)

func tlsRules() []rule {
	return []rule{
		{name: "state", says: "TLS tells the state of an encrypted connection, and nil of others", check: func(x *exam) {
			in, _ := x.acceptedPair("tls", backends.Flow{})
			out, _ := x.dialledPair("tls", backends.Flow{})
			for _, e := range []*end{in, out} {
				if s := e.TLS(); s == nil || !s.HandshakeComplete || s.Version < tls.VersionTLS12 {
					x.failf("TLS is %+v", s)
				}
			}
			plain, _ := x.pair(backends.Flow{})
			x.want("whether a plain one has a state", plain.TLS() != nil, false)
		}},
		{name: "unknown authority", says: "a dial to a server that can't be trusted fails and says why", check: func(x *exam) {
			server, _ := x.certificates()
			_, other := x.certificates()
			l := x.peerListener("tcp")
			x.aside(func() error {
				c, err := x.acceptPeer(l)
				if err == nil {
					tls.Server(c, server).Handshake()
				}
				return err
			})
			d := x.startDial(context.Background(), "tls", l.Addr().String(), backends.DialOptions{TLS: other})
			x.pollUntil(func() bool { return d.told > 0 })
			if _, ok := errors.AsType[x509.UnknownAuthorityError](d.err); !ok {
				x.failf("it told %v", d.err)
			}
			x.want("whether there is a connection", d.conn != nil, false)
		}},
		{name: "silent server", says: "a dial's timeout covers the handshake", check: func(x *exam) {
			_, client := x.certificates()
			l := x.peerListener("tcp") // the system accepts; nobody answers
			d := x.startDial(context.Background(), "tls", l.Addr().String(), backends.DialOptions{TLS: client, Timeout: 50 * time.Millisecond})
			x.pollUntil(func() bool { return d.told > 0 })
			var timeout net.Error
			x.want(fmt.Sprintf("whether %v is a timeout", d.err), errors.As(d.err, &timeout) && timeout.Timeout(), true)
		}},
		{name: "cancelled", says: "ending the context ends a handshake with its cause", check: func(x *exam) {
			_, client := x.certificates()
			l := x.peerListener("tcp")
			ctx, cancel := context.WithCancelCause(context.Background())
			d := x.startDial(ctx, "tls", l.Addr().String(), backends.DialOptions{TLS: client})
			x.await(x.aside(func() error { // the client's hello: the handshake has begun
				c, err := x.acceptPeer(l)
				if err == nil {
					_, err = c.Read(make([]byte, 1))
				}
				return err
			}))
			cancel(errCut)
			x.pollUntil(func() bool { return d.told > 0 })
			x.wantError("Dial", d.err, errCut)
		}},
		{name: "silent client", says: "a client that doesn't begin the handshake holds up no other", check: func(x *exam) {
			d, client := x.tlsEcho()
			x.await(x.aside(func() error { _, err := x.dialPeer(d.Addr()); return err }))
			x.await(x.aside(func() error { return x.tlsTrip(d, client) }))
			x.want("the number of connections accepted", len(d.ends), 1)
		}},
		{name: "no handshake", says: "a client that doesn't speak TLS is turned away, and the listener goes on", check: func(x *exam) {
			d, client := x.tlsEcho()
			x.await(x.aside(func() error {
				c, err := x.dialPeer(d.Addr())
				if err != nil {
					return err
				}
				if _, err := c.Write([]byte("GET / HTTP/1.0\r\n\r\n")); err != nil {
					return err
				}
				io.Copy(io.Discard, c)
				return nil
			}))
			x.await(x.aside(func() error { return x.tlsTrip(d, client) }))
			x.want("the number of connections accepted", len(d.ends), 1)
		}},
		{name: "handshake cut at k", says: "a handshake that is cut off at any byte leaves nothing, and the listener goes on", check: func(x *exam) {
			d, client := x.tlsEcho()
			hello := clientHello(client)
			x.await(x.aside(func() error {
				for k := 0; k < len(hello); k += 7 {
					c, err := x.dialPeer(d.Addr())
					if err != nil {
						return err
					}
					if _, err := c.Write(hello[:k]); err != nil && k > 0 {
						return err
					}
					if err := reset(c); err != nil {
						return err
					}
				}
				return x.tlsTrip(d, client)
			}))
			x.want("the number of connections accepted", len(d.ends), 1)
		}},
		{name: "truncated", says: "a stream that is cut within a TLS record is an error, not End", check: func(x *exam) {
			e, peer := x.acceptedPair("tls", backends.Flow{})
			e.begin()
			x.await(x.aside(func() error {
				_, err := peer.Write([]byte("pay 100"))
				under := peer.(*tls.Conn).NetConn()
				_, uerr := under.Write([]byte{23, 3, 3, 0, 100, 1, 2, 3}) // 3 bytes of a record of 100
				return errors.Join(err, uerr, under.Close())
			}))
			x.want("whether the report has an error", e.over().Err != nil, true)
			x.want("whether End came", e.ended, false)
			x.want("what came", string(e.got), "pay 100")
		}},
		{name: "no certificate", says: "a tls listener without a certificate is refused", check: func(x *exam) {
			for _, config := range []*tls.Config{nil, {}} {
				l, err := x.Listen("tls", "127.0.0.1:0", backends.ListenOptions{TLS: config}, &door{x: x})
				if err == nil {
					l.Close()
					x.failf("Listen with %v was taken", config)
				}
			}
		}},
		{name: "stopped", says: "Close of the loop ends a handshake that goes on", check: func(x *exam) {
			d, _ := x.tlsEcho()
			x.await(x.aside(func() error { _, err := x.dialPeer(d.Addr()); return err }))
			x.close()
			x.want("the number of connections accepted", len(d.ends), 0)
		}},
	}
}

// tlsEcho is an encrypted echo server, and the settings for its clients.
func (x *exam) tlsEcho() (*door, *tls.Config) {
	server, client := x.certificates()
	return x.listen("tls", backends.ListenOptions{TLS: server}, (*end).echo), client
}

// tlsTrip is roundTrip, encrypted.
func (x *exam) tlsTrip(d *door, client *tls.Config) error {
	c, err := x.dialPeer(d.Addr())
	if err != nil {
		return err
	}
	secure := tls.Client(c, client)
	return errors.Join(exchange(secure, payload(1000)), secure.Close())
}

// clientHello is the first flight of a handshake.
func clientHello(client *tls.Config) []byte {
	ours, theirs := net.Pipe()
	defer ours.Close()
	go func() {
		tls.Client(theirs, client).Handshake()
		theirs.Close()
	}()
	hello := make([]byte, 1<<16)
	n, err := ours.Read(hello)
	if err != nil {
		n = 0
	}
	return hello[:n]
}
