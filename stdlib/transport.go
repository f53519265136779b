package stdlib

import "gene/value"

// courier copies a value for another actor. Like the freezer it works with a
// list instead of recursion; parts that are shared, or contain themselves, are
// so in the copy too.
type courier struct {
	copies map[Value]Value
	todo   []func() // fills a copy with its parts
	// refused is a part that can't travel, unset when there is none.
	refused Value
}

// transport gives what arrives when v is sent: frozen values as they are,
// ordinary data as a deep copy.
func (s *actors) transport(v Value) (Value, error) {
	c := &courier{copies: map[Value]Value{}}
	out := c.carry(v)
	for len(c.todo) > 0 && !c.refused.IsSet() {
		fill := c.todo[len(c.todo)-1]
		c.todo = c.todo[:len(c.todo)-1]
		fill()
	}
	if c.refused.IsSet() {
		return Value{}, s.l.m.ArgError("Actor messages cannot transport %s; only primitives, deep-frozen/shared graphs, "+
			"frozen closures, and mutable ordinary data are allowed", value.TypeName(c.refused))
	}
	return out, nil
}

// carry gives what stands for v in the copy.
func (c *courier) carry(v Value) Value {
	switch v.Kind() {
	case value.KindNil, value.KindVoid, value.KindNotFound, value.KindBool, value.KindInt, value.KindFloat,
		value.KindChar, value.KindSymbol, value.KindPath, value.KindString, value.KindBytes, value.KindNative,
		value.KindDate, value.KindDateTime, value.KindTime, value.KindRegexp, value.KindMatch,
		value.KindEnum, value.KindVariant, value.KindType:
		return v
	case value.KindInstance:
		if _, ok := v.AsInstance().Data.(*actor); ok {
			return v
		}
	case value.KindArray, value.KindMap, value.KindGene, value.KindRange, value.KindEnumValue,
		value.KindSelector, value.KindUnquote:
		return c.copied(v)
	case value.KindHashMap, value.KindFunction, value.KindBlock:
		if isFrozen(v) {
			return v
		}
	}
	if !c.refused.IsSet() {
		c.refused = v
	}
	return v
}

func isFrozen(v Value) bool { return v.Header().Flags&value.FlagFrozen != 0 }

// copied gives the copy of a value with parts; the parts are copied later.
func (c *courier) copied(v Value) Value {
	if isFrozen(v) {
		return v
	}
	if out, ok := c.copies[v]; ok {
		return out
	}
	out := c.shell(v)
	out.Header().Flags |= v.Header().Flags & value.FlagSealed
	c.copies[v] = out
	return out
}

// shell makes a copy without parts and notes how to fill it.
func (c *courier) shell(v Value) Value {
	switch v.Kind() {
	case value.KindMap:
		to := value.NewMap(v.AsMap().Len())
		c.later(func() { c.entries(to, v.AsMap()) })
		return to.Value()
	case value.KindGene:
		from := v.AsGene()
		to := value.NewGene(from.Type, nil, nil)
		to.Loc = from.Loc
		c.later(func() { c.gene(to, from) })
		return to.Value()
	case value.KindRange:
		from := v.AsRange()
		to := value.NewRange(from.From, from.To, from.Step)
		c.later(func() { to.From, to.To, to.Step = c.carry(from.From), c.carry(from.To), c.carry(from.Step) })
		return to.Value()
	case value.KindEnumValue:
		from := v.AsEnumValue()
		out := value.NewEnumValue(from.Variant)
		c.later(func() { out.AsEnumValue().Payload = c.list(from.Payload) })
		return out
	case value.KindSelector:
		to := value.NewSelector(nil)
		c.later(func() { to.Segs = c.list(v.AsSelector().Segs) })
		return to.Value()
	case value.KindUnquote:
		from := v.AsUnquote()
		to := value.NewUnquote(from.Form, from.Discard)
		c.later(func() { to.Form = c.carry(from.Form) })
		return to.Value()
	}
	to := value.NewArray(nil)
	c.later(func() { to.Items = c.list(items(v)) })
	return to.Value()
}

func (c *courier) later(fill func()) { c.todo = append(c.todo, fill) }

func (c *courier) list(vs []Value) []Value {
	if len(vs) == 0 {
		return nil
	}
	out := make([]Value, len(vs))
	for i, v := range vs {
		out[i] = c.carry(v)
	}
	return out
}

func (c *courier) entries(to, from *value.Map) {
	for _, e := range from.Entries() {
		if e.Key != nil {
			to.Set(e.Key, c.carry(e.Val))
		}
	}
}

func (c *courier) gene(to, from *value.Gene) {
	to.Type = c.carry(from.Type)
	if from.Props != nil {
		to.Props = value.NewMap(from.Props.Len())
		c.entries(to.Props, from.Props)
	}
	to.Children = c.list(from.Children)
}
