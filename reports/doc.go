// Package reports turns a results file into what people read: plots as SVG
// and PNG, one self-contained HTML page, tables in Markdown and the section of
// README.md that quotes them. It computes no statistics: every figure it shows
// is an estimate, a span or a histogram of the file, at most divided by
// another to be set against it. Of ours it imports bench/result alone.
//
// The same file gives the same bytes, whatever the machine and the date.
//
// What is drawn follows from an experiment's kind and fields:
//
//   - Timeline: Spans, one row each, coloured by Group.
//   - Scaling, Pending: Estimates with X > 0, one line for each Name and loop;
//     a name that begins with "speedup" or "speed-up" gets the ideal line y = x,
//     and "against one" (time of N ÷ time of one) is also shown as N divided by it.
//   - Overhead: Estimates in "ratio", one row for each Program; the one
//     without a Program stands for all of them.
//   - Latency: Histogram, and Estimates named "p50", "p99", "p99.9".
//   - Peers: Estimates whose Name is the peer, one row for each Program.
//   - Load: as Pending, over the rate that was asked for.
//   - Speedup, Cost and all others: Estimates without X and Program, the
//     loops side by side.
//
// An experiment that lacks these is named with what it lacks; nothing fails.
package reports
