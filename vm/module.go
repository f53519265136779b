package vm

import (
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"gene/compiler"
	"gene/value"
)

// The codes of modules and packages. Their errors also begin with the code, so
// that it can be searched for.
const (
	CodeNoModule      = "GENE.MODULE.NOT_FOUND"
	CodeTwoModules    = "GENE.MODULE.AMBIGUOUS"
	CodeCycle         = "GENE.MODULE.CYCLE"
	CodeUnreadable    = "GENE.MODULE.UNREADABLE"
	CodeExportMissing = "GENE.IMPORT.EXPORT_MISSING"
	CodeNoPackage     = "GENE.PACKAGE.NOT_FOUND"
	CodeTwoPackages   = "GENE.PACKAGE.AMBIGUOUS"
	CodeBoundary      = "GENE.PACKAGE.BOUNDARY"
	CodeLock          = "GENE.PACKAGE.INVALID_LOCK"
	CodeManifest      = "GENE.PACKAGE.INVALID_MANIFEST"
)

// module is what the VM knows of a source file beyond what the compiler needs.
// It is loading from its first import to the end of its body, which may await.
type module struct {
	mod      *compiler.Module
	dir      string // absolute, of the file; imports are relative to it
	key      string // canonical path; "" for a text that is no file
	pkg      *pkg
	loading  bool
	importer *module                // whose import made it load
	exports  map[*value.Symbol]bool // names of the export forms; nil without one
}

// file is how messages name the module.
func (m *module) file() string {
	if m.mod == nil {
		return "command line"
	}
	return m.mod.File
}

// modules are the modules of a VM.
type modules struct {
	*finder
	byPath map[string]*module
	of     map[*compiler.Module]*module
	app    value.Value
}

func (vm *VM) makeModules() {
	vm.modules = modules{
		finder: newFinder(vm.opts.Env, vm.opts.Package),
		byPath: map[string]*module{}, of: map[*compiler.Module]*module{},
	}
	vm.makePackageClasses()
}

// enter registers the module of a program or session before its first text is
// compiled: its package and its place for imports.
func (vm *VM) enter(m *compiler.Module) error {
	ms := &vm.modules
	if ms.of[m] != nil || !m.Main {
		return nil
	}
	ms.relative = !filepath.IsAbs(m.File)
	path := ms.abs(m.File)
	in := &module{mod: m, dir: filepath.Dir(path), loading: true}
	ms.base = in.dir
	if isFile(path) {
		in.key = canonical(path)
		ms.byPath[in.key] = in
	}
	var err error
	if ms.programs != "" {
		in.pkg, err = ms.choose(ms.programs)
	} else {
		in.pkg, err = ms.packageAt(in.dir)
	}
	if err != nil {
		return vm.importFailure(err)
	}
	ms.of[m] = in
	ms.program = in.pkg
	m.Pkg = vm.packageObject(in.pkg)
	return nil
}

// importFailure makes the exception of a failed search.
func (vm *VM) importFailure(err error) error {
	e, ok := err.(*importError)
	if !ok {
		return err
	}
	exc := vm.makeException(vm.Errors.Exception, e.code, e.msg)
	d := data(exc.Instance)
	d.hint = e.hint
	if e.file != "" {
		d.span, d.imported = &syntaxSpan{e.file, e.pos}, true
	}
	return exc
}

// moduleIntrinsic is export and import.
func (vm *VM) moduleIntrinsic(n compiler.Intrinsic, f *frame, a int, args []value.Value) error {
	in := vm.moduleOf((*compiler.Module)(args[0].P))
	if n == compiler.InExport {
		return vm.export(in, args[1].AsArray().Items)
	}
	v, err := vm.importInto(in, args[1].AsArray().Items)
	return vm.above(a, v, err)
}

// moduleOf gives the record of a module. One that was never entered belongs to
// the library or to nothing; it sees files from the working directory.
func (vm *VM) moduleOf(m *compiler.Module) *module {
	ms := &vm.modules
	in := ms.of[m]
	if in == nil {
		in = &module{mod: m, dir: ms.cwd, pkg: ms.pseudo}
		ms.of[m] = in
	}
	return in
}

// export restricts what can be imported to the names of export forms.
func (vm *VM) export(in *module, names []value.Value) error {
	for _, n := range names {
		name := n.AsSymbol()
		if c := in.cell(name); c == nil || !c.V.IsSet() {
			hint := ""
			if s := suggestAmong(name.Name, in.names()); s != "" {
				hint = "did you mean " + s + "?"
			}
			return vm.RaiseHint(vm.Errors.Exception, CodeImport, hint, "Cannot export '%s': value not found", name.Name)
		}
	}
	if in.exports == nil {
		in.exports = map[*value.Symbol]bool{}
	}
	for _, n := range names {
		in.exports[n.AsSymbol()] = true
	}
	return nil
}

// cell gives the cell of a top-level name, importable or not.
func (m *module) cell(name *value.Symbol) *value.Cell {
	if c := m.mod.NS.Cell(name); c != nil {
		return c
	}
	return m.mod.Cells[name]
}

// names are the names at the top level that have a value.
func (m *module) names() []string {
	var out []string
	for s, c := range m.mod.Cells {
		if c.V.IsSet() {
			out = append(out, s.Name)
		}
	}
	return out
}

// importInto does one import form (see compiler.InImport). What is imported
// may have to be loaded first, whose body runs as a call of the importer.
func (vm *VM) importInto(in *module, spec []value.Value) (value.Value, error) {
	items := spec[3].AsArray().Items
	if spec[0].IsNil() && spec[1].IsNil() {
		return vm.loadBuiltins(items, func() (value.Value, error) {
			return value.Nil, vm.bindImports(in, vm.builtinScope(), items)
		})
	}
	path, p, err := vm.locate(in, spec)
	if err != nil {
		return value.Value{}, vm.importFailure(err)
	}
	key := canonical(path)
	switch m := vm.modules.byPath[key]; {
	case m == nil:
		return vm.load(&module{dir: filepath.Dir(path), key: key, pkg: p, loading: true, importer: in}, path, items)
	case m.loading:
		return value.Value{}, vm.importFailure(vm.modules.cycle(in, m))
	default:
		return value.Nil, vm.bindImports(in, m, items)
	}
}

// locate finds the file that an import names, and the package it belongs to.
func (vm *VM) locate(in *module, spec []value.Value) (string, *pkg, error) {
	ms := &vm.modules
	from, dir := "", ""
	if !spec[0].IsNil() {
		from = spec[0].AsString()
	}
	if spec[1].IsNil() {
		path, err := ms.findModule(in, from)
		if err != nil {
			return "", nil, err
		}
		p, err := ms.packageAt(filepath.Dir(path))
		if err == nil && p == ms.pseudo && in.pkg.real() && !within(in.pkg.dir, path) && in.mod.Main {
			p = in.pkg // the program runs inside a package that it was told
		}
		return path, p, err
	}
	if !spec[2].IsNil() {
		if spec[2].Kind() != value.KindString {
			return "", nil, importErrorf(CodeNoPackage, "^path must be a String, got %s", value.TypeName(spec[2]))
		}
		dir = spec[2].AsString()
	}
	p, err := ms.findPackage(in, spec[1].AsString(), dir)
	if err != nil {
		return "", nil, err
	}
	path, err := ms.findInPackage(in, p, from)
	return path, p, err
}

// cycle is the error of an import of a module that is still loading: the way
// from it down to the import.
func (ms *modules) cycle(in, target *module) error {
	way := []string{ms.short(target)}
	for m := in; m != nil && m != target; m = m.importer {
		way = append(way, ms.short(m))
	}
	way = append(way, way[0])
	// The importers were collected from the inside out.
	for i, j := 1, len(way)-2; i < j; i, j = i+1, j-1 {
		way[i], way[j] = way[j], way[i]
	}
	return importErrorf(CodeCycle, "Cyclic import detected: %s", strings.Join(way, " -> "))
}

// short names a module in a cycle as imports do.
func (ms *modules) short(m *module) string {
	name := filepath.Join(m.dir, filepath.Base(m.mod.File))
	if rel, err := filepath.Rel(ms.base, name); err == nil && filepath.IsLocal(rel) {
		name = rel
	}
	return filepath.ToSlash(strings.TrimSuffix(name, ".gene"))
}

// load reads, compiles and runs a module; then its importer's names are bound.
// A module that fails is forgotten, so that a session can mend and import it
// again.
func (vm *VM) load(m *module, path string, items []value.Value) (value.Value, error) {
	ms := &vm.modules
	m.mod = vm.NewModule(ms.show(path), false)
	m.mod.Pkg = vm.packageObject(m.pkg)
	p, err := vm.compileFile(m.mod, path)
	if err != nil {
		return value.Value{}, err
	}
	ms.byPath[m.key], ms.of[m.mod] = m, m
	return vm.InvokeTry(newFunction(p).Value(), nil,
		func(value.Value) (value.Value, error) {
			m.loading = false
			return value.Nil, vm.bindImports(m.importer, m, items)
		},
		func(e *Exception) (value.Value, error) {
			delete(ms.byPath, m.key)
			return value.Value{}, e
		})
}

// compileFile compiles the file of a module. An error in it points there and
// keeps the trace of the imports.
func (vm *VM) compileFile(m *compiler.Module, path string) (*compiler.Proto, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, vm.importFailure(importErrorf(CodeUnreadable, "Module '%s' cannot be read: %v", m.File, osReason(err)))
	}
	var p *compiler.Proto
	if !utf8.Valid(text) {
		err = vm.invalidUTF8(m.File, text)
	} else {
		p, err = vm.compileText(m, string(text), vm.compileOptions())
	}
	if err != nil {
		e := vm.Exception(err)
		data(e.Instance).imported = true
		return nil, e
	}
	if vm.opts.Debug {
		compiler.Disassemble(vm.Err(), p)
	}
	return p, nil
}
