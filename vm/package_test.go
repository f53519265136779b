package vm

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tree writes files below a new directory.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const named = "^name \"acme/base\"\n"

func TestFindPackage(t *testing.T) {
	app := "^name \"acme/app\"\n"
	for _, c := range []struct {
		name  string
		files map[string]string
		env   string // of GENE_PACKAGE_PATH
		path  string
		want  string // directory, or the beginning of an error
	}{
		{"beside", map[string]string{"app/acme/base/package.gene": named}, "", "", "app/acme/base"},
		{"in packages", map[string]string{"app/packages/acme/base/package.gene": named}, "", "", "app/packages/acme/base"},
		{"in both", map[string]string{"app/packages/acme/base/package.gene": named, "app/acme/base/package.gene": named},
			"", "", "[GENE.PACKAGE.AMBIGUOUS]"},
		{"above", map[string]string{"packages/acme/base/package.gene": named}, "", "", "packages/acme/base"},
		{"path before above", map[string]string{"packages/acme/base/package.gene": named, "p/acme/base/package.gene": named},
			"p", "", "p/acme/base"},
		{"sibling", map[string]string{"app/package.gene": app, "base/package.gene": named}, "", "", "base"},
		{"sibling of another name", map[string]string{"app/package.gene": app, "base/package.gene": "^name \"acme/more\""},
			"", "", "[GENE.PACKAGE.NOT_FOUND]"},
		{"given", map[string]string{"x/package.gene": named}, "", "../x", "x"},
		{"given without a manifest", map[string]string{"x/index.gene": ""}, "", "../x", "[GENE.PACKAGE.NOT_FOUND]"},
		{"without a name", map[string]string{"x/package.gene": "^version \"1\""}, "", "../x", "x"},
		{"manifest's $dep", map[string]string{"app/package.gene": app + "^dependencies [($dep \"acme/base\" \"*\" ^path \"../x\")]",
			"x/package.gene": named}, "", "", "x"},
		{"installed", map[string]string{"app/package.gene": app, "app/.gene/deps/acme/base/1.0/package.gene": named},
			"", "", "app/.gene/deps/acme/base/1.0"},
		{"installed twice", map[string]string{"app/package.gene": app, "app/.gene/deps/acme/base/1.0/package.gene": named,
			"app/.gene/deps/acme/base/1.1/package.gene": named}, "", "", "[GENE.PACKAGE.AMBIGUOUS]"},
		{"locked but not there", map[string]string{"app/package.gene": app,
			"app/package.gene.lock": "^packages [{^name \"acme/base\" ^version \"1\" ^dir \"gone\"}]"}, "", "", "[GENE.PACKAGE.INVALID_LOCK]"},
		{"locked outside", map[string]string{"app/package.gene": app,
			"app/package.gene.lock": "^packages [{^name \"acme/base\" ^version \"1\" ^dir \"../x\"}]"}, "", "", "[GENE.PACKAGE.INVALID_LOCK]"},
		{"lock without packages", map[string]string{"app/package.gene": app, "app/package.gene.lock": ""}, "", "", "[GENE.PACKAGE.INVALID_LOCK]"},
		{"broken", map[string]string{"app/acme/base/package.gene": "^name"}, "", "", "[GENE.PACKAGE.INVALID_MANIFEST]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := tree(t, c.files)
			var env []string
			if c.env != "" {
				env = []string{"GENE_PACKAGE_PATH=" + filepath.Join(dir, c.env)}
			}
			f := newFinder(env, "")
			from := &module{dir: filepath.Join(dir, "app")}
			var err error
			if from.pkg, err = f.packageAt(from.dir); err != nil {
				t.Fatal(err)
			}
			p, err := f.findPackage(from, "acme/base", c.path)
			if strings.HasPrefix(c.want, "[") {
				if err == nil || !strings.HasPrefix(err.(*importError).msg, c.want) {
					t.Fatalf("got %v, %v, want %s", p, err, c.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if want := filepath.Join(dir, filepath.FromSlash(c.want)); p.dir != want || p.name != "acme/base" {
				t.Errorf("got %s in %s, want %s", p.name, p.dir, want)
			}
		})
	}
}

func TestFindModule(t *testing.T) {
	app := "^name \"acme/app\"\n^source-dir \"code\"\n"
	for _, c := range []struct {
		name  string
		files map[string]string
		spec  string
		want  string
	}{
		{"beside before the root", map[string]string{"app/package.gene": app, "app/sub/m.gene": "", "app/m.gene": ""}, "m", "app/sub/m.gene"},
		{"root", map[string]string{"app/package.gene": app, "app/m.gene": "", "app/code/m.gene": ""}, "m", "app/m.gene"},
		{"source directory", map[string]string{"app/package.gene": app, "app/code/m.gene": "", "app/src/m.gene": ""}, "m", "app/code/m.gene"},
		{"build", map[string]string{"app/package.gene": app, "app/build/x/m.gene": ""}, "x/m", "app/build/x/m.gene"},
		{"relative stays", map[string]string{"app/package.gene": app, "app/m.gene": ""}, "./m", "[GENE.MODULE.NOT_FOUND]"},
		{"up within", map[string]string{"app/package.gene": app, "app/m.gene": ""}, "../m", "app/m.gene"},
		{"up outside", map[string]string{"app/package.gene": app, "m.gene": ""}, "../../m", "[GENE.PACKAGE.BOUNDARY]"},
		{"up without a package", map[string]string{"m.gene": ""}, "../../m.gene", "m.gene"},
		{"directory is no module", map[string]string{"app/sub/m/x.gene": ""}, "m", "[GENE.MODULE.NOT_FOUND]"},
		{"exact file", map[string]string{"app/sub/m": ""}, "m", "app/sub/m"},
		{"two files", map[string]string{"app/sub/m": "", "app/sub/m.gene": ""}, "m", "[GENE.MODULE.AMBIGUOUS]"},
		{"workspace", map[string]string{"ws/acme/base/package.gene": named, "ws/acme/base/src/m.gene": ""}, "m", "ws/acme/base/src/m.gene"},
		{"workspace twice", map[string]string{"ws/a/package.gene": "", "ws/b/package.gene": "", "ws/a/src/m.gene": "", "ws/b/src/m.gene": ""},
			"m", "[GENE.MODULE.AMBIGUOUS]"},
		{"nothing", nil, "", "[GENE.MODULE.NOT_FOUND]"},
		{"a zero byte", nil, "m\x00", "[GENE.MODULE.NOT_FOUND]"},
		{"a long name", nil, strings.Repeat("m", 100_000), "[GENE.MODULE.NOT_FOUND]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := tree(t, c.files)
			f := newFinder([]string{"GENE_WORKSPACE_PATH=" + filepath.Join(dir, "ws")}, "")
			from := &module{dir: filepath.Join(dir, "app", "sub")}
			var err error
			if from.pkg, err = f.packageAt(from.dir); err != nil {
				t.Fatal(err)
			}
			path, err := f.findModule(from, c.spec)
			if strings.HasPrefix(c.want, "[") {
				if err == nil || !strings.HasPrefix(err.(*importError).msg, c.want) {
					t.Fatalf("got %q, %v, want %s", path, err, c.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if want := filepath.Join(dir, filepath.FromSlash(c.want)); path != want {
				t.Errorf("got %s, want %s", path, want)
			}
		})
	}
}

// A link out of a package doesn't take an import of the package with it.
func TestLinkOutOfAPackage(t *testing.T) {
	dir := tree(t, map[string]string{"secret.gene": "", "base/package.gene": named})
	if err := os.Symlink(filepath.Join(dir, "secret.gene"), filepath.Join(dir, "base", "m.gene")); err != nil {
		t.Skip(err)
	}
	f := newFinder(nil, "")
	from := &module{dir: dir, pkg: f.pseudo}
	p, err := f.findPackage(from, "acme/base", "base")
	if err != nil {
		t.Fatal(err)
	}
	if path, err := f.findInPackage(from, p, "m"); err == nil || err.(*importError).code != CodeBoundary {
		t.Errorf("got %q, %v", path, err)
	}
}

func TestPackageNames(t *testing.T) {
	for name, want := range map[string]bool{
		"acme/base": true, "tools": true, "a1": true, "my-lib+x_&1/b2": true, "genes/x1": true,
		"": false, "a": false, "Acme/base": false, "acme/": false, "/acme": false, "acme//base": false, "acme/base-": false,
		"1acme": false, "gene": false, "gene/x1": false, "genex": false, "genex/http": false, "../base": false, "acme/ba se": false,
	} {
		if got := validPackageName(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}

// Whatever a manifest holds, reading it gives a package or an error with a
// place in it.
func FuzzManifest(f *testing.F) {
	for _, s := range []string{named, "{^name \"acme/base\"}", "^dependencies [($dep \"acme/base\" \"*\")]", "^name", "[", "^^name 1", "^globals 3", "^name ^name"} {
		f.Add(s)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		for _, read := range []struct {
			file string
			read func() error
		}{
			{manifestFile, func() error { _, err := readManifest(dir, "m"); return err }},
			{lockFile, func() error { _, err := readLock(newPkg("", dir), "m"); return err }},
		} {
			if err := os.WriteFile(filepath.Join(dir, read.file), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			if err := read.read(); err != nil {
				if e, ok := err.(*importError); !ok || e.file != "m" || e.pos.Line == 0 {
					t.Errorf("%q: an error without a place: %v", text, err)
				}
			}
		}
	})
}
