package vm

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"gene/value"
)

// filePos is the place of what is wrong with a file as a whole.
var filePos = value.Pos{Line: 1, Col: 1}

// workspaceDepth is how deep below a directory of GENE_WORKSPACE_PATH its
// packages may lie: a name has mostly two segments.
const workspaceDepth = 3

// findModule finds the file of a module as 8.4 says; the path is absolute.
func (f *finder) findModule(from *module, spec string) (string, error) {
	if spec == "" {
		return "", importErrorf(CodeNoModule, "Module '' was not found: the module path is empty")
	}
	var searched []string
	for _, dirs := range f.steps(from, spec) {
		path, err := f.step(spec, dirs, &searched)
		if err != nil {
			return "", err
		}
		if path != "" {
			return path, f.inside(from, spec, path)
		}
	}
	e := importErrorf(CodeNoModule, "Module '%s' was not found (importer=%s; specifier=%s; searched=[%s])",
		spec, from.file(), spec, strings.Join(searched, " "))
	e.hint = f.nearMiss(from, spec)
	return "", e
}

// steps gives the directories to look in, step by step.
func (f *finder) steps(from *module, spec string) [][]string {
	if filepath.IsAbs(spec) {
		return [][]string{{""}}
	}
	steps := [][]string{{from.dir}}
	if strings.HasPrefix(spec, "./") || strings.HasPrefix(spec, "../") {
		return steps
	}
	if from.pkg.real() {
		for _, dir := range from.pkg.moduleDirs() {
			steps = append(steps, []string{dir})
		}
	}
	if dirs := f.workspace(); len(dirs) > 0 {
		steps = append(steps, dirs)
	}
	return steps
}

// moduleDirs are the directories of a package that modules are looked for in.
func (p *pkg) moduleDirs() []string {
	var dirs []string
	for _, d := range []string{".", p.sourceDir, "src", "lib", "build"} {
		if dir := filepath.Join(p.dir, d); !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// workspace gives the src directories of the packages in GENE_WORKSPACE_PATH.
func (f *finder) workspace() []string {
	var out []string
	for _, dir := range f.pathList("GENE_WORKSPACE_PATH") {
		out = append(out, sourceDirs(dir, workspaceDepth)...)
	}
	return out
}

func sourceDirs(dir string, depth int) []string {
	if isFile(filepath.Join(dir, manifestFile)) {
		return []string{filepath.Join(dir, "src")}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || depth == 0 {
		return nil // a directory that can't be read has no packages for us
	}
	var out []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && isDir(filepath.Join(dir, e.Name())) {
			out = append(out, sourceDirs(filepath.Join(dir, e.Name()), depth-1)...)
		}
	}
	return out
}

// step looks for a module in the directories of one step.
func (f *finder) step(spec string, dirs []string, searched *[]string) (string, error) {
	var found, keys []string
	for _, dir := range dirs {
		base := filepath.Join(dir, filepath.FromSlash(spec))
		*searched = append(*searched, f.show(base))
		for _, path := range []string{base, base + ".gene"} {
			if key := canonical(path); isFile(path) && !slices.Contains(keys, key) {
				found, keys = append(found, path), append(keys, key)
			}
		}
	}
	switch len(found) {
	case 0:
		return "", nil
	case 1:
		return found[0], nil
	}
	for i := range found {
		found[i] = f.show(found[i])
	}
	return "", importErrorf(CodeTwoModules, "Module '%s' has several files: %s", spec, strings.Join(found, ", "))
}

// inside makes sure that a module of a package does not reach out of it by a
// relative path.
func (f *finder) inside(from *module, spec, path string) error {
	if !from.pkg.real() || !strings.HasPrefix(spec, ".") || within(from.pkg.dir, path) || !within(from.pkg.dir, from.dir) {
		return nil
	}
	return boundary(spec, from.pkg)
}

func boundary(spec string, p *pkg) error {
	return importErrorf(CodeBoundary, "Module path '%s' leads out of the package '%s'", spec, p.name)
}

// findInPackage finds a module of a package; "" and "index" are its main
// module.
func (f *finder) findInPackage(from *module, p *pkg, spec string) (string, error) {
	if filepath.IsAbs(spec) || spec != "" && !filepath.IsLocal(spec) {
		return "", boundary(spec, p)
	}
	if spec == "" || spec == "index" || spec == "index.gene" {
		spec = p.mainModule
	}
	var searched []string
	for _, dir := range p.moduleDirs() {
		path, err := f.step(spec, []string{dir}, &searched)
		if err != nil {
			return "", err
		}
		if path == "" {
			continue
		}
		if !within(canonical(p.dir), canonical(path)) {
			return "", boundary(spec, p)
		}
		return path, nil
	}
	return "", importErrorf(CodeNoModule, "Module '%s' was not found (importer=%s; specifier=%s; package=%s; searched=[%s])",
		spec, from.file(), spec, p.name, strings.Join(searched, " "))
}

// nearMiss gives a hint when a module of nearly the same name is there.
func (f *finder) nearMiss(from *module, spec string) string {
	base := absoluteIn(from.dir, filepath.FromSlash(spec))
	entries, err := os.ReadDir(filepath.Dir(base))
	if err != nil {
		return ""
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".gene"); ok {
			names = append(names, name)
		}
	}
	name := suggestAmong(strings.TrimSuffix(filepath.Base(base), ".gene"), names)
	if name == "" {
		return ""
	}
	return "did you mean " + spec[:strings.LastIndexByte(spec, '/')+1] + name + "?"
}

// within tells whether path lies in dir; both are absolute.
func within(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}

// canonical is the path that stands for a file whatever links lead to it.
func canonical(path string) string {
	if p, err := filepath.EvalSymlinks(path); err == nil {
		return p
	}
	return filepath.Clean(path) // it doesn't exist
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func isNotDir(err error) bool {
	return errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENAMETOOLONG) || errors.Is(err, syscall.ELOOP)
}

// osReason is what went wrong, without the operation and the file.
func osReason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
