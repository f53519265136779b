package backends

import (
	"fmt"
	"time"
)

// Defaults of Options.
const (
	DefaultFileWorkers  = 32                    // reads overlap well, and a blocked thread costs some 10 KiB
	DefaultNameWorkers  = 8                     // resolvers answer a few queries at a time anyway
	DefaultOtherWorkers = 16                    // databases have pools of their own
	DefaultMaxPending   = 1 << 20               // about 200 MiB of futures at the limit
	DefaultTickEvery    = 10 * time.Millisecond // as Go's own preemption
	DefaultLinger       = 5 * time.Second       // for work that nobody cancelled
)

// Options of a loop. Zero values stand for the defaults.
type Options struct {
	Seed         uint64        // order of ready completions in sim; others ignore it
	FileWorkers  int           // bound of PoolFiles
	NameWorkers  int           // bound of PoolNames
	OtherWorkers int           // bound of PoolOther
	MaxPending   int           // bound of offloaded and background work together
	TickEvery    time.Duration // period of Tick; sim ticks only if it is given
	Linger       time.Duration // how long Close waits for started work
}

// WithDefaults returns o with defaults in place of zeros, or an error that names the
// option out of range.
func (o Options) WithDefaults() (Options, error) {
	for _, f := range []struct {
		name  string
		value *int
		def   int
	}{
		{"FileWorkers", &o.FileWorkers, DefaultFileWorkers},
		{"NameWorkers", &o.NameWorkers, DefaultNameWorkers},
		{"OtherWorkers", &o.OtherWorkers, DefaultOtherWorkers},
		{"MaxPending", &o.MaxPending, DefaultMaxPending},
	} {
		if *f.value < 0 {
			return o, fmt.Errorf("loop option %s is %d (want 1 or more, or 0 for the default %d)", f.name, *f.value, f.def)
		}
		if *f.value == 0 {
			*f.value = f.def
		}
	}
	for _, f := range []struct {
		name  string
		value *time.Duration
		def   time.Duration
	}{
		{"TickEvery", &o.TickEvery, DefaultTickEvery},
		{"Linger", &o.Linger, DefaultLinger},
	} {
		if *f.value < 0 {
			return o, fmt.Errorf("loop option %s is %v (want more than 0, or 0 for the default %v)", f.name, *f.value, f.def)
		}
		if *f.value == 0 {
			*f.value = f.def
		}
	}
	return o, nil
}

// Workers returns the bound of a pool.
func (o Options) Workers(p Pool) int {
	switch p {
	case PoolFiles:
		return o.FileWorkers
	case PoolNames:
		return o.NameWorkers
	}
	return o.OtherWorkers
}
