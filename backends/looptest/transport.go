package looptest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"slices"
	"time"

	"gene/backends"
)

// transport is one of the ways to get a connection between the loop and a peer.
type transport struct {
	name    string
	library bool                                            // the loop's own library may move its bytes
	pair    func(x *exam, f backends.Flow) (*end, net.Conn) // the end isn't started
}

// transports are all of them.
func transports() []transport {
	return []transport{
		accepted("tcp"), dialled("tcp"),
		accepted("unix"), dialled("unix"),
		accepted("tls"), dialled("tls"),
	}
}

// libraryTransports are those to which traits apply.
func libraryTransports() []transport { return []transport{accepted("tcp"), accepted("unix")} }

// standardTransports are those that Go's net serves in every loop.
func standardTransports() []transport {
	return slices.DeleteFunc(transports(), func(t transport) bool { return t.library })
}

// tcpTransports are one to which traits apply and one to which they don't.
func tcpTransports() []transport { return []transport{accepted("tcp"), dialled("tcp")} }

func accepted(network string) transport {
	return transport{network, network != "tls", func(x *exam, f backends.Flow) (*end, net.Conn) { return x.acceptedPair(network, f) }}
}

func dialled(network string) transport {
	return transport{network + " dialled", false, func(x *exam, f backends.Flow) (*end, net.Conn) { return x.dialledPair(network, f) }}
}

// overEach is the same rule on every transport.
func overEach(name, says string, not Trait, check func(x *exam, t transport)) []rule {
	return over(transports(), name, says, not, check)
}

// over is the same rule on some transports; not excuses those of the library only.
func over(ts []transport, name, says string, not Trait, check func(x *exam, t transport)) []rule {
	var rules []rule
	for _, t := range ts {
		r := rule{name: name + ", " + t.name, says: says, check: func(x *exam) { check(x, t) }}
		if t.library {
			r.not = not
		}
		rules = append(rules, r)
	}
	return rules
}

// instead is a rule for the transports of a library with the trait.
func instead(only Trait, name, says string, check func(x *exam, t transport)) []rule {
	rules := over(libraryTransports(), name, says, "", check)
	for i := range rules {
		rules[i].only = only
	}
	return rules
}

// pair is a TCP connection that the loop accepted, not started.
func (x *exam) pair(f backends.Flow) (*end, net.Conn) { return x.acceptedPair("tcp", f) }

// startedPair is a pair whose end reads.
func (x *exam) startedPair() (*end, net.Conn) {
	e, peer := x.pair(backends.Flow{})
	e.begin()
	return e, peer
}

func (x *exam) acceptedPair(network string, f backends.Flow) (*end, net.Conn) {
	o := backends.ListenOptions{Flow: f}
	var client *tls.Config
	if network == "tls" {
		o.TLS, client = x.certificates()
	}
	d := x.listen(network, o, nil)
	var peer net.Conn
	dial := x.aside(func() (err error) {
		if peer, err = x.dialPeer(d.Addr()); err == nil && client != nil {
			secure := tls.Client(peer, client)
			peer, err = secure, secure.Handshake()
		}
		return err
	})
	x.await(dial)
	x.pollUntil(func() bool { return len(d.ends) == 1 })
	d.shut()
	return d.ends[0], peer
}

func (x *exam) dialledPair(network string, f backends.Flow) (*end, net.Conn) {
	under, o := network, backends.DialOptions{Flow: f}
	var server *tls.Config
	if network == "tls" {
		under = "tcp"
		server, o.TLS = x.certificates()
	}
	l := x.peerListener(under)
	var peer net.Conn
	accept := x.aside(func() (err error) {
		if peer, err = x.acceptPeer(l); err == nil && server != nil {
			secure := tls.Server(peer, server)
			peer, err = secure, secure.Handshake()
		}
		return err
	})
	e := x.dial(network, l.Addr().String(), o)
	x.await(accept)
	return e, peer
}

// dialling is one Dial.
type dialling struct {
	told int
	conn backends.Conn
	err  error
}

// startDial must be taken.
func (x *exam) startDial(ctx context.Context, network, address string, o backends.DialOptions) *dialling {
	d := new(dialling)
	if err := x.Dial(ctx, network, address, o, d.done); err != nil {
		x.failf("Dial: %v", err)
	}
	return d
}

func (d *dialling) done(c backends.Conn, err error) { d.told, d.conn, d.err = d.told+1, c, err }

// dial must succeed.
func (x *exam) dial(network, address string, o backends.DialOptions) *end {
	d := x.startDial(context.Background(), network, address, o)
	x.pollUntil(func() bool { return d.told > 0 })
	if d.err != nil {
		x.failf("Dial: %v", d.err)
	}
	return newEnd(x, d.conn, o.Flow)
}

// certificates are a server's and a client's settings that fit together.
func (x *exam) certificates() (server, client *tls.Config) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		x.failf("%v", err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		DNSNames:     []string{"localhost"},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		x.failf("%v", err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		x.failf("%v", err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	server = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	return server, &tls.Config{RootCAs: roots, ServerName: "localhost"}
}

// netRules are the rules of the network, by area.
func netRules() []area {
	return []area{
		{"connect", connectRules()},
		{"accept", acceptRules()},
		{"stream", streamRules()},
		{"flow", flowRules()},
		{"closing", closingRules()},
		{"reset", resetRules()},
		{"limits", limitRules()},
		{"datagram", datagramRules()},
		{"tls", tlsRules()},
		{"system", slices.Concat(systemRules(), crowdRules())},
	}
}
