package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"gene/bench/peer"
	"gene/bench/result"
)

// writePeers prints what each program cost in Gene and in every other
// language, and the means.
func writePeers(out io.Writer, f *result.File) {
	for i := range f.Experiments {
		e := &f.Experiments[i]
		if e.Missing != "" {
			fmt.Fprintf(out, "%s: %s\n", strings.TrimSpace(e.Name+" "+e.Loop), e.Missing)
		}
		if len(e.Series) == 0 {
			continue
		}
		fmt.Fprintf(out, "%s\n", strings.TrimSpace(e.Title+" "+onLoop(e.Loop)))
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "PROGRAM\tLANGUAGE\tMEDIAN\tWALL\tPEAK MEMORY\tGENE'S / PEER'S\t95 % INTERVAL\tROUNDS")
		for _, s := range e.Series {
			writePeer(w, e, s)
		}
		for _, x := range e.Estimates {
			if x.Program == "" {
				fmt.Fprintf(w, "geometric mean\t%s\t\t\t\t%s\n", x.Name, ratioText(x))
			}
		}
		w.Flush() // errors of standard output show in the program that reads it
	}
}

func onLoop(loop string) string {
	if loop == "" {
		return ""
	}
	return "on " + loop
}

func writePeer(w io.Writer, e *result.Experiment, s result.Series) {
	u, ok := e.Usage(s.Name, s.Program)
	if !ok {
		return
	}
	ratio := "\t\t"
	if x, ok := e.Estimate(s.Name, s.Program, 0); ok && s.Name != peer.Gene().Name {
		ratio = ratioText(x)
	}
	memory := "-"
	if u.PeakMB > 0 {
		memory = fmt.Sprintf("%.0f MiB", u.PeakMB)
	}
	fmt.Fprintf(w, "%s\t%s\t%s\t%.0f ms\t%s\t%s\n", s.Program, s.Name, figure(u.Value, u.Unit), u.WallMS, memory, ratio)
}

// ratioText is the last three columns.
func ratioText(x result.Estimate) string {
	return fmt.Sprintf("%s\t%s – %s\t%d", figure(x.Value, ""), figure(x.Low, ""), figure(x.High, ""), x.N)
}
