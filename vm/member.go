package vm

import (
	"strconv"
	"unsafe"

	"gene/compiler"
	"gene/value"
)

// fieldOf reads a field of an instance; exceptions have one that is made on
// demand.
func (vm *VM) fieldOf(i *value.Instance, name *value.Symbol) (value.Value, bool) {
	if v, ok := i.Get(name); ok {
		return v, true
	}
	if name == symLocation {
		if d, ok := i.Data.(*excData); ok && i.Class().IsA(vm.Errors.Exception) {
			return d.location(), true
		}
	}
	return value.Value{}, false
}

// Member is one lookup v/seg of 5.8; seg is a Symbol or an Int. hook is set
// when a namespace has nothing of that name but hooks to ask.
func (vm *VM) Member(v, seg value.Value) (r value.Value, hook bool) {
	switch v.Kind() {
	case value.KindNil:
		return value.Nil, false
	case value.KindArray:
		if seg.IsInt() {
			items := v.AsArray().Items
			i := seg.AsInt()
			if i < 0 {
				i += int64(len(items))
			}
			if i >= 0 && i < int64(len(items)) {
				return items[i], false
			}
		}
		return value.Void, false
	case value.KindGene:
		return geneMember(v.AsGene(), seg), false
	}
	name := segmentName(seg)
	switch v.Kind() {
	case value.KindMap:
		if r, ok := v.AsMap().Get(name); ok {
			return r, false
		}
	case value.KindInstance:
		if r, ok := vm.fieldOf(v.AsInstance(), name); ok {
			return r, false
		}
	case value.KindClass:
		return vm.classMember(v.AsClass(), name)
	case value.KindNamespace:
		n := v.AsNamespace()
		if r, ok := n.Get(name); ok {
			return r, false
		}
		return value.Void, len(n.Hooks) > 0
	case value.KindEnum:
		if r := v.AsEnum().Variant(name); r != nil {
			return r.Value(), false
		}
	case value.KindMatch:
		return matchMember(v.AsMatch(), name.Name), false
	case value.KindAdapter:
		return vm.adapterField(v.AsAdapter(), name), false
	}
	return value.Void, false
}

func (vm *VM) classMember(c *value.Class, name *value.Symbol) (value.Value, bool) {
	hooks := false
	for ; c != nil; c = c.Parent {
		if r, ok := c.Members.Get(name); ok {
			return r, false
		}
		hooks = hooks || len(c.Members.Hooks) > 0
	}
	return value.Void, hooks
}

func geneMember(g *value.Gene, seg value.Value) value.Value {
	if seg.IsInt() {
		i := seg.AsInt()
		if i < 0 {
			i += int64(len(g.Children))
		}
		if i >= 0 && i < int64(len(g.Children)) {
			return g.Children[i]
		}
		return value.Void
	}
	if r, ok := g.Props.Get(seg.AsSymbol()); ok {
		return r
	}
	return value.Void
}

func matchMember(m *value.Match, name string) value.Value {
	switch name {
	case "value":
		return value.Str(m.Text[m.ByteStart:m.ByteEnd])
	case "captures":
		return newArray(m.Captures)
	case "named_captures":
		return m.Named.Clone().Value()
	case "start":
		return value.Int(int64(m.Start))
	case "end":
		return value.Int(int64(m.End))
	case "pre_match":
		return value.Str(m.Text[:m.ByteStart])
	case "post_match":
		return value.Str(m.Text[m.ByteEnd:])
	}
	return value.Void
}

// segmentName gives the name that a segment stands for where keys are names.
func segmentName(seg value.Value) *value.Symbol {
	if seg.IsInt() {
		return value.Intern(strconv.FormatInt(seg.AsInt(), 10))
	}
	return seg.AsSymbol()
}

// memberInto reads v/seg into register d; a namespace's hooks may have to be
// asked first.
func (vm *VM) memberInto(f *frame, d int, v, seg value.Value) error {
	r, hook := vm.Member(v, seg)
	if !hook {
		f.ra[d] = r
		return nil
	}
	r, err := vm.askHooks(v, segmentName(seg), 0)
	return vm.above(d, r, err)
}

// askHooks asks the on_member_missing functions in order; the first result
// that is not nil becomes the member.
func (vm *VM) askHooks(v value.Value, name *value.Symbol, i int) (value.Value, error) {
	ns := namespaceOf(v)
	if i >= len(ns.Hooks) {
		return value.Void, nil
	}
	return vm.Invoke(ns.Hooks[i], []value.Value{value.Str(name.Name)}, func(r value.Value) (value.Value, error) {
		if r.IsNil() || r.IsVoid() {
			return vm.askHooks(v, name, i+1)
		}
		ns.Set(name, r)
		return r, nil
	})
}

// getMemberSite reads a named member and fills the site's cache for instances.
func (vm *VM) getMemberSite(s *compiler.Site, f *frame, d int, v value.Value) error {
	if v.Kind() == value.KindInstance {
		i := v.AsInstance()
		if slot := i.Shape.Slot(s.Name); slot >= 0 {
			s.Shape, s.Slot, s.Next = i.Shape, slot, nil
			f.ra[d] = i.Slots[slot]
			return nil
		}
	}
	if v.Kind() == value.KindNamespace {
		n := v.AsNamespace()
		if c := n.Cell(s.Name); c != nil && c.V.IsSet() {
			s.Owner, s.Target, s.Epoch = v.P, unsafe.Pointer(c), n.Aux
			f.ra[d] = c.V
			return nil
		}
	}
	return vm.memberInto(f, d, v, s.Name.Value())
}

// checkSegment checks the value of a dynamic segment.
func (vm *VM) checkSegment(seg value.Value) error {
	switch seg.Kind() {
	case value.KindInt, value.KindSymbol, value.KindString:
		return nil
	case value.KindNil:
		return vm.Raise(vm.Errors.Exception, CodeRuntime, "Dynamic selector segment cannot be nil")
	case value.KindVoid:
		return vm.Raise(vm.Errors.Exception, CodeRuntime, "Dynamic selector segment cannot be void")
	}
	return vm.Raise(vm.Errors.Exception, CodeRuntime, "Dynamic selector segment must resolve to string, symbol, or int, got %s", value.TypeName(seg))
}

// getDynamic is v/<seg>.
func (vm *VM) getDynamic(f *frame, d int, v, seg value.Value) error {
	if err := vm.checkSegment(seg); err != nil {
		return err
	}
	if seg.Kind() == value.KindString {
		if v.Kind() == value.KindMap { // without interning the key
			r, ok := v.AsMap().GetText(seg.AsString())
			if !ok {
				r = value.Void
			}
			f.ra[d] = r
			return nil
		}
		seg = value.Sym(seg.AsString())
	}
	return vm.memberInto(f, d, v, seg)
}

// getImplicit is v/name where a variable of that name exists: on an array, or a
// map without that key, its value may be the segment (5.8, second rule).
func (vm *VM) getImplicit(s *compiler.Site, f *frame, d int, v, variable value.Value) error {
	use := false
	switch v.Kind() {
	case value.KindArray:
		use = true
	case value.KindMap:
		use = v.AsMap().Find(s.Name) < 0
	}
	if use {
		switch variable.Kind() {
		case value.KindInt, value.KindSymbol, value.KindString:
			return vm.getDynamic(f, d, v, variable)
		}
	}
	return vm.getMemberSite(s, f, d, v)
}

func (vm *VM) assertMember(v value.Value) error {
	switch v.Kind() {
	case value.KindVoid:
		return vm.Raise(vm.Errors.Exception, CodeRuntime, "Selector did not match (VOID)")
	case value.KindNil:
		return vm.Raise(vm.Errors.Exception, CodeRuntime, "Selector matched but value is nil")
	}
	return nil
}

// setMemberSite writes a named member and fills the site's cache for
// instances without a declared type for it.
func (vm *VM) setMemberSite(s *compiler.Site, obj, v value.Value) error {
	if obj.Kind() != value.KindInstance {
		return vm.setMember(obj, s.Name.Value(), v)
	}
	i := obj.AsInstance()
	if i.Class().FindField(s.Name) != nil || i.Flags != 0 {
		return vm.setMember(obj, s.Name.Value(), v)
	}
	s.Shape = i.Shape
	if slot := i.Shape.Slot(s.Name); slot >= 0 {
		s.Slot, s.Next = slot, nil
	} else {
		s.Slot, s.Next = len(i.Slots), i.Shape.With(s.Name)
	}
	i.Set(s.Name, v)
	return nil
}

// setMember is (obj/seg = v).
func (vm *VM) setMember(obj, seg, v value.Value) error {
	switch obj.Kind() {
	case value.KindArray:
		return vm.setElement(obj.AsArray(), seg, v)
	case value.KindGene:
		return vm.setGenePart(obj.AsGene(), seg, v)
	case value.KindNil, value.KindVoid:
		return vm.Raise(vm.Errors.Exception, CodeRuntime, "Cannot set member '%s' on nil (namespace or object doesn't exist)", segmentText(seg))
	}
	name := segmentSymbol(seg)
	switch obj.Kind() {
	case value.KindMap:
		if err := vm.CheckMutable(obj, "set item on"); err != nil {
			return err
		}
		obj.AsMap().Set(name, v)
		return nil
	case value.KindInstance:
		return vm.setField(obj.AsInstance(), name, v)
	case value.KindClass:
		vm.setClassMember(obj.AsClass(), name, v)
		return nil
	case value.KindNamespace:
		obj.AsNamespace().Set(name, v)
		return nil
	case value.KindAdapter:
		return vm.setAdapterField(obj.AsAdapter(), name, v)
	}
	return vm.Raise(vm.Errors.Exception, CodeRuntime, "Cannot set member on value of type: %s", value.TypeName(obj))
}

// setClassMember writes to the class along the chain that has the member, or
// creates it in c.
func (vm *VM) setClassMember(c *value.Class, name *value.Symbol, v value.Value) {
	for k := c; k != nil; k = k.Parent {
		if k.Members.Cell(name) != nil {
			k.Members.Set(name, v)
			return
		}
	}
	c.Members.Set(name, v)
}

func (vm *VM) setField(i *value.Instance, name *value.Symbol, v value.Value) error {
	if fld := i.Class().FindField(name); fld != nil && fld.Type.IsSet() {
		spec := (*compiler.TypeSpec)(fld.Type.P)
		var err error
		if v, err = vm.coerce(spec, v, nil); err != nil {
			return err
		}
	}
	i.Set(name, v)
	return nil
}

func segmentText(seg value.Value) string {
	if seg.Kind() == value.KindString {
		return seg.AsString()
	}
	return segmentName(seg).Name
}

func segmentSymbol(seg value.Value) *value.Symbol {
	if seg.Kind() == value.KindString {
		return value.Intern(seg.AsString())
	}
	return segmentName(seg)
}

func (vm *VM) setElement(a *value.Array, seg, v value.Value) error {
	if !seg.IsInt() {
		return vm.Raise(vm.Errors.Exception, CodeRuntime, "Cannot set named member '%s' on array", segmentText(seg))
	}
	if err := vm.CheckMutable(a.Value(), "set item on"); err != nil {
		return err
	}
	i := seg.AsInt()
	if i < 0 || i >= int64(len(a.Items)) {
		return vm.Raise(vm.Errors.Exception, CodeRuntime, "Array index out of bounds: %d (len=%d)", i, len(a.Items))
	}
	a.Items[i] = v
	return nil
}

func (vm *VM) setGenePart(g *value.Gene, seg, v value.Value) error {
	if !seg.IsInt() {
		if err := vm.CheckMutable(g.Value(), "set property on"); err != nil {
			return err
		}
		if g.Props == nil {
			g.Props = value.NewMap(1)
		}
		g.Props.Set(segmentSymbol(seg), v)
		return nil
	}
	if err := vm.CheckMutable(g.Value(), "set child on"); err != nil {
		return err
	}
	i := seg.AsInt()
	if i < 0 || i >= int64(len(g.Children)) {
		return vm.Raise(vm.Errors.Exception, CodeRuntime, "Gene child index out of bounds: %d (len=%d)", i, len(g.Children))
	}
	g.Children[i] = v
	return nil
}

// sealedNames are the words for sealed collections in messages.
var sealedNames = map[value.Kind]string{
	value.KindArray: "array", value.KindMap: "map", value.KindHashMap: "hash map",
	value.KindHashSet: "hash set", value.KindGene: "gene",
}

// CheckMutable gives the error for changing a sealed or frozen value; what is
// the verb and preposition of its message ("append to").
func (vm *VM) CheckMutable(v value.Value, what string) error {
	switch flags := v.Header().Flags; {
	case flags&value.FlagFrozen != 0:
		return vm.Raise(vm.Errors.Exception, CodeFrozen, "cannot mutate frozen %s", value.TypeName(v))
	case flags&value.FlagSealed != 0:
		return vm.Raise(vm.Errors.Exception, CodeFrozen, "Cannot %s sealed %s", what, sealedNames[v.Kind()])
	}
	return nil
}
