package main

import (
	"bytes"
	"os"
	"testing"
)

// TestCurrent keeps interp_counting.go as interp.go has it.
func TestCurrent(t *testing.T) {
	src, err := os.ReadFile("../../interp.go")
	if err != nil {
		t.Fatal(err)
	}
	want, err := generate(src)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../interp_counting.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("interp_counting.go is not what interp.go says; run go generate ./vm")
	}
}
