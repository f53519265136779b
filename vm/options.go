package vm

import (
	"io"

	"gene/backends"
)

// Options configure a VM. The zero value of a field means its default.
type Options struct {
	Loop      backends.EventLoop // required
	Stdin     io.Reader
	Stdout    io.Writer
	Stderr    io.Writer
	Args      []string // $args
	Program   string   // $program
	Env       []string // as os.Environ gives it; nil: the process's
	PollEvery int      // >0: poll every so many instructions instead of at safepoints

	NoTypeCheck bool
	StrictNil   bool
	NoContracts bool
	JSON        bool // reports and warnings as JSON lines
	Debug       bool // print the compiled instructions before running

	// Inspect keeps the variables of the program's top level for a session that
	// is opened after it has failed.
	Inspect bool

	// Package is the package that the program runs in, as --pkg names it: a
	// directory or a name; "" for the one that its file lies in.
	Package string

	MaxFrames int // depth of calls; default 400 000
}
