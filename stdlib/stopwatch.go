package stdlib

import (
	"time"

	"gene/value"
	"gene/vm"
)

// defineStopwatch defines $duration_start and $duration, which the compiler
// turns into calls.
func (l *library) defineStopwatch() {
	var started time.Duration
	running := false
	micros := func(d time.Duration) Value { return value.Float(float64(d) / float64(time.Microsecond)) }
	l.functions(l.m.Dollar, []entry{
		{"duration_start", "Starts the stopwatch; gives the present moment in microseconds.", func(m *VM, args []Value) (Value, error) {
			started, running = m.Loop().Now(), true
			return micros(time.Duration(m.Loop().Wall().UnixNano())), nil
		}},
		{"duration", "Microseconds since $duration_start.", func(m *VM, args []Value) (Value, error) {
			if !running {
				return Value{}, m.Raise(m.Errors.Exception, vm.CodeRuntime, "duration_start is not set")
			}
			return micros(m.Loop().Now() - started), nil
		}},
	})
}
