package backends_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gene/backends"
	_ "gene/backends/goroutine"
	_ "gene/backends/sim"
)

func TestNew(t *testing.T) {
	for _, name := range []string{"goroutine", "sim"} {
		if !slices.Contains(backends.Names(), name) {
			t.Fatalf("Names() is %v, want %s in it", backends.Names(), name)
		}
		loop, err := backends.New(name, backends.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if loop.Name() != name {
			t.Errorf("Name() is %q, want %q", loop.Name(), name)
		}
		if err := loop.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestNewUnknown(t *testing.T) {
	loop, err := backends.New("gorutine", backends.Options{})
	const want = `unknown event loop "gorutine" (known: goroutine, sim)`
	if loop != nil || err == nil || err.Error() != want {
		t.Errorf("got %v, %v; want the error %s", loop, err, want)
	}
}

func TestOptionsOutOfRange(t *testing.T) {
	for name, o := range map[string]backends.Options{
		"FileWorkers":  {FileWorkers: -1},
		"NameWorkers":  {NameWorkers: -1},
		"OtherWorkers": {OtherWorkers: -1},
		"MaxPending":   {MaxPending: -1},
		"TickEvery":    {TickEvery: -time.Second},
		"Linger":       {Linger: -time.Second},
	} {
		for _, loop := range backends.Names() {
			if got, err := backends.New(loop, o); got != nil || err == nil || !strings.Contains(err.Error(), name+" is -1") {
				t.Errorf("%s with %+v: %v, %v; want an error with the option and its value", loop, o, got, err)
			}
		}
	}
}

func TestRegisterTwice(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a second registration under one name was taken")
		}
	}()
	backends.Register("sim", "again", nil)
}
