package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"gene/bench/result"
)

// writeEstimates prints a table of all estimates.
func writeEstimates(out io.Writer, f *result.File) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "EXPERIMENT\tLOOP\tFIGURE\tVALUE\t95 % INTERVAL\tROUNDS\tMDE")
	for i := range f.Experiments {
		e := &f.Experiments[i]
		if len(e.Estimates) == 0 && e.Missing != "" {
			fmt.Fprintf(w, "%s\t%s\t\t\t%s\t\t\n", e.Name, dash(e.Loop), e.Missing)
		}
		for _, x := range e.Estimates {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s – %s\t%d\t%s\n", e.Name, dash(e.Loop), label(x),
				figure(x.Value, x.Unit), figure(x.Low, ""), figure(x.High, ""), x.N, effectText(x))
		}
	}
	w.Flush() // errors of standard output show in the program that reads it
}

// label is an estimate's name with its program and size.
func label(e result.Estimate) string {
	text := e.Name
	if e.Program != "" {
		text += " " + e.Program
	}
	if e.X != 0 {
		text += fmt.Sprintf(" at %.0f", e.X)
	}
	return text
}

func figure(x float64, unit string) string {
	text := fmt.Sprintf("%.4g", x)
	if x >= 1e4 || x <= -1e4 {
		text = fmt.Sprintf("%.0f", x)
	}
	if unit == "" || unit == "ratio" {
		return text
	}
	return text + " " + unit
}

// effectText is the smallest difference that would be found.
func effectText(e result.Estimate) string {
	switch {
	case e.MDE == 0:
		return "-"
	case e.Unit == "ratio":
		return fmt.Sprintf("%.2g %%", 100*e.MDE)
	}
	return figure(e.MDE, e.Unit)
}

func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// writeVerdicts prints a table of the claims that the file judges.
func writeVerdicts(out io.Writer, f *result.File) {
	if !slices.ContainsFunc(f.Experiments, func(e result.Experiment) bool { return len(e.Verdicts) > 0 }) {
		return
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\nVERDICT\tCLAIM\tLOOP\tFIGURE\tLIMIT\t95 % INTERVAL\t")
	for i := range f.Experiments {
		e := &f.Experiments[i]
		for _, v := range e.Verdicts {
			x := v.Estimate
			interval, value := "", "-"
			if x.N > 0 {
				value, interval = figure(x.Value, x.Unit), fmt.Sprintf("%s – %s", figure(x.Low, ""), figure(x.High, ""))
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", v.Outcome, v.Claim, dash(e.Loop), value, limitText(v.Limit, v.AtMost, x.Unit), interval, v.Reason)
		}
	}
	w.Flush() // as above
}

// writeNotes prints the remarks on the experiments.
func writeNotes(out io.Writer, f *result.File) {
	for i := range f.Experiments {
		e := &f.Experiments[i]
		for _, note := range e.Notes {
			fmt.Fprintf(out, "note: %s: %s\n", strings.TrimSpace(e.Name+" "+e.Loop), note)
		}
	}
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
