package claims

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"gene/bench/result"
)

// Job is an experiment on a loop.
type Job struct {
	Experiment Experiment
	Loop       string // empty for one that doesn't depend on it
}

// String is what progress and messages call it.
func (j Job) String() string {
	if j.Loop == "" {
		return j.Experiment.Name
	}
	return j.Experiment.Name + " on " + j.Loop
}

// Jobs lists what a session runs of some experiments: each on each loop.
func (s *Session) Jobs(list []Experiment) []Job {
	var jobs []Job
	for _, e := range list {
		loops := s.Loops
		switch {
		case e.AnyLoop:
			loops = []string{""}
		case e.OneLoop, e.QuickOnOne && s.Quick:
			loops = loops[:1]
		}
		for _, loop := range loops {
			jobs = append(jobs, Job{e, loop})
		}
	}
	return jobs
}

// Seconds is about how long the jobs take, builds not included.
func (s *Session) Seconds(jobs []Job) float64 {
	sum := 0.0
	for _, j := range jobs {
		sum += j.Experiment.plan(s.Quick).Seconds
	}
	return sum
}

// Observer is told how a run gets on.
type Observer interface {
	// Begin tells of a job.
	Begin(j Job)
	// Step tells what part of the job is done, from 0 to 1.
	Step(done float64)
	// End tells of a job's results; err is why they are not whole.
	End(j Job, e *result.Experiment, err error)
}

// Run runs the jobs one after another and adds their results to f. A job that fails leaves
// what it measured, and the next one goes on; the end of ctx ends the run. f.Complete tells
// whether all went well. The error is that of ctx alone.
func (s *Session) Run(ctx context.Context, jobs []Job, f *result.File, o Observer) error {
	start := time.Now()
	f.Complete = true
	for _, j := range jobs {
		o.Begin(j)
		e, err := s.runJob(ctx, j, o)
		f.Experiments = append(f.Experiments, *e)
		f.Complete = f.Complete && err == nil
		f.Seconds = time.Since(start).Seconds()
		o.End(j, e, err)
		if cause := context.Cause(ctx); cause != nil {
			f.Complete = false
			return cause
		}
	}
	return nil
}

// runJob runs one job. Its results are there even with an error.
func (s *Session) runJob(ctx context.Context, j Job, o Observer) (*result.Experiment, error) {
	e := j.Experiment
	out := &result.Experiment{
		Name: e.Name, Kind: e.Kind, Loop: j.Loop, Title: e.Title, Method: e.Method,
		Command: s.command(j),
	}
	r := &run{Session: s, loop: j.Loop, plan: e.plan(s.Quick), out: out, observer: o, turns: 2}
	if e.Single {
		r.turns = 1
	}
	if r.plan.Rounds == 0 {
		out.Missing = "only measured in full mode"
		return out, nil
	}
	start := time.Now()
	err := e.run(ctx, r)
	out.Seconds = time.Since(start).Seconds()
	if err != nil {
		out.Missing = firstLine(err)
		out.Verdicts = r.unjudged("the experiment did not end: " + firstLine(err))
	}
	return out, err
}

// command is the line that repeats a job alone.
func (s *Session) command(j Job) string {
	text := cmp.Or(j.Experiment.command, "genebench run "+j.Experiment.Name)
	if j.Loop != "" {
		text += " --loop=" + j.Loop
	}
	if s.Quick {
		text += " --quick"
	}
	return text
}

// unjudged gives the verdicts of an experiment that gave none.
func (r *run) unjudged(reason string) []result.Verdict {
	var list []result.Verdict
	for _, c := range Table {
		if c.Experiment == r.out.Name {
			v := c.verdict(noEstimate)
			v.Reason = reason
			list = append(list, v)
		}
	}
	return list
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// PlanText says how much a mode runs of an experiment.
func (e *Experiment) PlanText(quick bool) string {
	p := e.plan(quick)
	switch {
	case p.Rounds == 0:
		return "-"
	case p.Layouts > 0:
		return fmt.Sprintf("%d layouts of %d rounds", p.Layouts, p.Rounds)
	}
	return fmt.Sprintf("%d rounds", p.Rounds)
}
