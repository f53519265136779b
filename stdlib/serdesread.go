package stdlib

import (
	"gene/value"
	"gene/vm"
)

// decoder turns data back into values, in two passes: the first finds what the
// references name, for which modules may have to be loaded, and so Gene code to
// run; the second puts it in place.
type decoder struct {
	m     *VM
	refs  []ref // in the order of the text, each once
	found map[ref]Value
}

// ref is a reference as it is written.
type ref struct{ head, path, file string }

func newDecoder(m *VM) *decoder { return &decoder{m: m, found: map[ref]Value{}} }

func (d *decoder) fail(format string, args ...any) error {
	return d.m.Raise(d.m.Errors.Exception, vm.CodeRuntime, "serdes.deserialize: "+format, args...)
}

// decode gives the value of a datum, which it changes.
func (d *decoder) decode(v Value) (Value, error) {
	if err := d.collect(v); err != nil {
		return Value{}, err
	}
	return d.resolve(0, func() (Value, error) { return d.value(v) })
}

// collect finds the references in a datum.
func (d *decoder) collect(v Value) error {
	switch v.Kind() {
	case value.KindArray:
		return d.collectAll(items(v))
	case value.KindMap:
		return d.collectEntries(v.AsMap())
	case value.KindUnquote:
		return d.collect(v.AsUnquote().Form)
	case value.KindGene:
		g := v.AsGene()
		switch head(g) {
		case headClass, headFunction, headEnum, headInstance:
			r, err := d.ref(g)
			if _, known := d.found[r]; err == nil && !known {
				d.found[r] = Value{}
				d.refs = append(d.refs, r)
			}
			return err
		case headPlain:
			if g = d.plain(g); g == nil {
				return d.fail("(%s …) must hold exactly one expression", headPlain)
			}
		}
		if err := d.collect(g.Type); err != nil {
			return err
		}
		if err := d.collectEntries(g.Props); err != nil {
			return err
		}
		return d.collectAll(g.Children)
	}
	return nil
}

func (d *decoder) collectAll(vs []Value) error {
	for _, v := range vs {
		if err := d.collect(v); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) collectEntries(m *value.Map) error {
	for _, e := range m.Entries() {
		if err := d.collect(e.Val); err != nil {
			return err
		}
	}
	return nil
}

// head is the name of an expression's head, "" when it is no symbol.
func head(g *value.Gene) string {
	if g.Type.Kind() != value.KindSymbol {
		return ""
	}
	return g.Type.AsSymbol().Name
}

// plain gives the expression in (Plain …), or nil.
func (d *decoder) plain(g *value.Gene) *value.Gene {
	if len(g.Children) != 1 || g.Children[0].Kind() != value.KindGene {
		return nil
	}
	return g.Children[0].AsGene()
}

// ref reads a reference.
func (d *decoder) ref(g *value.Gene) (ref, error) {
	r := ref{head: head(g)}
	for prop, to := range map[string]*string{"path": &r.path, "module": &r.file} {
		v, ok := g.Props.GetText(prop)
		if !ok {
			continue
		}
		if *to, ok = text(v); !ok {
			return r, d.fail("^%s of %s must be a String, got %s", prop, r.head, value.TypeName(v))
		}
	}
	if r.path == "" {
		return r, d.fail("%s requires ^path", r.head)
	}
	return r, nil
}

// resolve finds the values of the references from i on.
func (d *decoder) resolve(i int, then func() (Value, error)) (Value, error) {
	if i == len(d.refs) {
		return then()
	}
	r := d.refs[i]
	return d.m.FromOrigin(r.path, r.file, func(v Value, ok bool) (Value, error) {
		if !ok || !r.fits(v) {
			return Value{}, d.fail("%s names nothing of its kind: %s%s", r.head, r.path, r.ofModule())
		}
		d.found[r] = v
		return d.resolve(i+1, then)
	})
}

func (r ref) ofModule() string {
	if r.file == "" {
		return ""
	}
	return " of module " + r.file
}

// fits tells whether a value is of the kind that the reference says.
func (r ref) fits(v Value) bool {
	switch k := v.Kind(); r.head {
	case headClass:
		return k == value.KindClass
	case headFunction:
		return k == value.KindFunction || k == value.KindNative
	case headEnum:
		return k == value.KindEnum || k == value.KindVariant
	default:
		return k == value.KindInstance
	}
}

// value puts the values of the references in place.
func (d *decoder) value(v Value) (Value, error) {
	switch v.Kind() {
	case value.KindArray:
		return v, d.all(items(v))
	case value.KindMap:
		return v, d.entries(v.AsMap())
	case value.KindUnquote:
		form, err := d.value(v.AsUnquote().Form)
		v.AsUnquote().Form = form
		return v, err
	case value.KindGene:
		return d.gene(v.AsGene())
	}
	return v, nil
}

func (d *decoder) all(vs []Value) error {
	for i := range vs {
		var err error
		if vs[i], err = d.value(vs[i]); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) entries(m *value.Map) error {
	entries := m.Entries()
	for i := range entries {
		var err error
		if entries[i].Val, err = d.value(entries[i].Val); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) gene(g *value.Gene) (Value, error) {
	switch head(g) {
	case headClass, headFunction, headEnum, headInstance:
		r, err := d.ref(g)
		return d.found[r], err
	case headEnumVal:
		return d.enumValue(g)
	case headPlain:
		g = d.plain(g)
	}
	var err error
	if g.Type, err = d.value(g.Type); err == nil {
		err = d.entries(g.Props)
	}
	if err == nil {
		err = d.all(g.Children)
	}
	return g.Value(), err
}

func (d *decoder) enumValue(g *value.Gene) (Value, error) {
	if len(g.Children) != 2 || g.Children[1].Kind() != value.KindArray {
		return Value{}, d.fail("%s requires an %s and an array", headEnumVal, headEnum)
	}
	v, err := d.value(g.Children[0])
	if err != nil {
		return v, err
	}
	payload := items(g.Children[1])
	if v.Kind() != value.KindVariant || len(v.AsVariant().Fields) != len(payload) || len(payload) == 0 {
		return v, d.fail("%s doesn't fit its variant", headEnumVal)
	}
	if err := d.all(payload); err != nil {
		return v, err
	}
	return value.NewEnumValue(v.AsVariant(), payload...), nil
}
