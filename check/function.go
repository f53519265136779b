package check

import (
	"strings"

	"gene/value"
)

// signature is what a function's parameter list says to callers.
type signature struct {
	form      *fnForm // nil for (Fn …)
	params    []param
	min, max  int // positional arguments; without a limit when rest
	rest      bool
	kwRest    bool
	ignore    bool // an empty list takes anything
	top       bool // the compiler refuses too many arguments
	macro     bool
	generator bool
	async     bool
	annotated bool // result is an annotation and no guess from the body
	result    *typ
}

type paramKind uint8

const (
	paramRequired paramKind = iota
	paramOptional
	paramRest
	paramKeyword
	paramKeywordOptional
	paramKeywordRest
)

// param is one parameter.
type param struct {
	name    *value.Symbol // nil for a pattern
	kind    paramKind
	typ     *typ
	def     value.Value // unset when there is no default
	defAt   int         // its index in the list
	pattern value.Value
}

// fnForm is a function form taken apart.
type fnForm struct {
	g       *value.Gene
	name    string
	generic []string
	list    *value.Array // nil for a block's single name
	items   []value.Value
	body    int
	ret     value.Value // unset when unannotated
	retPos  value.Pos
}

// readFn takes (fn name [params] -> T …), with or without the name, apart; nil
// when the compiler refuses it.
func readFn(g *value.Gene) *fnForm {
	f := &fnForm{g: g}
	at := 0
	if len(g.Children) > 0 && g.Children[0].Kind() != value.KindArray {
		at = 1
		switch v := g.Children[0]; v.Kind() {
		case value.KindSymbol:
			f.name, f.generic = splitGeneric(v.AsSymbol().Name)
		case value.KindString:
			f.name = v.AsString()
		case value.KindPath:
			p := v.AsPath().Parts
			f.name = p[len(p)-1]
		default:
			return nil
		}
	}
	if at >= len(g.Children) || g.Children[at].Kind() != value.KindArray {
		return nil
	}
	f.list = g.Children[at].AsArray()
	f.items = f.list.Items
	f.body = at + 1
	if childName(g, f.body) == "->" && f.body+1 < len(g.Children) {
		f.ret, f.retPos = g.Children[f.body+1], kidPos(g, f.body+1)
		f.body += 2
	}
	return f
}

// readBlock takes (x -> …), ([x y] -> …) and (-> …) apart.
func readBlock(g *value.Gene) *fnForm {
	f := &fnForm{g: g}
	if symName(g.Type) == "->" {
		return f
	}
	f.body = 1
	if g.Type.Kind() == value.KindArray {
		f.list = g.Type.AsArray()
		f.items = f.list.Items
	} else {
		f.items = []value.Value{g.Type}
	}
	return f
}

// signature reads a function's parameters and result.
func (c *checker) signature(f *fnForm, method bool) *signature {
	m := c.mark()
	defer c.leave(m)
	c.generics(f)
	s := &signature{
		form:      f,
		macro:     !method && isMacro(value.Sym(f.name)),
		generator: strings.HasSuffix(f.name, "*") && len(f.name) > 1 || truthyProp(f.g, "generator"),
		async:     truthyProp(f.g, "async"),
		ignore:    len(f.items) == 0 && !method,
		annotated: f.ret.IsSet(),
	}
	if len(f.items) > 0 {
		s.params = make([]param, 0, len(f.items))
	}
	for i := 0; i < len(f.items); {
		i = c.param(s, f.items, i)
	}
	if f.ret.IsSet() {
		s.result = c.resolve(f.ret)
	}
	return s
}

// generics makes the generic parameters of a function mean anything.
func (c *checker) generics(f *fnForm) {
	for _, n := range f.generic {
		if n != "" {
			c.unknown(value.Intern(n))
		}
	}
}

// param reads the parameter at i and gives the index behind it.
func (c *checker) param(s *signature, vs []value.Value, i int) (next int) {
	p := param{}
	name := symName(vs[i])
	switch vs[i].Kind() {
	case value.KindPath:
		parts := vs[i].AsPath().Parts
		name = parts[len(parts)-1]
	case value.KindArray, value.KindMap:
		p.pattern = vs[i]
	}
	i++
	if strings.HasPrefix(name, "^") {
		p.kind, name = paramKeyword, strings.TrimLeft(name, "^")
	}
	typed := strings.HasSuffix(name, ":") && len(name) > 1
	name = strings.TrimSuffix(name, ":")
	rest := strings.HasSuffix(name, "...")
	name = strings.TrimSuffix(name, "...")
	if i < len(vs) && symName(vs[i]) == "..." {
		rest = true
		i++
	}
	if typed && i < len(vs) {
		p.typ = c.resolve(vs[i])
		i++
	}
	if i+1 < len(vs) && symName(vs[i]) == "=" {
		p.def, p.defAt = vs[i+1], i+1
		i += 2
	}
	if !p.pattern.IsSet() {
		p.name = value.Intern(name)
	}
	s.add(p, rest)
	return i
}

func (s *signature) add(p param, rest bool) {
	switch {
	case rest && p.kind == paramKeyword:
		p.kind, p.typ, s.kwRest = paramKeywordRest, nil, true
	case rest:
		// The annotation of a rest parameter says what the container is.
		p.kind, p.typ, s.rest = paramRest, nil, true
	case p.kind == paramKeyword && p.def.IsSet():
		p.kind = paramKeywordOptional
	case p.kind == paramKeyword:
	case p.def.IsSet():
		p.kind = paramOptional
		s.max++
	default:
		s.min++
		s.max++
	}
	s.params = append(s.params, p)
}

// function is the function whose body is being checked.
type function struct {
	ret     *boundary // nil when unannotated
	unclear bool      // it has other results than its last value
}

// function checks the body of a function and guesses its result.
func (c *checker) function(f *fnForm, s *signature, method bool) {
	m := c.mark()
	outer, self, inClass := c.fn, c.self, c.inClass
	c.enter(f.g)
	if inClass && !method {
		c.self = nil
	}
	c.inClass = false
	c.generics(f)
	c.params(f, s)
	if s.annotated && s.result != nil && !s.generator && !s.async {
		name := f.name
		if name == "" {
			name = "<unnamed>"
		}
		c.fn.ret = &boundary{want: s.result, place: "fn " + name, convert: true}
	}
	for i, e := range f.g.Props.Entries() {
		if e.Key != nil && e.Key.Name == "pre" {
			c.form(e.Val, propPos(f.g, i), nil)
		}
	}
	isCtor := headName(f.g) == "ctor" && method
	ret := c.fn.ret
	if isCtor || len(f.g.Children) == f.body {
		ret = nil // an empty body gives nil, and a constructor its instance
	}
	t := c.body(f.g.Children[f.body:], func(i int) value.Pos { return kidPos(f.g, f.body+i) }, ret)
	if !s.annotated && !c.fn.unclear && !method && t != nil && t.op != opNever {
		s.result = t
	}
	c.fn, c.self, c.inClass = outer, self, inClass
	c.leave(m)
}

// enter makes the form g the function around.
func (c *checker) enter(g *value.Gene) {
	if c.fn == nil {
		c.outermost = g
	}
	c.fn = &function{}
}

// params binds the parameters and checks their defaults.
func (c *checker) params(f *fnForm, s *signature) {
	for i := range s.params {
		p := &s.params[i]
		if p.def.IsSet() {
			var b *boundary
			if p.typ != nil && p.name != nil {
				b = &boundary{want: p.typ, place: "default of " + p.name.Name, convert: true}
			}
			pos := value.Pos{}
			if f.list != nil {
				pos = c.itemPos(f.list, p.defAt)
			}
			c.form(p.def, pos, b)
		}
		switch {
		case p.pattern.IsSet():
			c.pattern(p.pattern)
		case p.kind == paramRest:
			c.variable(p.name, nil, tArray)
		case p.kind == paramKeywordRest:
			c.variable(p.name, nil, tMap)
		default:
			c.variable(p.name, p.typ, nil)
		}
	}
}

// fnForm checks (fn …) and declares its name.
func (c *checker) fnForm(g *value.Gene) *typ {
	if len(g.Children) > 0 && g.Children[0].Kind() == value.KindSymbol {
		name, _ := splitGeneric(g.Children[0].AsSymbol().Name)
		if b := c.names[value.Intern(name)]; b != nil && b.typ != nil && b.typ.fn != nil && b.typ.fn.form.g == g {
			c.function(b.typ.fn.form, b.typ.fn, false) // declared ahead
			return b.typ
		}
	}
	f := readFn(g)
	if f == nil {
		return nil
	}
	s := c.signature(f, false)
	t := &typ{name: "Function", fn: s}
	if sym := value.Intern(f.name); f.name != "" && g.Children[0].Kind() != value.KindPath {
		b := c.bind(sym, &binding{})
		if !c.facts.assigned[sym] && !c.ambiguous(sym) {
			b.typ = t
		}
	}
	c.function(f, s, false)
	return t
}

// blockForm checks a block written with an arrow.
func (c *checker) blockForm(g *value.Gene) *typ {
	f := readBlock(g)
	s := c.signature(f, false)
	c.function(f, s, false)
	return &typ{name: "Block", fn: s}
}

// task checks the body of (async e), a function without parameters.
func (c *checker) task(g *value.Gene) {
	m := c.mark()
	outer := c.fn
	c.enter(g)
	c.body(g.Children, func(i int) value.Pos { return kidPos(g, i) }, nil)
	c.fn = outer
	c.leave(m)
}
