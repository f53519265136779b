package stdlib_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gene/backends"
	"gene/stdlib"
	"gene/vm"
)

// moduleOf10000Lines is a module as people write them: classes, functions,
// data and code that runs at the top level.
func moduleOf10000Lines() string {
	var b strings.Builder
	for i := 1; strings.Count(b.String(), "\n") < 10_000; {
		for range 50 {
			fmt.Fprintf(&b, strings.ReplaceAll(ledgerPart, "$", "%[1]d"), i)
			i++
		}
	}
	b.WriteString("(fn last [] (use1 3))\n")
	return b.String()
}

const ledgerPart = `# Part $ of the ledger.
(class Account$
  (ctor [owner balance]
    (/owner = owner)
    (/balance = balance))
  (method deposit [amount]
    (if (amount > 0)
      (/balance += amount)
     else
      (throw "amount must be positive"))
    self)
  (method describe []
    #"#{/owner} has #{/balance}"))

(fn total$ [items factor]
  (var sum 0)
  (for x in items
    (if ((x %% 2) == 0)
      (sum += (x * factor))
     elif (x > 10)
      (sum += 1)))
  sum)

(var /table$ {^name "part $" ^values [1 2 3 4 $] ^nested {^a 1 ^b [2 3]}})
(var a$ (new Account$ "Ann $" $))
(a$ .deposit 5)
(fn use$ [k]
  (case k
    when 1 "one"
    when 2 (total$ table$/values k)
    else (a$ .describe)))
`

// load runs a program that imports the module and gives how long that took.
func load(t testing.TB, main, stdout string) time.Duration {
	t.Helper()
	loop, err := backends.New("goroutine", backends.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	m, err := stdlib.New(vm.Options{Loop: loop, Stdout: &out, Stderr: &errs, Env: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	code := m.RunMain(main, []byte("(import last from \"ledger\")\n(println (last))\n"))
	took := time.Since(start)
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	if code != 0 || out.String() != stdout {
		t.Fatalf("exit code %d, output %q, errors %q", code, &out, &errs)
	}
	return took
}

// BenchmarkModuleOf10000Lines is the time to load and run a module of 10 000
// lines, which must not exceed 150 ms.
func BenchmarkModuleOf10000Lines(b *testing.B) {
	dir := b.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "ledger.gene"), []byte(moduleOf10000Lines()), 0o644); err != nil {
		b.Fatal(err)
	}
	var took time.Duration
	for b.Loop() {
		took += load(b, filepath.Join(dir, "main.gene"), "Ann 1 has 6\n")
	}
	b.ReportMetric(float64(took.Milliseconds())/float64(b.N), "ms/load") // without the start of the library
}

// TestModuleSizeAndTime keeps loading linear: ten times the text must not take
// more than thirty times as long.
func TestModuleSizeAndTime(t *testing.T) {
	dir := t.TempDir()
	text := moduleOf10000Lines()
	parts := strings.SplitAfter(text, "# Part ")
	small := strings.TrimSuffix(strings.Join(parts[:len(parts)/10], ""), "# Part ") + "(fn last [] (use1 3))\n"
	took := [2]time.Duration{time.Hour, time.Hour}
	for range 3 {
		for i, text := range []string{small, text} {
			if err := os.WriteFile(filepath.Join(dir, "ledger.gene"), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			took[i] = min(took[i], load(t, filepath.Join(dir, "main.gene"), "Ann 1 has 6\n"))
		}
	}
	if took[1] > 30*took[0]+20*time.Millisecond {
		t.Errorf("a tenth of the module takes %v, all of it %v", took[0], took[1])
	}
}

// TestPackageOption runs programs inside a package that Options.Package names.
func TestPackageOption(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"tools/package.gene":                    "^name \"acme/tools\"\n",
		"tools/src/greet.gene":                  "(fn greet [] #\"hi from #{$pkg/.name}\")\n",
		"tools/packages/acme/base/package.gene": "^name \"acme/base\"\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		pkg, code string
		exit      int
		out, err  string
	}{
		{filepath.Join(dir, "tools"), "(import greet from \"greet\")\n(println (greet) $pkg $app/.pkg)", 0, "hi from acme/tools <package acme/tools> <package acme/tools>\n", ""},
		{"acme/tools-not-there", "(println 1)", 1, "", "[GENE.PACKAGE.NOT_FOUND]"},
		{dir, "(println 1)", 1, "", "[GENE.PACKAGE.NOT_FOUND] There is no package in"},
		{"no such name", "(println 1)", 1, "", "invalid package name"},
	} {
		loop, err := backends.New("goroutine", backends.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		m, err := stdlib.New(vm.Options{Loop: loop, Stdout: &out, Stderr: &errs, Env: []string{}, Package: c.pkg})
		if err != nil {
			t.Fatal(err)
		}
		exit := m.RunMain("<eval>", []byte(c.code))
		m.Close()
		if exit != c.exit || out.String() != c.out || !strings.Contains(errs.String(), c.err) {
			t.Errorf("--pkg %s: exit code %d, output %q, errors %q", c.pkg, exit, &out, &errs)
		}
	}
}
