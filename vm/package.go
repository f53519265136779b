package vm

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// finder finds the files of modules and packages. It looks at the file system
// and at the environment that it was made with, never at the working directory
// of a later moment.
type finder struct {
	cwd      string // absolute, of the start
	relative bool   // messages name files relative to cwd where they are below it
	base     string // directory of the program, which cycles are told relative to
	env      []string

	dirs     map[string]*pkg // directory: its manifest, nil when it has none
	pseudo   *pkg            // the package of code that belongs to none
	program  *pkg            // the package of the started program
	programs string          // Options.Package
}

func newFinder(env []string, programPackage string) *finder {
	cwd, err := os.Getwd()
	if err != nil {
		cwd = "." // the working directory was removed; what is relative is not found then
	}
	f := &finder{cwd: cwd, relative: true, base: cwd, env: env, dirs: map[string]*pkg{}, programs: programPackage}
	f.pseudo = newPkg("gene", "")
	f.program = f.pseudo
	return f
}

// abs is the absolute form of a path given on the command line or as the name
// of a text such as <eval>.
func (f *finder) abs(path string) string { return absoluteIn(f.cwd, path) }

// show is how messages name a file.
func (f *finder) show(abs string) string {
	if f.relative {
		if rel, err := filepath.Rel(f.cwd, abs); err == nil && filepath.IsLocal(rel) {
			return rel
		}
	}
	return abs
}

// pathList gives the directories of an environment variable.
func (f *finder) pathList(name string) []string {
	for _, kv := range f.env {
		if k, v, ok := strings.Cut(kv, "="); ok && k == name {
			var dirs []string
			for _, d := range filepath.SplitList(v) {
				if d != "" {
					dirs = append(dirs, f.abs(d))
				}
			}
			return dirs
		}
	}
	return nil
}

// manifest gives the package whose root is dir, nil when dir has no manifest.
func (f *finder) manifest(dir string) (*pkg, error) {
	if p, ok := f.dirs[dir]; ok {
		return p, nil
	}
	file := filepath.Join(dir, manifestFile)
	if _, err := os.Stat(file); err != nil {
		if !missing(err) {
			return nil, importErrorf(CodeManifest, "cannot be read: %v", osReason(err)).at(f.show(file), filePos)
		}
		f.dirs[dir] = nil
		return nil, nil
	}
	p, err := readManifest(dir, f.show(file))
	if err != nil {
		return nil, err
	}
	f.dirs[dir] = p
	return p, nil
}

// missing tells whether an error means that there is no such file.
func missing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || isNotDir(err) || errors.Is(err, fs.ErrInvalid) || errors.Is(err, fs.ErrPermission)
}

// packageAt gives the package that a file in dir belongs to: that of the
// nearest manifest in dir or above, or the pseudo-package.
func (f *finder) packageAt(dir string) (*pkg, error) {
	for {
		p, err := f.manifest(dir)
		if p != nil || err != nil {
			return p, err
		}
		up := filepath.Dir(dir)
		if up == dir {
			return f.pseudo, nil
		}
		dir = up
	}
}

// named gives the package in dir if it has the name, or no name of its own.
func (f *finder) named(dir, name string) (*pkg, error) {
	p, err := f.manifest(dir)
	if p == nil || err != nil {
		return nil, err
	}
	switch p.name {
	case "":
		p.name = name
	case name:
	default:
		return nil, nil
	}
	return p, nil
}

// search is one look-up of a package by name.
type search struct {
	*finder
	name     string
	from     *module
	searched []string
}

// findPackage finds a package by its name, in the order of 8.5. path is the
// ^path of the import, or of a $dep statement of the module, or "".
func (f *finder) findPackage(from *module, name, path string) (*pkg, error) {
	if !validPackageName(name) {
		return nil, importErrorf(CodeNoPackage, "%s", badPackageName(name))
	}
	s := &search{finder: f, name: name, from: from}
	if path != "" {
		return s.given(absoluteIn(from.dir, path))
	}
	for _, step := range []func() (*pkg, error){s.declared, s.own, s.locked, s.installed, s.nearby} {
		if p, err := step(); p != nil || err != nil {
			return p, err
		}
	}
	return nil, s.notFound("")
}

func (s *search) notFound(why string) *importError {
	e := importErrorf(CodeNoPackage, "Package '%s' was not found (importer=%s; searched=[%s])", s.name, s.from.file(), strings.Join(s.searched, " "))
	e.hint = why
	return e
}

// given is a package whose directory somebody has named.
func (s *search) given(dir string) (*pkg, error) {
	s.searched = append(s.searched, s.show(dir))
	p, err := s.manifest(dir)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, s.notFound("there is no " + s.show(filepath.Join(dir, manifestFile)))
	}
	if p, err = s.named(dir, s.name); p == nil && err == nil {
		return nil, s.notFound("the package in " + s.show(dir) + " is called " + s.dirs[dir].name)
	}
	return p, err
}

// owners are the packages whose manifest, lock file and installed packages
// count: that of the importing module and that of the program.
func (s *search) owners() []*pkg {
	var out []*pkg
	for _, p := range []*pkg{s.from.pkg, s.program} {
		if p.real() && (len(out) == 0 || out[0] != p) {
			out = append(out, p)
		}
	}
	return out
}

func (s *search) declared() (*pkg, error) {
	if d, ok := s.from.pkg.deps[s.name]; ok && d.dir != "" {
		return s.given(d.dir)
	}
	return nil, nil
}

// own is the package that the importing module belongs to itself.
func (s *search) own() (*pkg, error) {
	if s.from.pkg.real() && s.from.pkg.name == s.name {
		return s.from.pkg, nil
	}
	return nil, nil
}

func (s *search) locked() (*pkg, error) {
	for _, owner := range s.owners() {
		if err := s.readLock(owner); err != nil {
			return nil, err
		}
		entries := owner.locked[s.name]
		if len(entries) == 0 {
			continue
		}
		d, err := s.version(owner, entries)
		if err != nil {
			return nil, err
		}
		p, err := s.named(d.dir, s.name)
		if p == nil && err == nil {
			err = importErrorf(CodeLock, "the locked package '%s' is not in %s", s.name, s.show(d.dir)).
				at(s.show(filepath.Join(owner.dir, lockFile)), d.pos)
		}
		return p, err
	}
	return nil, nil
}

func (s *search) readLock(p *pkg) error {
	if p.lockRead {
		return nil
	}
	file := filepath.Join(p.dir, lockFile)
	if _, err := os.Stat(file); err == nil {
		if p.locked, err = readLock(p, s.show(file)); err != nil {
			return err
		}
	}
	p.lockRead = true
	return nil
}

// version chooses among several versions of the package the one that the
// owner's manifest asks for.
func (s *search) version(owner *pkg, entries []dependency) (dependency, error) {
	if len(entries) == 1 {
		return entries[0], nil
	}
	var dirs []string
	for _, e := range entries {
		if e.version == owner.deps[s.name].version {
			return e, nil
		}
		dirs = append(dirs, s.show(e.dir))
	}
	return dependency{}, s.ambiguous(dirs)
}

func (s *search) ambiguous(dirs []string) error {
	return importErrorf(CodeTwoPackages, "Package '%s' is in several places: %s", s.name, strings.Join(dirs, ", "))
}

// installed looks in .gene/deps, where each version has a directory.
func (s *search) installed() (*pkg, error) {
	for _, owner := range s.owners() {
		dir := filepath.Join(owner.dir, ".gene", "deps", filepath.FromSlash(s.name))
		s.searched = append(s.searched, s.show(dir))
		if p, err := s.named(dir, s.name); p != nil || err != nil {
			return p, err
		}
		versions, err := os.ReadDir(dir)
		if err != nil {
			continue // nothing is installed there
		}
		var entries []dependency
		for _, v := range versions {
			at := filepath.Join(dir, v.Name())
			p, err := s.named(at, s.name)
			if err != nil {
				return nil, err
			}
			if p != nil {
				entries = append(entries, dependency{version: v.Name(), dir: at})
			}
		}
		if len(entries) == 0 {
			continue
		}
		d, err := s.version(owner, entries)
		if err != nil {
			return nil, err
		}
		return s.named(d.dir, s.name)
	}
	return nil, nil
}

// nearby looks beside the importer, in GENE_PACKAGE_PATH, in the directories
// above the importer, and beside its package.
func (s *search) nearby() (*pkg, error) {
	if p, err := s.around(s.from.dir); p != nil || err != nil {
		return p, err
	}
	for _, dir := range s.pathList("GENE_PACKAGE_PATH") {
		if p, err := s.around(dir); p != nil || err != nil {
			return p, err
		}
	}
	for dir := filepath.Dir(s.from.dir); ; dir = filepath.Dir(dir) {
		if p, err := s.around(dir); p != nil || err != nil {
			return p, err
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	root := s.from.dir
	if s.from.pkg.real() {
		root = s.from.pkg.dir
	}
	last := s.name[strings.LastIndexByte(s.name, '/')+1:]
	return s.at(filepath.Join(filepath.Dir(root), last))
}

// around looks in dir and in its packages directory.
func (s *search) around(dir string) (*pkg, error) {
	a, err := s.at(filepath.Join(dir, filepath.FromSlash(s.name)))
	if err != nil {
		return nil, err
	}
	b, err := s.at(filepath.Join(dir, "packages", filepath.FromSlash(s.name)))
	switch {
	case err != nil:
		return nil, err
	case a != nil && b != nil && canonical(a.dir) != canonical(b.dir):
		return nil, s.ambiguous([]string{s.show(a.dir), s.show(b.dir)})
	case a == nil:
		return b, nil
	}
	return a, nil
}

func (s *search) at(dir string) (*pkg, error) {
	s.searched = append(s.searched, s.show(dir))
	return s.named(dir, s.name)
}

// PackageDir gives the root directory of a package as --pkg names it: a
// directory, or a package name that is looked up from the working directory.
func PackageDir(nameOrPath string, env []string) (string, error) {
	f := newFinder(env, "")
	p, err := f.choose(nameOrPath)
	if err != nil {
		return "", err
	}
	return p.dir, nil
}

// choose finds the package of --pkg.
func (f *finder) choose(nameOrPath string) (*pkg, error) {
	dir := f.abs(nameOrPath)
	info, err := os.Stat(dir)
	isDir := err == nil && info.IsDir()
	if !isDir && !strings.HasPrefix(nameOrPath, ".") && !filepath.IsAbs(nameOrPath) {
		return f.findPackage(&module{dir: f.cwd, pkg: f.pseudo}, nameOrPath, "")
	}
	p, err := f.manifest(dir)
	if p == nil && err == nil {
		e := importErrorf(CodeNoPackage, "There is no package in '%s'", nameOrPath)
		e.hint = "there is no " + f.show(filepath.Join(dir, manifestFile))
		err = e
	}
	return p, err
}
