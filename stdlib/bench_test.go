package stdlib_test

import (
	"io"
	"testing"

	"gene/backends"
	"gene/stdlib"
	"gene/vm"
)

// BenchmarkNew is the library's part of the start-up.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		loop, err := backends.New("goroutine", backends.Options{})
		if err != nil {
			b.Fatal(err)
		}
		m, err := stdlib.New(vm.Options{Loop: loop, Stdout: io.Discard})
		if err != nil {
			b.Fatal(err)
		}
		m.Close()
	}
}

func benchmarkProgram(b *testing.B, setup, form string) {
	loop, err := backends.New("goroutine", backends.Options{})
	if err != nil {
		b.Fatal(err)
	}
	m, err := stdlib.New(vm.Options{Loop: loop, Stdout: io.Discard})
	if err != nil {
		b.Fatal(err)
	}
	defer m.Close()
	s := m.NewSession("bench")
	if _, err := s.Eval(setup); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Eval(form); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMap1000(b *testing.B) {
	benchmarkProgram(b, "(var a []) (repeat 1000 (a .add 1)) (fn f [x] (x + 1))", "(a .map f)")
}

func BenchmarkSort1000(b *testing.B) {
	benchmarkProgram(b, "(var a []) (repeat 1000 (a .add (random_int 1000000))) (fn f [x y] (x - y))", "(a .sort f)")
}
