package value

import "unsafe"

// container appends a value that has parts; where it stands inside itself, or
// too deep, `...`.
func (p *Printer) container(dst []byte, v Value, literal bool) []byte {
	if v.Kind() == KindInstance {
		if text, ok := p.ToS[v.P]; ok {
			return append(dst, text...)
		}
	}
	if p.path.Len() >= maxPrintDepth || p.path.Has(v.P) {
		return append(dst, "..."...)
	}
	p.path.Push(v.P)
	switch v.Kind() {
	case KindArray:
		a := v.AsArray()
		dst = appendSeal(dst, &a.Header)
		dst = p.list(append(dst, '['), a.Items, literal, false)
		dst = append(dst, ']')
	case KindMap:
		m := v.AsMap()
		dst = appendSeal(dst, &m.Header)
		dst = p.entries(append(dst, '{'), m, literal, false)
		dst = append(dst, '}')
	case KindHashMap:
		dst = p.hashMap(dst, v.AsHashMap(), literal)
	case KindHashSet:
		dst = append(dst, "(HashSet"...)
		for _, e := range v.AsHashSet().Entries() {
			if e.Key.IsSet() {
				dst = p.append(append(dst, ' '), e.Key, literal)
			}
		}
		dst = append(dst, ')')
	case KindGene:
		dst = p.gene(dst, v.AsGene())
	default:
		dst = p.object(dst, v)
	}
	p.path.Pop()
	return dst
}

func appendSeal(dst []byte, h *Header) []byte {
	if h.Flags&FlagSealed != 0 {
		dst = append(dst, '#')
	}
	return dst
}

// list appends values with blanks between them; lead puts one before the first
// too.
func (p *Printer) list(dst []byte, vs []Value, literal, lead bool) []byte {
	for i, v := range vs {
		if i > 0 || lead {
			dst = append(dst, ' ')
		}
		dst = p.append(dst, v, literal)
	}
	return dst
}

// entries appends ^key value pairs like list.
func (p *Printer) entries(dst []byte, m *Map, literal, lead bool) []byte {
	for _, e := range m.Entries() {
		if e.Key == nil {
			continue
		}
		if lead {
			dst = append(dst, ' ')
		}
		lead = true
		dst = p.entry(dst, e.Key, e.Val, literal)
	}
	return dst
}

func (p *Printer) entry(dst []byte, k *Symbol, v Value, literal bool) []byte {
	dst = append(dst, '^')
	dst = append(dst, k.Name...)
	return p.append(append(dst, ' '), v, literal)
}

func (p *Printer) hashMap(dst []byte, m *HashMap, literal bool) []byte {
	dst = append(appendSeal(dst, &m.Header), "{{"...)
	first := true
	for _, e := range m.Entries() {
		if !e.Key.IsSet() {
			continue
		}
		if !first {
			dst = append(dst, ' ')
		}
		first = false
		dst = p.append(dst, e.Key, literal)
		dst = p.append(append(dst, ' '), e.Val, literal)
	}
	return append(dst, "}}"...)
}

// gene appends an expression; those the reader made of special syntax look as
// they were written.
func (p *Printer) gene(dst []byte, g *Gene) []byte {
	if g.Props.Len() == 0 {
		switch {
		case g.Type == symQuoteValue && len(g.Children) == 1:
			return p.append(append(dst, '`'), g.Children[0], true)
		case g.Type == symInterpValue:
			return p.interpolated(dst, g)
		case g.Type == symHashMapValue:
			dst = append(appendSeal(dst, &g.Header), "{{"...)
			return append(p.list(dst, g.Children, true, false), "}}"...)
		}
	}
	dst = append(appendSeal(dst, &g.Header), '(')
	dst = p.append(dst, g.Type, true)
	dst = p.entries(dst, g.Props, true, true)
	dst = p.list(dst, g.Children, true, true)
	return append(dst, ')')
}

func (p *Printer) interpolated(dst []byte, g *Gene) []byte {
	dst = append(dst, `#"`...)
	for _, v := range g.Children {
		if v.Kind() == KindString {
			dst = append(dst, v.AsString()...)
			continue
		}
		dst = p.append(append(dst, "#{"...), v, true)
		dst = append(dst, '}')
	}
	return append(dst, '"')
}

// object appends the rarer kinds with parts; the parts are literal text.
func (p *Printer) object(dst []byte, v Value) []byte {
	switch v.Kind() {
	case KindEnumValue:
		e := v.AsEnumValue()
		dst = appendVariant(append(dst, '('), e.Variant)
		return append(p.list(dst, e.Payload, true, true), ')')
	case KindInstance:
		return p.instance(dst, v.AsInstance())
	case KindAdapter:
		a := v.AsAdapter()
		dst = append(append(append(dst, '<'), a.Iface.Name...), " of "...)
		return append(p.append(dst, a.Inner, true), '>')
	case KindUnquote:
		u := v.AsUnquote()
		dst = append(dst, '%')
		if u.Discard {
			dst = append(dst, '_')
		}
		return p.append(dst, u.Form, true)
	case KindRange:
		r := v.AsRange()
		dst = p.append(dst, r.From, true)
		dst = p.append(append(dst, ".."...), r.To, true)
		if r.Step.IsSet() && r.Step != Int(1) && !r.Step.IsNil() {
			dst = p.append(append(dst, " step "...), r.Step, true)
		}
		return dst
	}
	dst = append(dst, "@("...)
	for i, s := range v.AsSelector().Segs {
		if i > 0 {
			dst = append(dst, '/')
		}
		dst = p.append(dst, s, s.Kind() != KindString)
	}
	return append(dst, ')')
}

func (p *Printer) instance(dst []byte, i *Instance) []byte {
	if t, ok := i.Data.(Texter); ok {
		return append(dst, t.GeneText()...)
	}
	dst = append(append(dst, '<'), i.Class().Name...)
	if i.Class().IsException {
		if m, ok := i.Get(symMessage); ok {
			dst = p.append(append(dst, ' '), m, true)
		}
		return append(dst, '>')
	}
	for n, k := range i.Shape.Names {
		dst = p.entry(append(dst, ' '), k, i.Slots[n], true)
	}
	return append(dst, '>')
}

// NeedsToS gives the instances, each once and in print order, whose to_s has
// to be called before v can be printed: those that printing would reach and
// whose class has one.
func NeedsToS(v Value, hasToS func(*Class) bool) []*Instance {
	if !hasParts(v) {
		return nil
	}
	w := toSWalk{hasToS: hasToS}
	w.walk(v, 0)
	return w.found
}

// hasParts tells whether printing v prints other values.
func hasParts(v Value) bool {
	switch v.Kind() {
	case KindArray, KindMap, KindHashMap, KindHashSet, KindGene, KindEnumValue,
		KindInstance, KindAdapter, KindUnquote, KindRange, KindSelector:
		return true
	}
	return false
}

type toSWalk struct {
	hasToS func(*Class) bool
	found  []*Instance
	known  Trail // of found
	path   Trail // the containers around
}

func (w *toSWalk) walk(v Value, depth int) {
	if !hasParts(v) || depth >= maxPrintDepth || w.path.Has(v.P) {
		return
	}
	w.path.Push(v.P)
	defer w.path.Pop()
	depth++
	switch v.Kind() {
	case KindArray:
		w.all(v.AsArray().Items, depth)
	case KindMap:
		w.entries(v.AsMap(), depth)
	case KindHashMap:
		w.table(&v.AsHashMap().Table, depth)
	case KindHashSet:
		w.table(&v.AsHashSet().Table, depth)
	case KindGene:
		g := v.AsGene()
		w.walk(g.Type, depth)
		w.entries(g.Props, depth)
		w.all(g.Children, depth)
	case KindEnumValue:
		w.all(v.AsEnumValue().Payload, depth)
	case KindInstance:
		w.instance(v.AsInstance(), depth)
	case KindAdapter:
		w.walk(v.AsAdapter().Inner, depth)
	case KindUnquote:
		w.walk(v.AsUnquote().Form, depth)
	case KindRange:
		w.walk(v.AsRange().From, depth)
		w.walk(v.AsRange().To, depth)
	case KindSelector:
		w.all(v.AsSelector().Segs, depth)
	}
}

func (w *toSWalk) all(vs []Value, depth int) {
	for _, v := range vs {
		w.walk(v, depth)
	}
}

func (w *toSWalk) entries(m *Map, depth int) {
	for _, e := range m.Entries() {
		w.walk(e.Val, depth) // a removed entry's is unset
	}
}

func (w *toSWalk) table(t *Table, depth int) {
	for _, e := range t.Entries() {
		w.walk(e.Key, depth)
		w.walk(e.Val, depth)
	}
}

func (w *toSWalk) instance(i *Instance, depth int) {
	switch _, own := i.Data.(Texter); {
	case w.hasToS(i.Class()):
		if p := unsafe.Pointer(i); !w.known.Has(p) {
			w.known.Push(p)
			w.found = append(w.found, i)
		}
	case own:
	case i.Class().IsException:
		if m, ok := i.Get(symMessage); ok {
			w.walk(m, depth)
		}
	default:
		w.all(i.Slots, depth)
	}
}
