package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"gene/bench/claims"
	"gene/bench/peer"
)

func newPeersCommand() *cobra.Command {
	var o measuring
	var set string
	var names []string
	var list bool
	cmd := &cobra.Command{
		Use:   "peers [PROGRAM…]",
		Short: "compare Gene with other languages",
		Long: `Runs programs in Gene and in other languages in turn, and prints Gene's time over
theirs, with the wall time and the peak memory of the processes. A language that is not
installed, that can't be built, can't express a program or takes too long for it is left
out, with the reason. The set cpu counts processor time, the set async what the programs
measure themselves. genebench run measures both sets against all languages.`,
		Example: `  genebench peers --list
  genebench peers --peers=lua5.4,goja fib loop
  genebench peers --set=async --loop=netpoll`,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := comparison(peer.Set(set), names, args)
			c.Short = o.quick
			if err != nil {
				return &usageError{err}
			}
			if err := o.check(); err != nil {
				return err
			}
			if list {
				return listPeers(cmd.OutOrStdout(), o.repo, c.Peers)
			}
			f, err := o.measureList(cmd, []claims.Experiment{c.Experiment()})
			if f != nil {
				writePeers(cmd.OutOrStdout(), f)
				writeNotes(cmd.OutOrStdout(), f)
			}
			if err != nil {
				return err
			}
			return exitWith(runCode(f))
		},
	}
	addMeasuringOptions(cmd, &o, "")
	cmd.Flags().Lookup("quick").Usage = "fewer rounds, and shorter programs in the set cpu"
	cmd.Flags().StringVar(&set, "set", string(peer.CPU), "set of programs: cpu or async")
	cmd.Flags().StringSliceVar(&names, "peers", nil, "peers to compare with (default all that serve the set)")
	cmd.Flags().BoolVar(&list, "list", false, "list the peers, and which are there")
	return cmd
}

// comparison looks up what the command line names.
func comparison(set peer.Set, names, programs []string) (c claims.PeerComparison, err error) {
	if set != peer.CPU && set != peer.Async {
		return c, usagef("--set=%s: want cpu or async", set)
	}
	c.Set = set
	if c.Peers, err = peer.Find(set, names...); err != nil {
		return c, err
	}
	c.Programs, err = peer.Programs(set, programs...)
	return c, err
}

// listPeers tells which peers are there.
func listPeers(out io.Writer, repo string, peers []peer.Peer) error {
	runner, err := peer.New(peer.Options{Root: repo})
	if err != nil {
		return err
	}
	defer runner.Close() // a temporary directory
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PEER\tWHAT\tVERSION")
	for _, p := range peers {
		s := runner.Status(p)
		version := s.Version
		if s.Missing != "" {
			version = "missing: " + firstLine(s.Missing)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", p.Name, p.Title, version)
	}
	return w.Flush()
}
