package main

import (
	"strings"
	"testing"
)

// library gives the help of everything built in.
func library(t *testing.T) *docs {
	t.Helper()
	o := execOptions{loop: "sim", contracts: "on", nativeTier: "never"}
	m, err := o.newVM(streams{out: &strings.Builder{}, err: &strings.Builder{}}, "<doc>", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	lib, err := collectDocs(m)
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// TestEverythingIsDocumented: a function or method without help has an empty
// doc string in its table, or lacks ^intent if it is written in Gene.
func TestEverythingIsDocumented(t *testing.T) {
	for _, e := range library(t).entries {
		if e.doc != "" {
			if !strings.HasSuffix(e.doc, ".") && !strings.HasSuffix(e.doc, ")") {
				t.Errorf("the help of %s is no sentence: %q", e.name, e.doc)
			}
			continue
		}
		switch e.kind {
		case docFunction, docMethod:
			t.Errorf("%s has no help", e.name)
		case docNamespace:
			t.Errorf("the namespace %s has no help (doctexts.go)", e.name)
		}
	}
}
