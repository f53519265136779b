package stdlib

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"gene/syntax"
	"gene/value"
)

// Tagged JSON keeps apart what JSON has no kinds for: a string that begins with
// the tag holds one datum in Gene syntax, an object with the key genetype is a
// Gene. Keys are sorted, so that equal values have equal texts.
const (
	geneTag     = "#GENE#"
	geneTypeKey = "genetype"
	childrenKey = "children"

	// exactInt is the largest Int that every reader of JSON keeps exactly.
	exactInt = 1 << 53
)

func serializeJSON(m *VM, args []Value) (Value, error) {
	if len(args) == 0 {
		return argError(m, "json.serialize requires a value")
	}
	w := jsonWriter{m: m, who: "json.serialize"}
	if err := w.tagged(args[0]); err != nil {
		return Value{}, err
	}
	return value.Str(string(w.out)), nil
}

// tagged appends a value as tagged JSON.
func (w *jsonWriter) tagged(v Value) error {
	switch v.Kind() {
	case value.KindNil, value.KindBool:
		return w.value(v)
	case value.KindInt:
		if i := v.AsInt(); i < -exactInt || i > exactInt {
			w.out = appendJSONString(w.out, geneTag+strconv.FormatInt(i, 10))
			return nil
		}
		return w.value(v)
	case value.KindFloat:
		if !finite(v) {
			return w.unsupported("the Float " + value.Print(v))
		}
		return w.value(v)
	case value.KindString:
		s := v.AsString()
		if strings.HasPrefix(s, geneTag) {
			s = geneTag + syntax.Source(v)
		}
		w.out = appendJSONString(w.out, s)
		return nil
	case value.KindSymbol, value.KindPath:
		w.out = appendJSONString(w.out, geneTag+syntax.Source(v))
		return nil
	case value.KindArray, value.KindMap, value.KindGene:
		return w.taggedContainer(v)
	}
	return w.unsupported(value.TypeName(v))
}

func (w *jsonWriter) unsupported(what string) error {
	return jsonError(w.m, "Tagged Gene JSON does not support %s", what)
}

func (w *jsonWriter) taggedContainer(v Value) error {
	switch {
	case w.trail.Has(v.P):
		return w.raise("a value that contains itself has no JSON text")
	case w.trail.Len() >= maxJSONDepth:
		return w.raise("nested too deeply (limit " + strconv.Itoa(maxJSONDepth) + ")")
	case len(w.out) > maxJSONBytes:
		return w.raise("the text is longer than " + strconv.Itoa(maxJSONBytes) + " bytes")
	}
	w.trail.Push(v.P)
	defer w.trail.Pop()
	switch v.Kind() {
	case value.KindArray:
		return w.taggedArray(items(v))
	case value.KindGene:
		return w.taggedGene(v.AsGene())
	}
	if _, ok := v.AsMap().GetText(geneTypeKey); ok {
		return jsonError(w.m, "Tagged Gene JSON cannot serialize a map with key '%s'", geneTypeKey)
	}
	w.out = append(w.out, '{')
	if err := w.taggedEntries(v.AsMap(), false); err != nil {
		return err
	}
	w.out = append(w.out, '}')
	return nil
}

func (w *jsonWriter) taggedArray(vs []Value) error {
	w.out = append(w.out, '[')
	for i, v := range vs {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		if err := w.tagged(v); err != nil {
			return err
		}
	}
	w.out = append(w.out, ']')
	return nil
}

// taggedEntries appends the entries of a map, sorted by their keys; lead puts
// a comma before the first too.
func (w *jsonWriter) taggedEntries(m *value.Map, lead bool) error {
	entries := make([]value.MapEntry, 0, m.Len())
	for _, e := range m.Entries() {
		if e.Key != nil {
			entries = append(entries, e)
		}
	}
	slices.SortFunc(entries, func(a, b value.MapEntry) int { return strings.Compare(a.Key.Name, b.Key.Name) })
	for _, e := range entries {
		if lead {
			w.out = append(w.out, ',')
		}
		lead = true
		w.key(e.Key.Name)
		if err := w.tagged(e.Val); err != nil {
			return err
		}
	}
	return nil
}

func (w *jsonWriter) taggedGene(g *value.Gene) error {
	for _, k := range []string{geneTypeKey, childrenKey} {
		if _, ok := g.Props.GetText(k); ok {
			return jsonError(w.m, "Tagged Gene JSON cannot serialize a Gene with reserved prop '%s'", k)
		}
	}
	w.out = append(w.out, '{')
	w.key(geneTypeKey)
	if err := w.tagged(g.Type); err != nil {
		return err
	}
	if err := w.taggedEntries(g.Props, true); err != nil {
		return err
	}
	w.out = append(w.out, ',')
	w.key(childrenKey)
	if err := w.taggedArray(g.Children); err != nil {
		return err
	}
	w.out = append(w.out, '}')
	return nil
}

func deserializeJSON(m *VM, args []Value) (Value, error) {
	s, ok := text(arg(args, 0))
	if !ok {
		return argError(m, "json.deserialize expects a string")
	}
	v, err := parseOneJSON(m, s)
	if err != nil {
		return Value{}, err
	}
	return untag(m, v)
}

// untag turns what was read as plain JSON into what it stands for, in place.
func untag(m *VM, v Value) (Value, error) {
	switch v.Kind() {
	case value.KindString:
		if s, ok := strings.CutPrefix(v.AsString(), geneTag); ok {
			return oneDatum(m, s)
		}
	case value.KindArray:
		vs := items(v)
		for i := range vs {
			var err error
			if vs[i], err = untag(m, vs[i]); err != nil {
				return Value{}, err
			}
		}
	case value.KindMap:
		return untagMap(m, v.AsMap())
	}
	return v, nil
}

func untagMap(m *VM, t *value.Map) (Value, error) {
	entries := t.Entries()
	for i := range entries {
		var err error
		if entries[i].Val, err = untag(m, entries[i].Val); err != nil {
			return Value{}, err
		}
	}
	typ, ok := t.Delete(value.Intern(geneTypeKey))
	if !ok {
		return t.Value(), nil
	}
	var children []Value
	if c, ok := t.Delete(value.Intern(childrenKey)); ok {
		if c.Kind() != value.KindArray {
			return Value{}, jsonError(m, "Tagged Gene JSON requires 'children' to be an array, got %s", value.TypeName(c))
		}
		children = items(c)
	}
	if t.Len() == 0 {
		t = nil
	}
	return value.NewGene(typ, t, children).Value(), nil
}

// oneDatum reads the text of a tagged string.
func oneDatum(m *VM, s string) (Value, error) {
	r := syntax.NewReader("", s)
	v, _, err := r.Next()
	if err == nil {
		if _, _, err = r.Next(); err == io.EOF {
			return v, nil
		}
	}
	if err == nil || err == io.EOF {
		return Value{}, jsonError(m, "Tagged Gene JSON payload must contain exactly one Gene value")
	}
	return Value{}, parseError(m, err)
}
