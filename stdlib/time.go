package stdlib

import (
	"time"

	"gene/value"
)

// defineTime defines the clocks and sleeping (13.4).
func (l *library) defineTime() {
	m := l.m
	l.functions(m.Namespace("time"), []entry{
		{"now", "Seconds since 1970.", func(m *VM, args []Value) (Value, error) {
			return value.Int(m.Loop().Wall().Unix()), nil
		}},
		{"now_us", "Microseconds since 1970.", func(m *VM, args []Value) (Value, error) {
			return value.Int(m.Loop().Wall().UnixMicro()), nil
		}},
	})
	l.functions(m.Globals, []entry{
		{"sleep", "Blocks the whole program, or an actor, for a time: Int milliseconds or Float seconds.", l.sleep},
		{"sleep_async", "A future that succeeds after a time.", sleepAsync},
	})
}

// sleep stops everything: other tasks don't run meanwhile. In an actor's handler
// it stops the actor only.
func (l *library) sleep(m *VM, args []Value) (Value, error) {
	d, ok := duration(arg(args, 0), time.Millisecond)
	if !ok {
		return argError(m, "sleep requires a number (milliseconds)")
	}
	if d > 0 && m.InActor() {
		return l.await(m.SleepFuture(d))
	}
	if d > 0 {
		if err := m.Out().Flush(); err != nil {
			return Value{}, l.flushed(err)
		}
		m.Loop().Sleep(d)
	}
	return value.Nil, nil
}

func sleepAsync(m *VM, args []Value) (Value, error) {
	d, ok := duration(arg(args, 0), time.Millisecond)
	if !ok {
		f := m.NewFuture()
		m.Fail(f, m.ArgError("sleep_async requires a number (milliseconds)"))
		return f.Value(), nil
	}
	return m.SleepFuture(max(d, 0)), nil
}
