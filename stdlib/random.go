package stdlib

import (
	"math/rand/v2"

	"gene/value"
)

// random is a generator of random numbers that gives the same ones for the same seed.
type random struct {
	*rand.Rand
	seed int64
}

// GeneText is the printed form.
func (r *random) GeneText() string { return "<random " + itoa(r.seed) + ">" }

func randomIn(v Value) *random { return v.AsInstance().Data.(*random) }

// defineRandom defines the class Random.
func (l *library) defineRandom() {
	m := l.m
	c := m.NewClass("Random", nil)
	m.Namespace("math").Set(value.Intern("Random"), c.Value())
	m.Globals.Set(value.Intern("Random"), c.Value())
	constructor(c, func(m *VM, args []Value, kw *value.Map) (Value, error) {
		seed := rand.Int64()
		if v := arg(args, 1); v.IsSet() && !v.IsNil() {
			if !v.IsInt() {
				return argError(m, "Random requires an integer seed")
			}
			seed = v.AsInt()
		}
		args[0].AsInstance().Data = &random{rand.New(rand.NewPCG(uint64(seed), 0)), seed}
		return args[0], nil
	})
	l.methods(c, []entry{
		{"seed", "The seed it was made with.", func(m *VM, args []Value) (Value, error) {
			return value.Int(randomIn(args[0]).seed), nil
		}},
		{"float", "A random Float from 0 up to 1.", func(m *VM, args []Value) (Value, error) {
			return value.Float(randomIn(args[0]).Float64()), nil
		}},
		{"normal", "A random Float of the normal distribution with a mean and a deviation.", func(m *VM, args []Value) (Value, error) {
			mean, ok1 := orInt(arg(args, 1), 0).Number()
			deviation, ok2 := orInt(arg(args, 2), 1).Number()
			if !ok1 || !ok2 {
				return argError(m, "Random.normal requires numbers")
			}
			return value.Float(randomIn(args[0]).NormFloat64()*deviation + mean), nil
		}},
		{"int", "A random Int, both bounds included; the upper one comes first.", func(m *VM, args []Value) (Value, error) {
			return randomInt(m, args[1:], randomIn(args[0]).Uint64N, randomIn(args[0]).Uint64)
		}},
		{"bool", "A random Bool.", func(m *VM, args []Value) (Value, error) {
			return value.Bool(randomIn(args[0]).Uint64()&1 == 1), nil
		}},
		{"bytes", "So many random Bytes.", func(m *VM, args []Value) (Value, error) {
			n := arg(args, 1)
			if !n.IsInt() || n.AsInt() < 0 || n.AsInt() > textMax {
				return argError(m, "Random.bytes requires a size from 0 to %d", textMax)
			}
			b := make([]byte, n.AsInt())
			for i := range b {
				b[i] = byte(randomIn(args[0]).Uint64())
			}
			return value.NewBytes(b), nil
		}},
		{"pick", "A random element of an array.", func(m *VM, args []Value) (Value, error) {
			return sampleElements(m, []Value{orNil(arg(args, 1)), value.Nil, args[0]})
		}},
		{"sample", "So many different elements of an array in random order.", func(m *VM, args []Value) (Value, error) {
			return sampleElements(m, []Value{orNil(arg(args, 1)), orNil(arg(args, 2)), args[0]})
		}},
		{"shuffle", "The elements of an array in random order.", func(m *VM, args []Value) (Value, error) {
			if arg(args, 1).Kind() != value.KindArray {
				return argError(m, "Random.shuffle requires an array")
			}
			return arrayShuffle(m, []Value{args[1], args[0]})
		}},
	})
}

// orInt gives an operand or, if there is none, a number.
func orInt(v Value, n int64) Value {
	if v.IsSet() && !v.IsNil() {
		return v
	}
	return value.Int(n)
}
