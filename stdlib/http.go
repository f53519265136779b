package stdlib

import (
	_ "embed"

	"gene/value"
)

//go:embed http.gene
var httpSource []byte

// defineHTTP defines genex/http (13.11): the functions become globals, the
// classes members of gene. What awaits is written in http.gene.
func (l *library) defineHTTP(ns *value.Namespace) error {
	l.defineWebSocket(ns)
	l.defineHTTPClient(ns)
	l.defineHTTPServer(ns)
	return nil
}

// httpClass makes a class that is a member of gene and, for http.gene, of
// genex/http.
func (l *library) httpClass(ns *value.Namespace, name string) *value.Class {
	c := value.NewClass(name, l.m.Object())
	l.m.Namespace("gene").Set(value.Intern(name), c.Value())
	ns.Set(value.Intern(name), c.Value())
	return c
}
