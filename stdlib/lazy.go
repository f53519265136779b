package stdlib

import (
	_ "embed"
	"fmt"
	"strings"

	"gene/compiler"
	"gene/value"
	"gene/vm"
)

// The methods of more.gene are compiled when a program first calls one of
// them, because compiling them all would cost every start some milliseconds.
// Until then each of their names is bound to a stub, which loads the source and
// calls the method again.

//go:embed more.gene
var moreSource []byte

// moreName is where the source is kept once it is loaded; no program can write it.
const moreName = "%more"

// lazy is the stubs of one VM.
type lazy struct {
	stubs  []stub
	shares []share
	loaded bool
}

// stub stands for a method that is still to be loaded.
type stub struct {
	class *value.Class
	name  *value.Symbol
	value Value
}

// share says that a class gets the methods of another that are named; they
// work on whatever can be iterated.
type share struct {
	from, to value.Kind
	names    string
}

// What works on anything that can be iterated: part of it is in the prelude.
const (
	sharedEager = "map filter reduce each find any all"
	sharedLazy  = "reject partition group_by each_with_index map_with_index flat_map count_if find_index none " +
		"take_while skip_while zip_with sum_by uniq_by sort_by min_by max_by select"
)

var lazyMethods = []struct {
	kind  value.Kind
	names string
}{
	{value.KindArray, "select reject group_by partition each_with_index map_with_index flat_map count_if find_index none " +
		"take_while skip_while zip_with sum_by uniq_by sort_by min_by max_by to_map_by remove_if %count_equal"},
	{value.KindMap, "select reject any all none find count_if update map_keys map_values merge_with partition group_by " +
		"flat_map sort_by min_by max_by sum_by %to_array"},
	{value.KindHashMap, "each map filter select reject reduce any all none find count_if update map_keys map_values " +
		"merge_with partition sort_by group_by min_by max_by sum_by"},
	{value.KindHashSet, "filter select reject"},
	{value.KindInt, "times up_to down_to"},
	{value.KindString, "each_line"},
	{value.KindGenerator, generatorMethods},
}

const generatorMethods = "map filter select reject take skip take_while skip_while zip flat_map with_index chunk " +
	"concat uniq to_array first each reduce find any all count sum join"

// lazyDocs is the help of what is loaded late, by name.
var lazyDocs = map[string]string{
	"select": "The elements for which the callback is true.", "reject": "The elements for which the callback is false.",
	"group_by":        "A hash map from what the callback gives to the elements for which it gives that.",
	"partition":       "Two collections: the elements for which the callback is true, and the others.",
	"each_with_index": "Calls the callback with each element and its index.",
	"map_with_index":  "What the callback makes of each element and its index.",
	"flat_map":        "What the callback gives for each element, arrays being spread.",
	"count_if":        "How many elements the callback is true for.", "find_index": "The index of the first element for which the callback is true, or -1.",
	"none": "Whether the callback is true for no element.", "take_while": "The elements before the first for which the callback is false.",
	"skip_while": "The elements from the first on for which the callback is false.",
	"zip_with":   "What the callback makes of the elements of two collections, pair by pair.",
	"sum_by":     "The sum of what the callback gives for each element.", "uniq_by": "The elements for which the callback gives something new.",
	"sort_by": "The elements in the order of what the callback gives for each.",
	"min_by":  "The element for which the callback gives the least.", "max_by": "The element for which the callback gives the greatest.",
	"to_map_by": "A map from what the callback gives to the elements.", "remove_if": "Removes the elements for which the callback is true and gives them.",
	"any": "Whether the callback is true for some entry.", "all": "Whether the callback is true for all entries.",
	"find": "The first element for which the callback is true, or nil.", "update": "Replaces the value of a key by what the callback makes of it.",
	"map_keys": "The entries with what the callback makes of the keys.", "map_values": "The entries with what the callback makes of the values.",
	"merge_with": "Adds the entries of another map; the callback settles those that both have.",
	"to_array":   "The elements as an array.", "times": "Calls the callback with 0, 1 … as often as the number says.",
	"up_to": "Calls the callback with each Int up to another.", "down_to": "Calls the callback with each Int down to another.",
	"each_line": "Calls the callback with each line.", "map": "What the callback makes of each element.",
	"filter": "The elements for which the callback is true.", "each": "Calls the callback with each element.",
	"reduce": "What the callback makes of a start value and each element.", "take": "The first elements.", "skip": "All but the first elements.",
	"zip": "Pairs of the elements of two sources.", "with_index": "Pairs of element and index.", "chunk": "Arrays of so many elements each.",
	"concat": "The elements of both sources.", "uniq": "The elements without repetitions.", "first": "The first element, or an array of the first ones.",
	"count": "How many elements there are.", "sum": "The sum of the elements.", "join": "The texts of the elements with a separator between them.",
}

// defineLazy binds the stubs, and the natives that more.gene calls.
func (l *library) defineLazy() {
	l.m.RegisterBuiltin(moreName, vm.Builtin{Source: moreSource, Name: "more.gene"})
	l.lazy.shares = []share{
		{value.KindArray, value.KindRange, sharedLazy},
		{value.KindArray, value.KindHashSet, strings.TrimSuffix(strings.ReplaceAll(sharedLazy, "reject ", ""), " select")},
		{value.KindGenerator, value.KindIterator, generatorMethods},
	}
	for _, e := range lazyMethods {
		l.stubsFor(e.kind, e.names)
	}
	for _, s := range l.lazy.shares {
		l.stubsFor(s.to, s.names)
	}
	l.defineLazyHelpers()
}

func (l *library) stubsFor(kind value.Kind, names string) {
	c := l.m.Class(kind)
	for _, name := range strings.Fields(names) {
		n := vm.NewNative(name, l.loadAndCall(name))
		n.Doc = lazyDocs[name]
		s := stub{c, value.Intern(name), n.Value()}
		c.Methods[s.name] = s.value
		l.lazy.stubs = append(l.lazy.stubs, s)
	}
}

// loadAndCall is a stub: it loads the source and calls the method that is there
// then.
func (l *library) loadAndCall(name string) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		recv, rest := args[0], clone(args[1:])
		return l.loadMore(func() (Value, error) { return m.InvokeMethod(recv, name, rest, nil) })
	}
}

// loadMore loads more.gene, unless it is there. Methods that the program has
// put in the place of stubs stay.
func (l *library) loadMore(then func() (Value, error)) (Value, error) {
	if l.lazy.loaded {
		return then()
	}
	var own []stub
	for _, s := range l.lazy.stubs {
		if now := s.class.Methods[s.name]; !now.Same(s.value) {
			own = append(own, stub{s.class, s.name, now})
		}
	}
	return l.m.ResolvePath([]string{moreName}, func(v Value, ok bool) (Value, error) {
		if !ok {
			return Value{}, fmt.Errorf("internal error: more.gene can't be loaded")
		}
		l.install(own)
		return then()
	})
}

// install completes the tables of methods once the source has run.
func (l *library) install(own []stub) {
	if l.lazy.loaded {
		return
	}
	l.lazy.loaded = true
	for _, s := range l.lazy.shares {
		l.shareMethods(s)
	}
	for _, s := range l.lazy.stubs {
		if method := s.class.Methods[s.name]; method.Kind() == value.KindFunction {
			(*vm.Function)(method.P).Proto.Flags |= compiler.FlagIgnoreExtra
		}
	}
	for _, s := range own {
		s.class.Methods[s.name] = s.value
	}
	l.lazy.stubs, l.lazy.shares = nil, nil
}

// shareMethods gives a class the methods of another.
func (l *library) shareMethods(s share) {
	from, to := l.m.Class(s.from), l.m.Class(s.to)
	for _, name := range strings.Fields(s.names) {
		k := value.Intern(name)
		if method, ok := from.Methods[k]; ok {
			to.Methods[k] = method
		}
	}
}

// shareEager gives ranges and sets what the prelude defines for arrays. A set's
// filter gives a set, so it isn't an array's.
func (l *library) shareEager() {
	l.shareMethods(share{value.KindArray, value.KindRange, sharedEager})
	l.shareMethods(share{value.KindArray, value.KindHashSet, strings.Replace(sharedEager, " filter", "", 1)})
}
