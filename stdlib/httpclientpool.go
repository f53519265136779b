package stdlib

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"
)

// Limits of the connections of one VM.
const (
	httpDialTimeout  = 30 * time.Second
	httpTLSTimeout   = 10 * time.Second
	httpIdleTimeout  = 90 * time.Second
	httpIdlePerHost  = 32
	httpMaxHeader    = 1 << 20 // bytes of an answer's head
	httpConnsPerHost = 512     // more requests than this to a host wait for each other
	httpWays         = 32      // ways to connect of which idle connections are kept
)

// httpPool holds the idle connections of one VM, by how they are made. They
// hold no program alive. Any goroutine may use it.
type httpPool struct {
	mu     sync.Mutex
	ways   map[httpDialer]*httpWay // up to httpWays: what was used longest ago makes room
	uses   uint64
	closed bool
}

// httpWay is a way to connect.
type httpWay struct {
	*http.Transport
	used uint64 // uses of the pool at the last one
}

// httpDialer says how connections are made.
type httpDialer struct {
	insecure bool   // no look at the server's certificate
	ca       string // PEM text or a file of it; "" is the system's authorities
	proxy    string // URL; "" is none, "environment" is HTTP_PROXY and the like
	http1    bool   // WebSockets know no HTTP/2
}

func newHTTPPool() *httpPool { return &httpPool{ways: map[httpDialer]*httpWay{}} }

// transport gives the connections made in one way.
func (p *httpPool) transport(d httpDialer) (*http.Transport, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errors.New("the program has ended")
	}
	p.uses++
	if w := p.ways[d]; w != nil {
		w.used = p.uses
		return w.Transport, nil
	}
	t, err := d.transport()
	if err != nil {
		return nil, err
	}
	if len(p.ways) == httpWays {
		p.forgetOne()
	}
	p.ways[d] = &httpWay{t, p.uses}
	return t, nil
}

// forgetOne ends the idle connections of the way used longest ago. Requests under
// way go on; their connections end when they have been idle for httpIdleTimeout.
func (p *httpPool) forgetOne() {
	var oldest httpDialer
	used := p.uses
	for d, w := range p.ways {
		if w.used < used {
			oldest, used = d, w.used
		}
	}
	p.ways[oldest].CloseIdleConnections()
	delete(p.ways, oldest)
}

// close ends the idle connections; those in use end with their requests.
func (p *httpPool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, w := range p.ways {
		w.CloseIdleConnections()
	}
}

func (d httpDialer) transport() (*http.Transport, error) {
	proxy, err := d.proxyFunc()
	if err != nil {
		return nil, err
	}
	secure := &tls.Config{InsecureSkipVerify: d.insecure}
	if d.ca != "" {
		if secure.RootCAs, err = authorities(d.ca); err != nil {
			return nil, err
		}
	}
	t := &http.Transport{
		Proxy:                 proxy,
		DialContext:           (&net.Dialer{Timeout: httpDialTimeout}).DialContext,
		TLSClientConfig:       secure,
		TLSHandshakeTimeout:   httpTLSTimeout,
		IdleConnTimeout:       httpIdleTimeout,
		MaxIdleConnsPerHost:   httpIdlePerHost,
		MaxConnsPerHost:       httpConnsPerHost,
		ExpectContinueTimeout: time.Second,

		MaxResponseHeaderBytes: httpMaxHeader,
		ForceAttemptHTTP2:      !d.http1,
	}
	return t, nil
}

func (d httpDialer) proxyFunc() (func(*http.Request) (*url.URL, error), error) {
	switch d.proxy {
	case "":
		return nil, nil
	case "environment":
		return http.ProxyFromEnvironment, nil
	}
	u, err := url.Parse(d.proxy)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("^proxy is no URL of a proxy: %q", d.proxy)
	}
	return http.ProxyURL(u), nil
}

// authorities are the certificates of a PEM text or file.
func authorities(ca string) (*x509.CertPool, error) {
	pem := []byte(ca)
	if !strings.Contains(ca, "-----BEGIN") {
		var err error
		if pem, err = os.ReadFile(ca); err != nil {
			return nil, fmt.Errorf("^ca: %w", err)
		}
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New("^ca holds no certificate in PEM form")
	}
	return pool, nil
}
