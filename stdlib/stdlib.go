// Package stdlib is what Gene programs call: the functions and methods that
// come with the language. One file holds one namespace or one kind of value.
//
// It imports vm and what is below it, and backends through their interface.
// Natives run on the VM's goroutine; work that may take long goes to the event
// loop and comes back as a completion. State belongs to a VM's library, never
// to the package, so that many VMs can live in one process.
//
// What calls back into Gene code is written in Gene, in prelude.gene: so the
// callback may await, yield and throw like any other code. Names that begin
// with % are the private helpers of the two halves.
package stdlib

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"gene/compiler"
	"gene/value"
	"gene/vm"
)

//go:embed prelude.gene
var prelude []byte

// Short names for what every native mentions.
type (
	// Value is one Gene value.
	Value = value.Value
	// VM is the machine a native runs on.
	VM = vm.VM
)

// library is the library of one VM.
type library struct {
	m     *VM
	ctx   context.Context // ends when the VM is closed
	dir   string          // working directory; "" is the process's
	env   *environment
	stdin *input

	helpers *value.Map // functions of the prelude that natives call
	lazy    lazy       // methods that are compiled when they are first called

	fileReader, parserClass, process *value.Class

	// Of genex/http, once a program has used it.
	http                  *httpPool
	httpResponse, wsClass *value.Class
	feedClass             *value.Class
	pump                  Value // feeds a request with pieces
	httpServers           *httpServers
	actors                *actors
}

// New makes a VM with the whole library.
func New(o vm.Options) (*VM, error) {
	m := vm.New(o)
	ctx, cancel := context.WithCancel(context.Background())
	l := &library{m: m, ctx: ctx}
	m.OnClose(cancel)
	for _, define := range []func(){
		l.defineObject, l.defineNumbers, l.defineStrings, l.defineRegexps,
		l.defineArrays, l.defineMaps, l.defineHashMaps, l.defineHashSets, l.defineGenes,
		l.defineNamespaces, l.defineRanges, l.defineBytes, l.defineSelectors,
		l.defineFunctions, l.defineTemporals, l.defineJSON, l.defineSerdes, l.defineGdat, l.defineEvents, l.defineGenex,
		l.defineOutput, l.defineCore, l.defineFreeze, l.defineReader, l.defineMath, l.defineTime, l.defineStopwatch, l.defineScheduler, l.defineActors,
		l.defineEnvironment, l.defineBase64, l.defineFiles, l.defineAsyncFiles, l.defineDirs,
		l.definePaths, l.defineSystem, l.defineProcesses,
		l.defineArrayOps, l.defineRangeOps, l.defineMapOps, l.defineMathOps, l.defineRandom, l.defineStringOps, l.defineByteOps, l.defineDateOps,
		l.defineFileOps, l.defineFileHandles, l.defineWatch, l.defineSignals, l.defineRun, l.defineNet,
		l.defineLazy,
	} {
		define()
	}
	if err := m.LoadPrelude("prelude.gene", prelude); err != nil {
		return nil, fmt.Errorf("internal error: prelude: %w", err)
	}
	l.ignoreExtra(value.KindNamespace, value.KindArray, value.KindMap)
	l.shareEager()
	return m, nil
}

// ignoreExtra makes the methods of the prelude ignore surplus arguments, as
// natives do.
func (l *library) ignoreExtra(kinds ...value.Kind) {
	for _, kind := range kinds {
		for _, method := range l.m.Class(kind).Methods {
			if method.Kind() == value.KindFunction {
				(*vm.Function)(method.P).Proto.Flags |= compiler.FlagIgnoreExtra
			}
		}
	}
}

// entry is one row of a table of natives.
type entry struct {
	names string // separated by blanks; the first is the one in messages
	doc   string // one sentence of help
	fn    vm.NativeFn
}

// kwEntry is an entry whose native takes keywords.
type kwEntry struct {
	names string
	doc   string
	fn    vm.NativeKwFn
}

// methods adds natives to a class.
func (l *library) methods(c *value.Class, table []entry) {
	for _, e := range table {
		for _, name := range strings.Fields(e.names) {
			n := vm.NewNative(name, e.fn)
			n.Doc = e.doc
			c.Methods[value.Intern(name)] = n.Value()
		}
	}
}

// kwMethods is methods for natives that take keywords.
func (l *library) kwMethods(c *value.Class, table []kwEntry) {
	for _, e := range table {
		for _, name := range strings.Fields(e.names) {
			n := vm.NewNativeKw(name, e.fn)
			n.Doc = e.doc
			c.Methods[value.Intern(name)] = n.Value()
		}
	}
}

// functions binds natives in a namespace.
func (l *library) functions(ns *value.Namespace, table []entry) {
	for _, e := range table {
		for _, name := range strings.Fields(e.names) {
			n := vm.NewNative(name, e.fn)
			n.Doc = e.doc
			ns.Set(value.Intern(name), n.Value())
		}
	}
}

// kwFunctions is functions for natives that take keywords.
func (l *library) kwFunctions(ns *value.Namespace, table []kwEntry) {
	for _, e := range table {
		for _, name := range strings.Fields(e.names) {
			n := vm.NewNativeKw(name, e.fn)
			n.Doc = e.doc
			ns.Set(value.Intern(name), n.Value())
		}
	}
}

// constructor makes a native the constructor of a class; it gets the new
// instance as args[0].
func constructor(c *value.Class, fn vm.NativeKwFn) {
	c.Ctor = vm.NewNativeKw("ctor", fn).Value()
}

// prelude gives a function that the prelude keeps for natives.
func (l *library) prelude(name string) Value {
	v, ok := l.helpers.GetText(name)
	if !ok {
		panic("internal error: the prelude lacks " + name)
	}
	return v
}
