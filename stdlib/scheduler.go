package stdlib

import "gene/value"

// defineScheduler defines what programs say to the scheduler. The function
// run_forever is in the prelude, because it awaits.
func (l *library) defineScheduler() {
	l.functions(l.m.Globals, []entry{
		{"%forever", "The future that run_forever waits for.", func(m *VM, args []Value) (Value, error) {
			return m.RunForever().Value(), nil
		}},
		{"stop_scheduler", "Ends the wait of run_forever, if there is one.", func(m *VM, args []Value) (Value, error) {
			m.StopScheduler()
			return value.Nil, nil
		}},
	})
}
