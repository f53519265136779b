package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"gene/bench/claims"
	"gene/bench/result"
)

// progress tells on standard error how a run gets on: with a bar on a
// terminal, with a line for each experiment elsewhere.
type progress struct {
	out   io.Writer
	bars  *mpb.Progress
	bar   *mpb.Bar
	label string
	// saved writes what there is so far; err is why it could not.
	saved func() error
	err   error

	began   time.Time
	planned float64 // seconds, by the plans of all jobs
	left    float64 // of them those of the jobs not yet done
	current float64 // of them the job under way
	part    float64 // of it that is done
	seconds func(claims.Job) float64
}

// barSteps is the resolution of the bar.
const barSteps = 1000

func newProgress(out io.Writer, s *claims.Session, jobs []claims.Job) *progress {
	p := &progress{
		out: out, began: time.Now(), planned: s.Seconds(jobs), left: s.Seconds(jobs),
		seconds: func(j claims.Job) float64 { return s.Seconds([]claims.Job{j}) },
	}
	fmt.Fprintf(out, "%d experiments, about %s and the builds\n", len(jobs), span(p.left))
	if !isTerminal(out) {
		return p
	}
	p.bars = mpb.New(mpb.WithOutput(out), mpb.WithWidth(40))
	p.bar = p.bars.AddBar(int64(barSteps*max(1, len(jobs))), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return p.label }, decor.WC{W: 34, C: decor.DindentRight})),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return " " + span(p.remaining()) + " left" })))
	return p
}

// isTerminal reports whether w is a terminal's device.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// remaining is about how long the run still takes: as planned, or longer as
// this machine has been slower so far.
func (p *progress) remaining() float64 {
	left := max(0, p.left-p.part*p.current)
	done := p.planned - left
	if done <= 0 {
		return left
	}
	return left * max(1, time.Since(p.began).Seconds()/done)
}

// span is a time as people say it.
func span(seconds float64) string {
	return time.Duration(seconds * float64(time.Second)).Round(time.Second).String()
}

// built tells of a build that begins.
func (p *progress) built(what string) {
	if p.bar != nil {
		p.label = "building " + what
		return
	}
	fmt.Fprintf(p.out, "building %s\n", what)
}

// Begin tells of a job that begins.
func (p *progress) Begin(j claims.Job) {
	p.current, p.part = p.seconds(j), 0
	if p.bar != nil {
		p.label = j.String()
		return
	}
	fmt.Fprintf(p.out, "%s … (%s left)\n", j, span(p.remaining()))
}

// Step moves the bar.
func (p *progress) Step(part float64) {
	if p.bar != nil {
		p.bar.IncrBy(int(barSteps*part) - int(barSteps*p.part))
	}
	p.part = part
}

// End tells of a job that is done, and saves.
func (p *progress) End(j claims.Job, e *result.Experiment, err error) {
	p.Step(1)
	p.left -= p.current
	p.current, p.part = 0, 0
	p.print(outcome(j, e, err))
	if err := p.saved(); err != nil && p.err == nil {
		p.err = err
	}
}

// outcome is a line on the job's results.
func outcome(j claims.Job, e *result.Experiment, err error) string {
	switch {
	case err != nil:
		return fmt.Sprintf("%s: %v", j, err)
	case e.Missing != "":
		return fmt.Sprintf("%s: %s", j, e.Missing)
	}
	return fmt.Sprintf("%s: done in %s", j, span(e.Seconds))
}

// print writes a line, above the bar if there is one.
func (p *progress) print(line string) {
	if p.bars != nil {
		fmt.Fprintln(p.bars, line)
		return
	}
	fmt.Fprintln(p.out, line)
}

// close takes the bar away.
func (p *progress) close() {
	if p.bar != nil {
		p.bar.Abort(true)
		p.bars.Wait()
	}
}
