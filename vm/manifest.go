package vm

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"gene/syntax"
	"gene/value"
)

// Names of the files that make a directory a package.
const (
	manifestFile = "package.gene"
	lockFile     = "package.gene.lock"
)

// manifestMax bounds a manifest or lock file, in bytes: people write these.
const manifestMax = 1 << 20

// pkg is a package: a directory with a manifest. The pseudo-package of code
// that belongs to none has no directory.
type pkg struct {
	name, version, license, homepage string
	dir                              string // absolute; "" for the pseudo-package
	sourceDir, mainModule, testDir   string
	deps                             map[string]dependency
	locked                           map[string][]dependency // of the lock file, once read
	lockRead                         bool
	object                           *value.Instance // what $pkg gives
}

// dependency is one package that another needs: a $dep of a manifest, or an
// entry of a lock file.
type dependency struct {
	version string
	dir     string // absolute, or "" when only the version is known
	pos     value.Pos
}

// real tells whether p is a directory and not the pseudo-package.
func (p *pkg) real() bool { return p != nil && p.dir != "" }

// newPkg makes a package with the defaults of 8.5.
func newPkg(name, dir string) *pkg {
	return &pkg{name: name, dir: dir, sourceDir: "src", mainModule: "index", testDir: "tests"}
}

// importError is a failure to find or understand a module or package. With a
// file it points there, else at the import.
type importError struct {
	code, msg, hint string
	file            string
	pos             value.Pos
	parse           bool // the file is no Gene text
}

// Error gives the message.
func (e *importError) Error() string {
	if e.file == "" {
		return e.msg
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.file, e.pos.Line, e.pos.Col, e.msg)
}

func importErrorf(code, format string, args ...any) *importError {
	return &importError{code: code, msg: "[" + code + "] " + fmt.Sprintf(format, args...)}
}

// at makes the error point into a file.
func (e *importError) at(file string, pos value.Pos) *importError {
	e.file, e.pos = file, pos
	return e
}

// manifestReader reads the properties of a manifest or lock file.
type manifestReader struct {
	file string // as messages name it
	code string // of what is wrong with it
	locs *syntax.File
}

// property is one ^key of a manifest.
type property struct {
	key string
	val value.Value
	pos value.Pos
}

func (r *manifestReader) errorf(pos value.Pos, format string, args ...any) error {
	return importErrorf(r.code, format, args...).at(r.file, pos)
}

// read gives the properties of a file: flat pairs, or one map.
func (r *manifestReader) read(path string) ([]property, error) {
	start := value.Pos{Line: 1, Col: 1}
	info, err := os.Stat(path)
	if err != nil {
		return nil, r.errorf(start, "cannot be read: %v", osReason(err))
	}
	if !info.Mode().IsRegular() || info.Size() > manifestMax {
		return nil, r.errorf(start, "is no file of at most %d bytes", manifestMax)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, r.errorf(start, "cannot be read: %v", osReason(err))
	}
	if !utf8.Valid(text) {
		return nil, r.errorf(start, "is not UTF-8 text")
	}
	f, errs := syntax.Read(r.file, string(text))
	if len(errs) > 0 {
		return nil, &importError{code: r.code, msg: "[" + r.code + "] " + errs[0].Msg, hint: errs[0].Hint, file: r.file, pos: errs[0].Pos}
	}
	r.locs = f
	if len(f.Forms) == 1 && f.Forms[0].Kind() == value.KindMap {
		return r.fromMap(f.Forms[0], f.Pos[0])
	}
	return r.fromPairs(f)
}

func (r *manifestReader) fromMap(m value.Value, pos value.Pos) ([]property, error) {
	var out []property
	for _, e := range m.AsMap().Entries() {
		if e.Key != nil {
			out = append(out, property{e.Key.Name, e.Val, r.posOf(e.Val, pos)})
		}
	}
	return out, nil
}

func (r *manifestReader) fromPairs(f *syntax.File) ([]property, error) {
	var out []property
	seen := map[string]bool{}
	for i := 0; i < len(f.Forms); i += 2 {
		key, ok := propertyKey(f.Forms[i])
		switch {
		case !ok:
			return nil, r.errorf(f.Pos[i], "expected a property such as ^name, got %s", value.Literal(f.Forms[i]))
		case seen[key]:
			return nil, r.errorf(f.Pos[i], "^%s stands here for the second time", key)
		case i+1 == len(f.Forms):
			return nil, r.errorf(f.Pos[i], "^%s has no value", key)
		}
		if _, isKey := propertyKey(f.Forms[i+1]); isKey {
			return nil, r.errorf(f.Pos[i], "^%s has no value", key)
		}
		seen[key] = true
		out = append(out, property{key, f.Forms[i+1], f.Pos[i+1]})
	}
	return out, nil
}

// propertyKey gives the name of a flat property, which reads as a symbol.
func propertyKey(v value.Value) (string, bool) {
	if v.Kind() != value.KindSymbol {
		return "", false
	}
	key, ok := strings.CutPrefix(v.AsSymbol().Name, "^")
	return key, ok && key != ""
}

// posOf gives the place of a value, or of what it stands in.
func (r *manifestReader) posOf(v value.Value, outer value.Pos) value.Pos {
	if v.Kind() == value.KindGene {
		if l := v.AsGene().Loc; l != nil && l.Pos.Line != 0 {
			return l.Pos
		}
	} else if l := r.locs.Locs[v.P]; l != nil && l.Pos.Line != 0 {
		return l.Pos
	}
	return outer
}

func (r *manifestReader) text(p property) (string, error) {
	if p.val.Kind() != value.KindString {
		return "", r.errorf(p.pos, "^%s must be a String, got %s", p.key, value.TypeName(p.val))
	}
	return p.val.AsString(), nil
}

// readManifest reads the manifest of the directory dir; shown is the name that
// messages give the file.
func readManifest(dir, shown string) (*pkg, error) {
	r := &manifestReader{file: shown, code: CodeManifest}
	props, err := r.read(filepath.Join(dir, manifestFile))
	if err != nil {
		return nil, err
	}
	p := newPkg("", dir)
	for _, prop := range props {
		if err := r.property(p, prop); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (r *manifestReader) property(p *pkg, prop property) (err error) {
	set := func(to *string) { *to, err = r.text(prop) }
	switch prop.key {
	case "name":
		if set(&p.name); err == nil && !validPackageName(p.name) {
			err = r.errorf(prop.pos, "%s", badPackageName(p.name))
		}
	case "version":
		set(&p.version)
	case "license":
		set(&p.license)
	case "homepage":
		set(&p.homepage)
	case "main-module":
		if set(&p.mainModule); err == nil && (p.mainModule == "" || !filepath.IsLocal(p.mainModule)) {
			err = r.errorf(prop.pos, "^main-module must name a module inside the package, got %q", p.mainModule)
		}
	case "source-dir":
		err = r.directory(prop, &p.sourceDir)
	case "test-dir":
		err = r.directory(prop, &p.testDir)
	case "globals":
		if prop.val.Kind() != value.KindArray {
			err = r.errorf(prop.pos, "^globals must be an Array, got %s", value.TypeName(prop.val))
		}
	case "dependencies":
		p.deps, err = r.dependencies(p.dir, prop)
	}
	return err
}

func (r *manifestReader) directory(p property, to *string) error {
	s, err := r.text(p)
	if err != nil {
		return err
	}
	if !filepath.IsLocal(s) {
		return r.errorf(p.pos, "^%s must be a directory inside the package, got %q", p.key, s)
	}
	*to = s
	return nil
}

// dependencies reads the $dep forms of a manifest.
func (r *manifestReader) dependencies(dir string, p property) (map[string]dependency, error) {
	if p.val.Kind() != value.KindArray {
		return nil, r.errorf(p.pos, "^dependencies must be an Array, got %s", value.TypeName(p.val))
	}
	deps := map[string]dependency{}
	for _, v := range p.val.AsArray().Items {
		pos := r.posOf(v, p.pos)
		name, d, err := r.dependency(dir, v, pos)
		if err != nil {
			return nil, err
		}
		if _, twice := deps[name]; twice {
			return nil, r.errorf(pos, "dependency %q stands here for the second time", name)
		}
		deps[name] = d
	}
	return deps, nil
}

func (r *manifestReader) dependency(dir string, v value.Value, pos value.Pos) (string, dependency, error) {
	const want = `($dep "name" "version" ^path "dir")`
	d := dependency{pos: pos}
	if v.Kind() != value.KindGene || v.AsGene().Type != value.Sym("$dep") {
		return "", d, r.errorf(pos, "^dependencies: expected %s, got %s", want, value.Literal(v))
	}
	g := v.AsGene()
	if len(g.Children) == 0 || len(g.Children) > 2 {
		return "", d, r.errorf(pos, "$dep: expected %s", want)
	}
	for _, c := range g.Children {
		if c.Kind() != value.KindString {
			return "", d, r.errorf(pos, "$dep: expected %s, got %s for a String", want, value.TypeName(c))
		}
	}
	name := g.Children[0].AsString()
	if !validPackageName(name) {
		return "", d, r.errorf(pos, "%s", badPackageName(name))
	}
	if len(g.Children) == 2 {
		d.version = g.Children[1].AsString()
	}
	if path, ok := g.Props.GetText("path"); ok {
		if path.Kind() != value.KindString {
			return "", d, r.errorf(pos, "$dep: ^path must be a String, got %s", value.TypeName(path))
		}
		d.dir = absoluteIn(dir, path.AsString())
	}
	return name, d, nil
}

// readLock reads the lock file of a package: ^packages is an array of maps
// with name, version and dir, or a map of such by any key.
func readLock(p *pkg, shown string) (map[string][]dependency, error) {
	r := &manifestReader{file: shown, code: CodeLock}
	props, err := r.read(filepath.Join(p.dir, lockFile))
	if err != nil {
		return nil, err
	}
	for _, prop := range props {
		if prop.key == "packages" {
			return r.locked(p.dir, prop)
		}
	}
	return nil, r.errorf(value.Pos{Line: 1, Col: 1}, "has no ^packages")
}

func (r *manifestReader) locked(root string, p property) (map[string][]dependency, error) {
	var items []value.Value
	switch p.val.Kind() {
	case value.KindArray:
		items = p.val.AsArray().Items
	case value.KindMap:
		for _, e := range p.val.AsMap().Entries() {
			if e.Key != nil {
				items = append(items, e.Val)
			}
		}
	default:
		return nil, r.errorf(p.pos, "^packages must be an Array or a Map, got %s", value.TypeName(p.val))
	}
	out := map[string][]dependency{}
	for _, v := range items {
		pos := r.posOf(v, p.pos)
		if v.Kind() != value.KindMap {
			return nil, r.errorf(pos, "^packages: expected a map with ^name, ^version and ^dir, got %s", value.TypeName(v))
		}
		field := map[string]string{}
		for _, key := range []string{"name", "version", "dir"} {
			s, ok := v.AsMap().GetText(key)
			if !ok || s.Kind() != value.KindString {
				return nil, r.errorf(pos, "^packages: an entry lacks ^%s, a String", key)
			}
			field[key] = s.AsString()
		}
		if !filepath.IsLocal(field["dir"]) {
			return nil, r.errorf(pos, "^dir of %q leads out of the package: %q", field["name"], field["dir"])
		}
		out[field["name"]] = append(out[field["name"]], dependency{field["version"], filepath.Join(root, field["dir"]), pos})
	}
	return out, nil
}

// validPackageName tells whether name has the form of 8.5.
func validPackageName(name string) bool {
	segments := strings.Split(name, "/")
	for _, s := range segments {
		if len(s) < 2 || s[0] < 'a' || s[0] > 'z' || !packageNameByte(s[len(s)-1], "") {
			return false
		}
		for i := range len(s) {
			if !packageNameByte(s[i], "-_+&") {
				return false
			}
		}
	}
	return segments[0] != "gene" && segments[0] != "genex"
}

func packageNameByte(c byte, also string) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || strings.IndexByte(also, c) >= 0
}

func badPackageName(name string) string {
	first, _, _ := strings.Cut(name, "/")
	if first == "gene" || first == "genex" {
		return fmt.Sprintf("package name %q is reserved", name)
	}
	return fmt.Sprintf("invalid package name %q (want segments of small letters and digits such as acme/tools)", name)
}

// absoluteIn makes a path that is relative to dir absolute.
func absoluteIn(dir, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}
