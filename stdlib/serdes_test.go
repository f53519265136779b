package stdlib

import (
	"io"
	"testing"

	"gene/backends"
	_ "gene/backends/sim"
	"gene/syntax"
	"gene/vm"
)

// newTestVM makes a machine for tests that call natives directly.
func newTestVM(t testing.TB) *VM {
	loop, err := backends.New("sim", backends.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(vm.Options{Loop: loop, Stdout: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

// FuzzSerdes checks that data which serialises reads back as an equal value,
// in both forms, and that no text makes reading panic.
func FuzzSerdes(f *testing.F) {
	for _, s := range []string{
		`{^a [1 "x" nil 'c'] ^b (f ^k 1 2)}`, "(ClassRef ^path \"String\")", `(gene/serialization (EnumValue (EnumRef ^path "Result/Ok") [1]))`,
		`(Plain (Plain 1))`, `#[1 #{^a -1.5e300}]`, "(a `b %c #\"x#{y}\")", `"#GENE#x"`, `[\nil a/b \1 9223372036854775807]`,
		`(gene/serialization (Plain (EnumRef)))`,
	} {
		f.Add(s)
	}
	m := newTestVM(f)
	f.Fuzz(func(t *testing.T, s string) {
		deserialized(m, s)
		v, err := syntax.ReadOne(s)
		if err != nil {
			return
		}
		if text, err := serialized(m, v); err == nil {
			back, err := deserialized(m, text)
			if err != nil || syntax.Source(back) != syntax.Source(v) {
				t.Errorf("%s was written as %q, which is %s (%v)", syntax.Source(v), text, syntax.Source(back), err)
			}
		}
		if text, err := serializeJSON(m, []Value{v}); err == nil {
			back, err := deserializeJSON(m, []Value{text})
			if err != nil {
				t.Fatalf("%s was written as %q: %v", syntax.Source(v), text.AsString(), err)
			}
			// The order of keys is lost, but equal values have equal texts.
			if again, err := serializeJSON(m, []Value{back}); err != nil || again.AsString() != text.AsString() {
				t.Errorf("%s was written as %q, which is %s (%v)", syntax.Source(v), text.AsString(), syntax.Source(back), err)
			}
		}
	})
}
