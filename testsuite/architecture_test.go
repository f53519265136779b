package testsuite

import (
	"os/exec"
	"strings"
	"testing"
)

// mayImport says which of our packages a package may import. Dependencies
// point downwards only, and nothing but commands and tests knows a concrete
// event loop.
var mayImport = []struct {
	pkg     string // prefix of the import path
	imports []string
}{
	{"gene/value", nil},
	{"gene/syntax", []string{"gene/value"}},
	{"gene/compiler", []string{"gene/syntax", "gene/value"}},
	{"gene/check", []string{"gene/compiler", "gene/syntax", "gene/value"}},
	{"gene/vm", []string{"gene/vm/", "gene/backends", "gene/check", "gene/compiler", "gene/syntax", "gene/value"}},
	{"gene/stdlib", []string{"gene/stdlib", "gene/stdlib/", "gene/vm", "gene/backends", "gene/backends/slowfile", "gene/compiler", "gene/syntax", "gene/value"}},
	{"gene/reports", []string{"gene/bench/result"}},
	{"gene/backends", []string{"gene/backends", "gene/backends/internal/", "gene/backends/slowfile"}},
}

func TestDependenciesPointDownwards(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "gene/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		words := strings.Fields(line)
		for _, rule := range mayImport {
			if words[0] == rule.pkg || strings.HasPrefix(words[0], rule.pkg+"/") {
				checkImports(t, words[0], words[1:], rule.imports)
			}
		}
	}
}

// TestCommandStaysSmall keeps what only reports need, a library for plots and
// its fonts, out of the command that everybody runs.
func TestCommandStaysSmall(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "gene/cmd/gene").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, dep := range strings.Fields(string(out)) {
		if dep == "gene/reports" || strings.HasPrefix(dep, "gonum.org/") {
			t.Errorf("gene/cmd/gene depends on %s", dep)
		}
	}
}

func checkImports(t *testing.T, pkg string, imports, allowed []string) {
	t.Helper()
	for _, imp := range imports {
		ours := strings.HasPrefix(imp, "gene/")
		for _, a := range allowed {
			if imp == a || strings.HasSuffix(a, "/") && strings.HasPrefix(imp, a) {
				ours = false
			}
		}
		if ours {
			t.Errorf("%s imports %s (it may import %s)", pkg, imp, strings.Join(allowed, ", "))
		}
	}
}
