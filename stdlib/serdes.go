package stdlib

import (
	"math"
	"strings"

	"gene/syntax"
	"gene/value"
	"gene/vm"
)

// Values with a name, such as classes and enums, are written as a reference to
// it, an expression with one of these heads. An expression of the program that
// has such a head itself stands in (Plain …).
const (
	headClass    = "ClassRef"
	headFunction = "FunctionRef"
	headEnum     = "EnumRef"
	headEnumVal  = "EnumValue"
	headInstance = "InstanceRef"
	headPlain    = "Plain"
)

// serdesWrapper is the head around every serialised datum.
var serdesWrapper = []string{"gene", "serialization"}

const (
	// maxSerdesDepth leaves room for the wrapper: deeper text can't be read.
	maxSerdesDepth = syntax.MaxDepth - 2
	// maxSerdesParts bounds the text: shared parts are written each time.
	maxSerdesParts = 1 << 25
)

// defineSerdes defines gene/serdes (13.9).
func (l *library) defineSerdes() {
	ns := l.m.Namespace("gene/serdes")
	l.functions(ns, []entry{
		{"serialize", "A value as text that deserialize turns into an equal one.", serialize},
		{"deserialize", "The value of a text that serialize made.", deserialize},
	})
	l.kwFunctions(ns, []kwEntry{
		{"write_tree", "Stores a value in a file, or its entries in a file each.", l.writeTree},
		{"read_tree", "The value that write_tree stored.", l.readTree},
	})
}

func serialize(m *VM, args []Value) (Value, error) {
	if len(args) == 0 {
		return argError(m, "serdes.serialize requires a value")
	}
	s, err := serialized(m, args[0])
	return value.Str(s), err
}

// serialized gives the text of a value.
func serialized(m *VM, v Value) (string, error) {
	w := encoder{m: m}
	d, err := w.encode(v)
	if err != nil {
		return "", err
	}
	return syntax.Source(value.NewGene(value.NewPath(serdesWrapper).Value(), nil, []Value{d}).Value()), nil
}

// encoder turns values into data.
type encoder struct {
	m     *VM
	trail value.Trail // the containers around
	depth int         // of the data around
	parts int
	refs  map[Value]Value // references made so far
}

func (w *encoder) fail(format string, args ...any) error {
	return w.m.Raise(w.m.Errors.Exception, vm.CodeRuntime, format, args...)
}

// encode gives the datum of a value; what is data already stands for itself.
func (w *encoder) encode(v Value) (Value, error) {
	if w.parts++; w.parts > maxSerdesParts {
		return v, w.fail("serdes.serialize: the value has more than %d parts", maxSerdesParts)
	}
	switch k := v.Kind(); k {
	case value.KindNil, value.KindVoid, value.KindBool, value.KindInt, value.KindChar, value.KindString,
		value.KindSymbol, value.KindPath:
		return v, nil
	case value.KindFloat:
		if math.IsNaN(v.AsFloat()) {
			return v, w.fail("Value of kind Float is not serializable: nan has no literal")
		}
		return v, nil
	case value.KindArray, value.KindMap, value.KindGene, value.KindUnquote, value.KindEnumValue:
		return w.container(v)
	case value.KindClass:
		return w.reference(headClass, v)
	case value.KindFunction, value.KindNative:
		return w.reference(headFunction, v)
	case value.KindEnum, value.KindVariant:
		return w.reference(headEnum, v)
	case value.KindInstance:
		return w.reference(headInstance, v)
	}
	return v, w.fail("Value of kind %s is not serializable", value.TypeName(v))
}

// container encodes what has parts.
func (w *encoder) container(v Value) (Value, error) {
	if w.trail.Has(v.P) {
		return v, w.fail("serdes.serialize: a value that contains itself is not serializable")
	}
	w.trail.Push(v.P)
	defer w.trail.Pop()
	levels := 1
	if v.Kind() == value.KindEnumValue {
		levels = 2 // the expression and the array in it
	}
	if w.depth += levels; w.depth > maxSerdesDepth {
		return v, w.fail("serdes.serialize: nested too deeply (limit %d)", maxSerdesDepth)
	}
	defer func() { w.depth -= levels }()
	switch v.Kind() {
	case value.KindArray:
		vs, changed, err := w.list(items(v))
		if err != nil || !changed {
			return v, err
		}
		return sealedLike(v, value.NewArray(vs).Value()), nil
	case value.KindMap:
		m, changed, err := w.entries(v.AsMap())
		if err != nil || !changed {
			return v, err
		}
		return sealedLike(v, m.Value()), nil
	case value.KindUnquote:
		d, err := w.encode(v.AsUnquote().Form)
		return value.NewUnquote(d, v.AsUnquote().Discard).Value(), err
	case value.KindEnumValue:
		return w.enumValue(v.AsEnumValue())
	}
	return w.gene(v)
}

// sealedLike gives a copy the seal of the original.
func sealedLike(v, copied Value) Value {
	copied.Header().Flags |= v.Header().Flags & value.FlagSealed
	return copied
}

// list encodes values; changed tells whether one of them is not its own datum.
func (w *encoder) list(vs []Value) (out []Value, changed bool, err error) {
	for i, v := range vs {
		d, err := w.encode(v)
		if err != nil {
			return nil, false, err
		}
		if d != v && !changed {
			changed = true
			out = clone(vs)
		}
		if changed {
			out[i] = d
		}
	}
	if !changed {
		return vs, false, nil
	}
	return out, true, nil
}

func (w *encoder) entries(m *value.Map) (out *value.Map, changed bool, err error) {
	out = m
	for _, e := range m.Entries() {
		if e.Key == nil {
			continue
		}
		d, err := w.encode(e.Val)
		if err != nil {
			return nil, false, err
		}
		if d != e.Val {
			if !changed {
				changed, out = true, m.Clone()
			}
			out.Set(e.Key, d)
		}
	}
	return out, changed, nil
}

func (w *encoder) gene(v Value) (Value, error) {
	g := v.AsGene()
	plain := special(g)
	if plain {
		w.depth++
		defer func() { w.depth-- }()
	}
	typ, err := w.encode(g.Type)
	if err != nil {
		return v, err
	}
	props, changed, err := w.entries(g.Props)
	if err != nil {
		return v, err
	}
	children, changed2, err := w.list(g.Children)
	if err != nil {
		return v, err
	}
	if changed || changed2 || typ != g.Type {
		v = sealedLike(v, value.NewGene(typ, props, children).Value())
	}
	if plain {
		v = value.NewGene(value.Sym(headPlain), nil, []Value{v}).Value()
	}
	return v, nil
}

// special tells whether an expression would be read as something else.
func special(g *value.Gene) bool {
	if g.Type.Kind() != value.KindSymbol {
		return false
	}
	switch g.Type.AsSymbol().Name {
	case headClass, headFunction, headEnum, headEnumVal, headInstance, headPlain:
		return true
	}
	return false
}

func (w *encoder) enumValue(e *value.EnumValue) (Value, error) {
	ref, err := w.reference(headEnum, e.Variant.Value())
	if err != nil {
		return ref, err
	}
	payload, _, err := w.list(e.Payload)
	return value.NewGene(value.Sym(headEnumVal), nil, []Value{ref, value.NewArray(payload).Value()}).Value(), err
}

// reference makes the reference to a named value.
func (w *encoder) reference(head string, v Value) (Value, error) {
	if r, ok := w.refs[v]; ok {
		return r, nil
	}
	named, rest := v, ""
	if v.Kind() == value.KindVariant {
		named, rest = v.AsVariant().Enum.Value(), "/"+v.AsVariant().Name.Name
	}
	path, file, ok := w.m.Origin(named)
	if !ok {
		if head == headInstance {
			return v, w.fail("Value of kind %s is not serializable: anonymous instances cannot be serialized", value.TypeName(v))
		}
		return v, w.fail("Value of kind %s is not serializable: no canonical module/path origin", value.TypeName(v))
	}
	props := value.NewMap(2)
	props.SetText("path", value.Str(path+rest))
	if file != "" {
		props.SetText("module", value.Str(file))
	}
	r := value.NewGene(value.Sym(head), props, nil).Value()
	if w.refs == nil {
		w.refs = map[Value]Value{}
	}
	w.refs[v] = r
	return r, nil
}

func deserialize(m *VM, args []Value) (Value, error) {
	s, ok := text(arg(args, 0))
	if !ok {
		return argError(m, "serdes.deserialize expects a string")
	}
	return deserialized(m, s)
}

// deserialized gives the value of a text.
func deserialized(m *VM, s string) (Value, error) {
	v, err := syntax.ReadOne(s)
	if err != nil {
		return Value{}, parseError(m, err)
	}
	if v.Kind() != value.KindGene || !isWrapper(v.AsGene().Type) {
		return v, nil
	}
	g := v.AsGene()
	if len(g.Children) != 1 {
		return exception(m, vm.CodeRuntime, "serdes.deserialize: (%s …) must hold exactly one value", strings.Join(serdesWrapper, "/"))
	}
	return newDecoder(m).decode(g.Children[0])
}

func isWrapper(v Value) bool {
	return v.Kind() == value.KindPath && strings.Join(v.AsPath().Parts, "/") == strings.Join(serdesWrapper, "/")
}
