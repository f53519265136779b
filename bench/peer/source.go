package peer

import (
	"fmt"
	"strconv"

	"gene/bench/feed"
	"gene/bench/measure"
)

// source is what one run of an Async program reads: the program's arguments,
// and how much it must have read in the end.
type source struct {
	args  []string
	size  int // bytes that it must have read; 0: it reads nothing
	close func() error
}

// feed sets up what the program reads at that size.
func (r *Runner) feed(prog Program, size []string) (source, error) {
	if prog.feed == nothing {
		return source{args: size, close: func() error { return nil }}, nil
	}
	if len(size) != 1 {
		return source{}, fmt.Errorf("the size is a number of readers, got %q", size)
	}
	n, err := strconv.Atoi(size[0])
	if err != nil || n < 1 {
		return source{}, fmt.Errorf("the size is a number of readers, got %q", size[0])
	}
	s := source{size: n * len(feed.Text)}
	if prog.feed == fifos {
		f, err := feed.NewFIFOs(n, r.delay)
		if err != nil {
			return source{}, err
		}
		s.args, s.close = f.Paths(), f.Close
		return s, nil
	}
	f, err := feed.NewSockets(r.delay)
	if err != nil {
		return source{}, err
	}
	s.args, s.close = []string{f.Address(), size[0]}, f.Close
	return s, nil
}

// check compares what the program says that it read with what was sent.
func (s source) check(stdout string) error {
	if s.size == 0 {
		return nil
	}
	size, err := measure.Figure(stdout, "size")
	if err == nil && int(size) != s.size {
		err = fmt.Errorf("read %.0f of %d characters", size, s.size)
	}
	return err
}
