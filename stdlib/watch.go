package stdlib

import (
	"context"
	"slices"
	"sync"

	"github.com/fsnotify/fsnotify"

	"gene/backends"
	"gene/value"
	"gene/vm"
)

// watchQueueMax bounds the events that wait for a program that doesn't take
// them; then one event with the op overflow stands for those that are lost.
const watchQueueMax = 10_000

// watch tells a program what changes in a directory. A goroutine takes the
// system's events and queues them; mu guards the queue, all else belongs to
// the VM's goroutine.
type watch struct {
	path    string
	loop    backends.EventLoop
	watcher *fsnotify.Watcher
	waiters []*vm.Future // of next, in order
	closed  bool
	unhook  func() bool

	mu     sync.Mutex
	queue  []watchEvent
	posted bool // a completion that looks at the queue is on its way
}

type watchEvent struct{ op, path string }

// GeneText is the printed form.
func (w *watch) GeneText() string { return "<watch " + w.path + ">" }

// defineWatch defines Dir/watch and File/watch.
func (l *library) defineWatch() {
	c := l.m.NewClass("Watch", nil)
	io := l.m.Namespace("gene/io")
	for _, class := range []string{"Dir", "File"} {
		l.functions(io.Cell(value.Intern(class)).V.AsClass().Members, []entry{
			{"watch", "An object whose next gives a future of the next change of a path.", l.newWatch(c)},
		})
	}
	l.methods(c, []entry{
		{"next", "A future of the next change, a map of op and path; of nil once it is closed.", l.watchNext},
		{"close", "Ends watching.", func(m *VM, args []Value) (Value, error) {
			watchOf(args[0]).close(m)
			return value.Nil, nil
		}},
		{"path", "The path that is watched.", func(m *VM, args []Value) (Value, error) {
			return value.Str(watchOf(args[0]).path), nil
		}},
	})
}

func watchOf(v Value) *watch { return v.AsInstance().Data.(*watch) }

func (l *library) newWatch(c *value.Class) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		p, err := filePath(m, arg(args, 0), "watch")
		if err != nil {
			return Value{}, err
		}
		watcher, err := fsnotify.NewWatcher()
		if err == nil {
			if err = watcher.Add(l.path(p)); err != nil {
				watcher.Close()
			}
		}
		if err != nil {
			return Value{}, l.ioError(err, "watch", p)
		}
		w := &watch{path: p, loop: m.Loop(), watcher: watcher}
		w.unhook = context.AfterFunc(l.ctx, func() { watcher.Close() })
		go w.listen(m)
		i := value.NewInstance(c)
		i.Data = w
		return i.Value(), nil
	}
}

// listen runs until the watcher is closed.
func (w *watch) listen(m *VM) {
	for {
		select {
		case e, ok := <-w.watcher.Events:
			if !ok {
				return
			}
			w.enqueue(m, watchEvent{opName(e.Op), e.Name})
		case err, ok := <-w.watcher.Errors:
			if !ok {
				return
			}
			w.enqueue(m, watchEvent{"error", err.Error()})
		}
	}
}

func opName(op fsnotify.Op) string {
	switch {
	case op.Has(fsnotify.Create):
		return "create"
	case op.Has(fsnotify.Remove):
		return "remove"
	case op.Has(fsnotify.Rename):
		return "rename"
	case op.Has(fsnotify.Write):
		return "write"
	}
	return "chmod"
}

func (w *watch) enqueue(m *VM, e watchEvent) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch n := len(w.queue); {
	case n < watchQueueMax:
		// A row of equal events says no more than one.
		if n == 0 || w.queue[n-1] != e {
			w.queue = append(w.queue, e)
		}
	case w.queue[n-1].op != "overflow":
		w.queue = append(w.queue, watchEvent{"overflow", w.path})
	}
	if !w.posted {
		w.posted = true
		w.loop.Post(backends.Func(func() { w.serve(m) }))
	}
}

// take gives the first event of the queue.
func (w *watch) take() (e watchEvent, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) == 0 {
		return e, false
	}
	e, w.queue = w.queue[0], w.queue[1:]
	return e, true
}

// serve hands events to those that wait.
func (w *watch) serve(m *VM) {
	w.mu.Lock()
	w.posted = false
	w.mu.Unlock()
	for len(w.waiters) > 0 {
		e, ok := w.take()
		if !ok {
			return
		}
		f := w.waiters[0]
		w.waiters = w.waiters[1:]
		m.Resolve(f, e.value())
	}
}

func (e watchEvent) value() Value {
	out := value.NewMap(2)
	out.SetText("op", value.Str(e.op))
	out.SetText("path", value.Str(e.path))
	return out.Value()
}

func (l *library) watchNext(m *VM, args []Value) (Value, error) {
	w := watchOf(args[0])
	f := m.NewFuture()
	if e, ok := w.take(); ok {
		m.Resolve(f, e.value())
		return f.Value(), nil
	}
	if w.closed {
		m.Resolve(f, value.Nil)
		return f.Value(), nil
	}
	w.waiters = append(w.waiters, f)
	f.OnCancel(func() {
		w.waiters = slices.DeleteFunc(w.waiters, func(g *vm.Future) bool { return g == f })
	})
	return f.Value(), nil
}

func (w *watch) close(m *VM) {
	if w.closed {
		return
	}
	w.closed = true
	if w.unhook() {
		w.watcher.Close()
	}
	for _, f := range w.waiters {
		m.Resolve(f, value.Nil)
	}
	w.waiters = nil
}
