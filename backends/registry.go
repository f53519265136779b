package backends

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Constructor makes a loop.
type Constructor func(Options) (EventLoop, error)

// Backend is one entry of the registry.
type Backend struct {
	Name        string
	Description string // one line, for lists
	Notes       []Note
	Missing     string // why this platform lacks it, or empty
	construct   Constructor
}

// Note is one declared difference from the goroutine loop, the reference.
type Note struct{ Feature, How string }

// registry is written by the init functions of the backends' packages and only read
// afterwards; the lock is for programs that register late.
var registry struct {
	sync.Mutex
	backends []Backend // sorted by name
}

func byName(b Backend, name string) int { return strings.Compare(b.Name, name) }

// Register adds a backend. A backend's package calls it from init; a second
// registration under one name panics.
func Register(name, description string, construct Constructor, notes ...Note) {
	register(Backend{Name: name, Description: description, Notes: notes, construct: construct})
}

// RegisterMissing lists a backend that this platform lacks: New refuses it with the reason.
func RegisterMissing(name, description, reason string) {
	register(Backend{Name: name, Description: description, Missing: reason, construct: func(Options) (EventLoop, error) {
		return nil, fmt.Errorf("event loop %s is not available on this platform: %s", name, reason)
	}})
}

func register(b Backend) {
	name := b.Name
	registry.Lock()
	defer registry.Unlock()
	i, found := slices.BinarySearchFunc(registry.backends, name, byName)
	if found {
		panic("internal error: event loop " + name + " is registered twice")
	}
	registry.backends = slices.Insert(registry.backends, i, b)
}

// List returns the registered backends, sorted by name.
func List() []Backend {
	registry.Lock()
	defer registry.Unlock()
	return slices.Clone(registry.backends)
}

// Names returns the names of the backends that can be made here, sorted.
func Names() []string {
	var names []string
	for _, b := range List() {
		if b.Missing == "" {
			names = append(names, b.Name)
		}
	}
	return names
}

// New makes a loop of the backend registered under name.
func New(name string, o Options) (EventLoop, error) {
	list := List()
	i, found := slices.BinarySearchFunc(list, name, byName)
	if !found {
		known := "none is linked in"
		if len(list) > 0 {
			known = "known: " + strings.Join(Names(), ", ")
		}
		return nil, fmt.Errorf("unknown event loop %q (%s)", name, known)
	}
	return list[i].construct(o)
}
