package stdlib

import (
	"gene/value"
	"gene/vm"
)

// events is the queue of genex/pub and genex/sub (10.8). Each event has a call
// of deliver in the scheduler's queue, so events and callbacks of futures run
// in the order in which they came.
type events struct {
	subs  map[string][]*subscription // by event name
	queue []event
	bare  map[string]bool // names of the events in queue without payload
	class *value.Class    // of subscriptions
}

// event is what pub has queued.
type event struct {
	name     string
	payload  Value // unset when there is none
	combined bool  // another one that is equal is dropped
}

// subscription is one call of sub.
type subscription struct {
	name string
	fn   Value // unset once it has ended
}

// GeneText is the printed form.
func (s *subscription) GeneText() string { return "<subscription " + s.name + ">" }

// defineEvents defines genex/pub, genex/sub and genex/unsub.
func (l *library) defineEvents() {
	e := &events{subs: map[string][]*subscription{}, bare: map[string]bool{}, class: value.NewClass("Subscription", l.m.Object())}
	ns := l.m.Namespace("genex")
	l.functions(ns, []entry{
		{"sub", "Calls a function for each event of a name.", e.sub},
		{"unsub", "Ends a subscription.", func(m *VM, args []Value) (Value, error) {
			if s, ok := e.subscription(arg(args, 0)); ok {
				e.end(s)
				return value.Nil, nil
			}
			return argError(m, "genex/unsub requires a subscription")
		}},
	})
	l.kwFunctions(ns, []kwEntry{{"pub", "Queues an event for its subscribers.", e.pub}})
	l.methods(e.class, []entry{{"unsub", "Ends the subscription.", func(m *VM, args []Value) (Value, error) {
		if s, ok := e.subscription(args[0]); ok {
			e.end(s)
		}
		return value.Nil, nil
	}}})
}

func (e *events) subscription(v Value) (*subscription, bool) {
	if v.Kind() != value.KindInstance {
		return nil, false
	}
	s, ok := v.AsInstance().Data.(*subscription)
	return s, ok
}

// eventName gives the name in an operand.
func eventName(m *VM, v Value) (string, error) {
	if k := v.Kind(); k != value.KindSymbol && k != value.KindPath {
		return "", m.ArgError("genex/pub and genex/sub require a symbol or complex symbol event type")
	}
	return value.Print(v), nil
}

func (e *events) sub(m *VM, args []Value) (Value, error) {
	if len(args) != 2 {
		return argError(m, "genex/sub requires an event_type and a callback")
	}
	name, err := eventName(m, args[0])
	if err != nil {
		return Value{}, err
	}
	if !m.Callable(args[1]) {
		return argError(m, "genex/sub callback must be a function, native function, native method, bound method, or block")
	}
	s := &subscription{name, args[1]}
	e.subs[name] = append(e.subs[name], s)
	i := value.NewInstance(e.class)
	i.Data = s
	return i.Value(), nil
}

// end ends a subscription; what is on its way to it is not delivered.
func (e *events) end(s *subscription) {
	s.fn = Value{}
	old := e.subs[s.name]
	kept := make([]*subscription, 0, len(old)) // deliver may be walking the old ones
	for _, o := range old {
		if o != s {
			kept = append(kept, o)
		}
	}
	if len(kept) == 0 {
		delete(e.subs, s.name)
		return
	}
	e.subs[s.name] = kept
}

func (e *events) pub(m *VM, args []Value, kw *value.Map) (Value, error) {
	if len(args) < 1 || len(args) > 2 {
		return argError(m, "genex/pub requires an event_type and optional payload")
	}
	name, err := eventName(m, args[0])
	if err != nil {
		return Value{}, err
	}
	combine := keyword(kw, "combine")
	ev := event{name, arg(args, 1), len(args) == 1 || combine.IsSet() && combine.Truthy()}
	if ev.combined && e.queued(ev) {
		return value.Nil, nil
	}
	e.queue = append(e.queue, ev)
	if !ev.payload.IsSet() {
		e.bare[name] = true
	}
	m.PostCall(vm.NewNative("deliver", e.deliver).Value())
	return value.Nil, nil
}

// queued tells whether an equal event is waiting.
func (e *events) queued(ev event) bool {
	if !ev.payload.IsSet() {
		return e.bare[ev.name]
	}
	for _, o := range e.queue {
		if o.name == ev.name && o.payload.IsSet() && value.Equal(o.payload, ev.payload) {
			return true
		}
	}
	return false
}

// deliver takes the first event off the queue and has its subscribers called,
// each in a task of its own.
func (e *events) deliver(m *VM, args []Value) (Value, error) {
	ev := e.queue[0]
	e.queue[0] = event{}
	if e.queue = e.queue[1:]; len(e.queue) == 0 {
		e.queue = nil
	}
	if !ev.payload.IsSet() {
		delete(e.bare, ev.name)
	}
	for _, s := range e.subs[ev.name] {
		m.PostCall(vm.NewNative("event", func(m *VM, args []Value) (Value, error) {
			switch {
			case !s.fn.IsSet():
				return value.Nil, nil
			case !ev.payload.IsSet():
				return m.Invoke(s.fn, nil, nil)
			}
			return m.Invoke(s.fn, []Value{ev.payload}, nil)
		}).Value())
	}
	return value.Nil, nil
}
