package stdlib

import (
	"context"
	"slices"
	"sync"

	"gene/value"
	"gene/vm"
)

// Extension is a namespace of genex that lives in a Go package of its own, so that
// only programs which link it pay for what it imports. Like all of genex it is
// made when a program first uses it.
type Extension struct {
	Name   string // genex/Name
	Load   func(h *Host, ns *value.Namespace) error
	Source []byte // the part written in Gene; it sees what Load has defined
}

// registry is written by the init functions of the extensions' packages and only
// read afterwards; the lock is for programs that register late.
var registry struct {
	sync.Mutex
	extensions []Extension
}

// Register adds an extension to the machines made from now on. Its package calls
// it from init; a second registration under one name panics.
func Register(e Extension) {
	registry.Lock()
	defer registry.Unlock()
	for _, old := range registry.extensions {
		if old.Name == e.Name {
			panic("internal error: genex/" + e.Name + " is registered twice")
		}
	}
	registry.extensions = append(registry.extensions, e)
}

func extensions() []Extension {
	registry.Lock()
	defer registry.Unlock()
	return slices.Clone(registry.extensions)
}

// Word gives the text of a String or Symbol, which are interchangeable as names.
func Word(v Value) (string, bool) { return name(v) }

// Host is what an extension sees of the library of the machine it is loaded into.
type Host struct{ l *library }

// VM is the machine.
func (h *Host) VM() *vm.VM { return h.l.m }

// Context ends when the machine is closed.
func (h *Host) Context() context.Context { return h.l.ctx }

// Path is a path of the program as the process has to open it: relative ones
// begin in the program's working directory.
func (h *Host) Path(p string) string { return h.l.path(p) }

// Native is one row of a table of natives.
type Native struct {
	Names string // separated by blanks
	Doc   string // one sentence of help
	Fn    vm.NativeKwFn
}

// Functions binds natives in a namespace.
func (h *Host) Functions(ns *value.Namespace, table []Native) {
	for _, n := range table {
		h.l.kwFunctions(ns, []kwEntry{{n.Names, n.Doc, n.Fn}})
	}
}

// Methods adds natives to a class.
func (h *Host) Methods(c *value.Class, table []Native) {
	for _, n := range table {
		h.l.kwMethods(c, []kwEntry{{n.Names, n.Doc, n.Fn}})
	}
}
