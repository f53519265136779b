// Package result is the form of what genebench measures: raw samples, the
// estimates made of them, the verdicts on claims, and the machine they are
// from. The runner writes it, the reports read it, and nothing else passes
// between the two.
package result

import "time"

// Schema is the version of the file's form. A file of another version is
// refused: its figures may mean something else.
const Schema = 1

// File is one run of genebench.
type File struct {
	Schema  int       `json:"schema"`
	Started time.Time `json:"started"`
	// Seconds is how long the run took.
	Seconds float64 `json:"seconds"`
	// Mode is "quick" or "full"; claims are only judged by the numbers of
	// rounds that the mode fixed beforehand.
	Mode string `json:"mode"`
	// Command is the line that repeats the run.
	Command string `json:"command"`
	// Complete is false when the run was interrupted or an experiment failed.
	Complete    bool         `json:"complete"`
	Env         Env          `json:"env"`
	Experiments []Experiment `json:"experiments"`
}

// Env is the machine and the build that a file's figures belong to. Times of
// two files are comparable only if their Env agree.
type Env struct {
	OS         string   `json:"os"`
	Arch       string   `json:"arch"`
	CPU        string   `json:"cpu"`
	Cores      int      `json:"cores"`
	MemoryMB   int64    `json:"memory_mb"`
	Kernel     string   `json:"kernel"`
	Go         string   `json:"go"`
	Commit     string   `json:"commit"`
	Dirty      bool     `json:"dirty"`
	GOMAXPROCS int      `json:"gomaxprocs"`
	Loops      []string `json:"loops"`
	// Load1 is the load average over a minute when the run began.
	Load1 float64 `json:"load1"`
	// Warnings says what makes these figures worth less: one processor, no
	// steal counter, a busy machine.
	Warnings []string `json:"warnings,omitempty"`
}

// Kind says which picture and table an experiment gives.
type Kind string

// The kinds of experiments.
const (
	// Speedup: one point, the quotient of a sequential and a concurrent time.
	Speedup Kind = "speedup"
	// Scaling: series over X = number of operations.
	Scaling Kind = "scaling"
	// Timeline: Spans of operations, one row for each.
	Timeline Kind = "timeline"
	// Overhead: one estimate for each program and one for all of them.
	Overhead Kind = "overhead"
	// Latency: Histogram and percentiles.
	Latency Kind = "latency"
	// Pending: series over X = number of pending operations.
	Pending Kind = "pending"
	// Cost: one estimate of a time or a size for an operation.
	Cost Kind = "cost"
	// Load: rate, percentiles and processor time of a server.
	Load Kind = "load"
	// Peers: one estimate for each program and peer.
	Peers Kind = "peers"
)

// Experiment is one thing measured on one loop.
type Experiment struct {
	// Name is unique in the file, "speedup/fifo" or "pending/timer"; the loop
	// is kept apart.
	Name  string `json:"name"`
	Kind  Kind   `json:"kind"`
	Loop  string `json:"loop,omitempty"`
	Title string `json:"title"`
	// Method is a sentence: what ran, how often, what the figure is.
	Method string `json:"method"`
	// Command repeats this experiment alone.
	Command   string     `json:"command"`
	Seconds   float64    `json:"seconds"`
	Series    []Series   `json:"series,omitempty"`
	Estimates []Estimate `json:"estimates,omitempty"`
	Spans     []Span     `json:"spans,omitempty"`
	Histogram *Histogram `json:"histogram,omitempty"`
	Verdicts  []Verdict  `json:"verdicts,omitempty"`
	// Missing says why the experiment gave no figures: a peer that is not
	// installed, a loop that the platform lacks, a program that failed.
	Missing string `json:"missing,omitempty"`
	// Notes are remarks for the reader, such as rounds that were dropped.
	Notes []string `json:"notes,omitempty"`
}

// Series is a run of raw samples of one variant: "sequential", "concurrent",
// "lua5.4". Two series of an experiment are paired by Layout, Round and Turn.
type Series struct {
	Name string `json:"name"`
	// Program tells the series of several programs apart; empty for one.
	Program string `json:"program,omitempty"`
	// Unit of the values: "ns", "ms", "B", "ops/s", "ns/op", "B/op".
	Unit    string   `json:"unit"`
	Samples []Sample `json:"samples"`
}

// Sample is one measurement.
type Sample struct {
	// X is the size in Scaling and Pending, else 0.
	X float64 `json:"x,omitempty"`
	// Layout counts the code layouts of the binary, Round the rounds in one,
	// Turn the two runs of a variant in an ABBA round.
	Layout int     `json:"layout,omitempty"`
	Round  int     `json:"round"`
	Turn   int     `json:"turn,omitempty"`
	Value  float64 `json:"value"`
	// StealMS is processor time the hypervisor took from the machine meanwhile,
	// Switches the involuntary context switches of the measured process.
	StealMS  float64 `json:"steal_ms,omitempty"`
	Switches int64   `json:"switches,omitempty"`
	// WallMS and PeakKB are the time and the peak resident set in KiB of the
	// whole process, in Peers; 0 where the system doesn't tell them.
	WallMS float64 `json:"wall_ms,omitempty"`
	PeakKB int64   `json:"peak_kb,omitempty"`
	// Dropped names the rule that left this sample out of the estimates.
	Dropped string `json:"dropped,omitempty"`
}

// Estimate is a figure with its 95 % interval.
type Estimate struct {
	Name    string  `json:"name"`
	Program string  `json:"program,omitempty"`
	X       float64 `json:"x,omitempty"`
	Unit    string  `json:"unit"` // "ratio" for a quotient
	Value   float64 `json:"value"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
	// N is the number of rounds that count, MDE the smallest difference that
	// this many would find in 80 of 100 runs (same unit; 0 where not meant).
	N   int     `json:"n"`
	MDE float64 `json:"mde,omitempty"`
}

// Span is one operation on a timeline, in milliseconds from the run's start.
type Span struct {
	Group string  `json:"group"` // "sequential", "concurrent"
	Label string  `json:"label"`
	Start float64 `json:"start"`
	End   float64 `json:"end"`
}

// Histogram counts values in buckets whose bounds are Bounds[i] (included) to
// Bounds[i+1]; there is one count fewer than there are bounds.
type Histogram struct {
	Unit   string    `json:"unit"`
	Bounds []float64 `json:"bounds"`
	Counts []int64   `json:"counts"`
}

// Outcome of a claim.
type Outcome string

// The three outcomes. Undecided is the interval that contains the limit.
const (
	Pass      Outcome = "pass"
	Fail      Outcome = "fail"
	Undecided Outcome = "undecided"
)

// Verdict is what an experiment says of a claim.
type Verdict struct {
	// Claim is its short name, "concurrent-reads".
	Claim string `json:"claim"`
	// Text is the claim in words, with its figure.
	Text string `json:"text"`
	// Limit is the figure, AtMost whether the estimate must stay below it.
	Limit    float64  `json:"limit"`
	AtMost   bool     `json:"at_most"`
	Estimate Estimate `json:"estimate"`
	Outcome  Outcome  `json:"outcome"`
	// Reason is said for a claim that could not be judged.
	Reason string `json:"reason,omitempty"`
}

// Judge compares a whole interval with the limit: it passes only if all of it
// is on the right side and fails only if all of it is on the wrong one.
func Judge(e Estimate, limit float64, atMost bool) Outcome {
	low, high := e.Low, e.High
	if !atMost {
		low, high, limit = -e.High, -e.Low, -limit
	}
	switch {
	case high <= limit:
		return Pass
	case low > limit:
		return Fail
	}
	return Undecided // also for an interval that is not a number
}
