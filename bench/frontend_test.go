package bench

import (
	"io"
	"os"
	"testing"

	"gene/compiler"
	"gene/syntax"
)

// BenchmarkReader reads the sources of the CPU set.
func BenchmarkReader(b *testing.B) {
	files, size := sources(b)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for name, text := range files {
			if _, errs := syntax.Read(name, text); errs != nil {
				b.Fatal(errs)
			}
		}
	}
}

// BenchmarkCompiler compiles the forms of the CPU set, without reading them.
func BenchmarkCompiler(b *testing.B) {
	files, size := sources(b)
	m, err := newVM("", nil, io.Discard, os.Stderr)
	if err != nil {
		b.Fatal(err)
	}
	defer m.Close()
	var forms []*syntax.File
	for name, text := range files {
		f, errs := syntax.Read(name, text)
		if errs != nil {
			b.Fatal(errs)
		}
		forms = append(forms, f)
	}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, f := range forms {
			_, _, err := compiler.CompileModule(f, m.NewModule("bench", true), compiler.Options{Contracts: true, TypeCheck: true})
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

// sources are the texts of the CPU set by name, and their size together.
func sources(b *testing.B) (files map[string]string, size int64) {
	b.Helper()
	files = map[string]string{}
	for _, p := range cpuSet(b) {
		text, err := os.ReadFile(source(p.Name, ".gene"))
		if err != nil {
			b.Fatal(err)
		}
		files[p.Name] = string(text)
		size += int64(len(text))
	}
	return files, size
}
