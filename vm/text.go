package vm

import (
	"unsafe"

	"gene/value"
)

// literalText is the literal text of v without asking instances for their to_s.
func literalText(v value.Value) string { return value.Literal(v) }

// hasToS tells whether instances of c are asked for their text: c or a parent
// defines to_s in the language.
func hasToS(c *value.Class) bool {
	m, _ := c.Lookup(symToS)
	return isCode(m)
}

// texts renders values, asking instances that define to_s first.
func (vm *VM) texts(vs []value.Value, mode TextMode, then func([]string) (value.Value, error)) (value.Value, error) {
	var asked []*value.Instance
	for _, v := range vs {
		asked = append(asked, value.NeedsToS(v, hasToS)...)
	}
	p := &value.Printer{}
	if len(asked) == 0 {
		return then(render(p, vs, mode))
	}
	vs = append([]value.Value(nil), vs...) // they may be a window
	p.ToS = make(map[unsafe.Pointer]string, len(asked))
	return vm.askToS(asked, p, func() (value.Value, error) { return then(render(p, vs, mode)) })
}

func (vm *VM) askToS(asked []*value.Instance, p *value.Printer, then func() (value.Value, error)) (value.Value, error) {
	for len(asked) > 0 {
		if _, ok := p.ToS[unsafe.Pointer(asked[0])]; !ok {
			break
		}
		asked = asked[1:]
	}
	if len(asked) == 0 {
		return then()
	}
	i := asked[0]
	return vm.InvokeMethod(i.Value(), "to_s", nil, func(r value.Value) (value.Value, error) {
		if r.Kind() != value.KindString {
			return value.Value{}, vm.Raise(vm.Errors.Type, CodeRuntime, "to_s of %s must return a String, got %s", i.Class().Name, value.TypeName(r))
		}
		p.ToS[unsafe.Pointer(i)] = r.AsString()
		return vm.askToS(asked[1:], p, then)
	})
}

func render(p *value.Printer, vs []value.Value, mode TextMode) []string {
	out := make([]string, len(vs))
	var buf []byte
	for i, v := range vs {
		buf = buf[:0]
		switch mode {
		case TextPrint:
			buf = p.AppendPrint(buf, v)
		case TextLiteral:
			buf = p.AppendLiteral(buf, v)
		case TextToS:
			buf = p.AppendToS(buf, v)
		case TextInterp:
			buf = p.AppendInterp(buf, v)
		}
		out[i] = string(buf)
	}
	return out
}

// interpolate is the instruction of #"…": the pieces joined.
func (vm *VM) interpolate(f *frame, a int, vs []value.Value) error {
	for _, v := range vs {
		if len(value.NeedsToS(v, hasToS)) > 0 {
			r, err := vm.texts(vs, TextInterp, func(ts []string) (value.Value, error) { return joined(ts), nil })
			return vm.above(a, r, err)
		}
	}
	var few [128]byte
	buf := few[:0]
	var p value.Printer
	for _, v := range vs {
		if v.Kind() == value.KindString {
			buf = append(buf, v.AsString()...)
		} else {
			buf = p.AppendInterp(buf, v)
		}
	}
	f.ra[a] = value.Str(string(buf))
	return nil
}

func joined(ts []string) value.Value {
	n := 0
	for _, t := range ts {
		n += len(t)
	}
	buf := make([]byte, 0, n)
	for _, t := range ts {
		buf = append(buf, t...)
	}
	return value.Str(string(buf))
}
