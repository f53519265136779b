package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gene/backends"
	_ "gene/backends/evio" // registers itself, as the next
	"gene/backends/goroutine"
	_ "gene/backends/netpoll"
	_ "gene/backends/sim"
	"gene/stdlib"
	_ "gene/stdlib/database" // genex/sqlite, genex/postgres
	"gene/vm"
)

// execOptions are the options of the commands that execute programs.
type execOptions struct {
	loop      string
	seed      uint64
	pollEvery int
	loopStats bool

	contracts   string
	noTypeCheck bool
	strictNil   bool
	json        bool
	debug       bool
	nativeTier  string
	pkg         string
	replOnError bool
	leakReport  string // file for what gene test wants to know
	cpuProfile  string // file
}

// addExecOptions declares the options for a command.
func addExecOptions(cmd *cobra.Command, o *execOptions) {
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.loop, "loop", goroutine.Name, "event loop: "+strings.Join(backends.Names(), ", "))
	f.Uint64Var(&o.seed, "seed", 0, "order of ready completions, for --loop=sim")
	f.IntVar(&o.pollEvery, "poll-every", 0, "look at the event loop every so many instructions, not at safepoints")
	f.BoolVar(&o.loopStats, "loop-stats", false, "table of the loop's counters on standard error at the end")
	f.StringVar(&o.contracts, "contracts", "on", "on or off: check ^pre and ^post")
	f.BoolVar(&o.noTypeCheck, "no-type-check", false, "no checks of type annotations and no warnings of them")
	f.BoolVar(&o.strictNil, "strict-nil", false, "nil passes a type only if the type has it")
	f.BoolVar(&o.json, "json", false, "reports and warnings as lines of JSON")
	f.BoolVarP(&o.debug, "debug", "d", false, "log level DEBUG, and print the compiled instructions first")
	f.StringVar(&o.pkg, "pkg", "", "run inside this package: a directory, or a name that is looked up")
	f.SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		if name == "no-typecheck" {
			name = "no-type-check"
		}
		return pflag.NormalizedName(name)
	})
	addIgnoredOptions(f, o)
}

// addIgnoredOptions declares options that scripts pass and that have nothing
// to switch here: there is one tier of execution and no cache of compiled code.
func addIgnoredOptions(f *pflag.FlagSet, o *execOptions) {
	const ignored = "accepted; has no effect"
	for _, name := range []string{
		"native-code", "no-gir-cache", "force-compile", "checked-vm",
		"trace", "trace-instruction", "compile", "profile", "profile-instructions",
	} {
		f.Bool(name, false, ignored)
	}
	f.StringVar(&o.nativeTier, "native-tier", "never", ignored+"; never, guarded or fully-typed")
}

// newVM makes a machine as the options say.
func (o *execOptions) newVM(s streams, program string, args []string) (*vm.VM, error) {
	contracts, err := o.check()
	if err != nil {
		return nil, err
	}
	loop, err := backends.New(o.loop, backends.Options{Seed: o.seed})
	if err != nil {
		return nil, usagef("%v", err)
	}
	m, err := stdlib.New(vm.Options{
		Loop: loop, Stdin: s.input(), Stdout: s.out, Stderr: s.err,
		Program: program, Args: args, PollEvery: o.pollEvery,
		NoTypeCheck: o.noTypeCheck, StrictNil: o.strictNil, NoContracts: !contracts,
		JSON: o.json, Debug: o.debug, Package: o.pkg, Inspect: o.replOnError,
	})
	if err == nil {
		defineRepl(m, s)
	}
	return m, err
}

// check looks at the values that the flag parser takes as they come.
func (o *execOptions) check() (contracts bool, err error) {
	switch o.contracts {
	case "on", "true", "1":
		contracts = true
	case "off", "false", "0":
	default:
		return false, usagef("Unknown contracts mode: %s", o.contracts)
	}
	switch o.nativeTier {
	case "never", "guarded", "fully-typed":
	default:
		return false, usagef("Unknown native tier: %s", o.nativeTier)
	}
	if o.pollEvery < 0 {
		return false, usagef("Invalid value of option --poll-every: \"%d\" (want 0 or more)", o.pollEvery)
	}
	return contracts, nil
}

// addReplOnError declares the option of commands that run one program.
func addReplOnError(cmd *cobra.Command, o *execOptions) {
	cmd.Flags().BoolVar(&o.replOnError, "repl-on-error", false, "after an uncaught exception evaluate forms where it happened, with $ex")
}

// execute runs a program to its end and gives the exit code. Ctrl-C ends it.
func (o *execOptions) execute(m *vm.VM, s streams, name string, text []byte) int {
	stop := onInterrupt(m)
	code := m.RunMain(name, text)
	stop()
	if session := m.Uncaught(); session != nil && o.replOnError {
		code = o.inspect(m, s, session, code)
	}
	return o.finish(m, s, code)
}

// inspect opens a session in a program that has failed with an exit code, and
// gives that of the session if it was left by (exit).
func (o *execOptions) inspect(m *vm.VM, s streams, session *vm.Session, failed int) int {
	r := &repl{m: m, session: session, s: s, lines: newLineReader(s)}
	code, err := r.run()
	if closeErr := r.lines.close(); err == nil {
		err = closeErr
	}
	if err != nil {
		fmt.Fprintf(s.err, "Error: %v\n", err)
	}
	if code == exitOK {
		return failed
	}
	return code
}

// finish closes a machine, prints what was asked for, and gives the exit code.
func (o *execOptions) finish(m *vm.VM, s streams, code int) int {
	if err := m.Close(); err != nil {
		fmt.Fprintf(s.err, "Error: %v\n", err)
		if code == exitOK {
			code = exitFailed
		}
	}
	if o.loopStats {
		writeStats(s.err, m.Loop())
	}
	return code
}

// writeStats prints the counters of a loop.
func writeStats(w io.Writer, loop backends.EventLoop) {
	s := loop.Stats()
	fmt.Fprintf(w, "event loop %s\n", loop.Name())
	for _, row := range []struct {
		name  string
		value any
	}{
		{"polls", s.Polls}, {"polls that waited", s.Blocked},
		{"completions", s.Completions},
		{"timers started", s.TimersStarted}, {"timers fired", s.TimersFired},
		{"timers stopped", s.TimersStopped}, {"timers pending", s.TimersPending},
		{"works offloaded", s.Offloaded}, {"works in background", s.Background},
		{"works refused", s.Rejected}, {"dropped at close", s.Dropped},
		{"ticks", s.Ticks}, {"queue depth, max", s.QueueMax},
		{"lag, mean", s.LagMean}, {"lag, p50", s.LagP50}, {"lag, p99", s.LagP99},
		{"lag, p99.9", s.LagP999}, {"lag, max", s.LagMax},
	} {
		fmt.Fprintf(w, "  %-20s %12v\n", row.name, row.value)
	}
	writeNetStats(w, s.Net)
}

// writeNetStats prints the ledger of a loop that had sockets.
func writeNetStats(w io.Writer, n backends.NetStats) {
	if n == (backends.NetStats{}) {
		return
	}
	for _, row := range []struct {
		name  string
		value int64
	}{
		{"connections accepted", n.Accepted}, {"connections dialled", n.Dialled},
		{"connections refused", n.Refused}, {"connections open", n.Open},
		{"bytes read", n.Read}, {"bytes delivered", n.Delivered}, {"bytes read, lost", n.ReadLost},
		{"bytes to write", n.Taken}, {"bytes sent", n.Sent}, {"bytes to write, lost", n.WriteLost},
		{"read by the library", n.LibraryIn}, {"sent by the library", n.LibraryOut},
		{"read past it", n.DirectIn}, {"sent past it", n.DirectOut},
		{"read by package net", n.StandardIn}, {"sent by package net", n.StandardOut},
		{"datagrams read", n.PacketsIn}, {"datagrams sent", n.PacketsOut}, {"datagrams dropped", n.PacketsDropped},
	} {
		fmt.Fprintf(w, "  %-20s %12v\n", row.name, row.value)
	}
}
