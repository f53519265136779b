package vm

import "gene/value"

// handle is the Go side of $pkg and $app, which print by their names.
type handle struct {
	pkg  *pkg
	text string
}

// GeneText gives the printed form.
func (h *handle) GeneText() string { return h.text }

// makePackageClasses makes the classes Package and Application, and $app.
func (vm *VM) makePackageClasses() {
	c := vm.NewClass("Package", nil)
	for _, m := range []struct {
		name, doc string
		get       func(p *pkg) string
	}{
		{"name", "The package's name.", func(p *pkg) string { return p.name }},
		{"version", "The version in its manifest, or nil.", func(p *pkg) string { return p.version }},
		{"license", "The license in its manifest, or nil.", func(p *pkg) string { return p.license }},
		{"homepage", "The homepage in its manifest, or nil.", func(p *pkg) string { return p.homepage }},
		{"dir", "Its directory, or nil for code that belongs to no package.", func(p *pkg) string { return p.dir }},
		{"source_dir", "Where its modules are, relative to its directory.", func(p *pkg) string { return p.sourceDir }},
		{"main_module", "The module that an import of the package alone gives.", func(p *pkg) string { return p.mainModule }},
		{"test_dir", "Where its tests are, relative to its directory.", func(p *pkg) string { return p.testDir }},
	} {
		get := m.get
		vm.documented(c, m.name, m.doc, func(_ *VM, args []value.Value) (value.Value, error) {
			return textOrNil(get(handleOf(args[0]).pkg)), nil
		})
	}
	vm.packageClass = c
	app := vm.NewClass("Application", nil)
	vm.documented(app, "pkg", "The package of the started program.", func(vm *VM, _ []value.Value) (value.Value, error) {
		return vm.packageObject(vm.modules.program), nil
	})
	i := value.NewInstance(app)
	i.Data = &handle{text: "<application>"}
	vm.Dollar.Set(value.Intern("app"), i.Value())
}

func (vm *VM) documented(c *value.Class, name, doc string, fn NativeFn) {
	n := NewNative(name, fn)
	n.Doc = doc
	c.Methods[value.Intern(name)] = n.Value()
	vm.epoch++
}

// handleOf gives the Go side of a package; an instance that a program made
// itself stands for no package.
func handleOf(v value.Value) *handle {
	if h, ok := v.AsInstance().Data.(*handle); ok && h.pkg != nil {
		return h
	}
	return &handle{pkg: &pkg{}}
}

func textOrNil(s string) value.Value {
	if s == "" {
		return value.Nil
	}
	return value.Str(s)
}

// packageObject gives the value of a package, one for each.
func (vm *VM) packageObject(p *pkg) value.Value {
	if p.object == nil {
		p.object = value.NewInstance(vm.packageClass)
		p.object.Data = &handle{p, "<package " + p.title() + ">"}
	}
	return p.object.Value()
}

// title names a package in print: one without a name by its directory.
func (p *pkg) title() string {
	if p.name == "" {
		return p.dir
	}
	return p.name
}
