package core

import (
	"slices"
	"sync"
)

// pool runs jobs on at most bound goroutines. They are started on demand and end when there
// is nothing to do: starting one costs less than the blocking call it is for, and nothing
// is left behind.
type pool struct {
	bound int

	mu      sync.Mutex
	jobs    []*Job // first in, first out, from head on
	head    int
	workers int
	closed  bool
}

func (p *pool) add(j *Job, running *group) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.jobs = append(p.jobs, j)
	if p.workers < p.bound {
		p.workers++
		running.start(func() { p.work(running) })
	}
	return true
}

// work is one worker's life. When a job ends the goroutine, another takes over.
func (p *pool) work(running *group) {
	idle := false
	defer func() {
		if !idle {
			running.start(func() { p.work(running) })
		}
	}()
	for {
		j := p.next()
		if j == nil {
			idle = true
			return
		}
		j.Run()
	}
}

// next takes the first job; without one it signs the worker off.
func (p *pool) next() *Job {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.head == len(p.jobs) {
		p.workers--
		p.jobs, p.head = nil, 0
		return nil
	}
	j := p.jobs[p.head]
	p.jobs[p.head] = nil
	p.head++
	if p.head > 1024 && p.head > len(p.jobs)/2 {
		p.jobs, p.head = slices.Clone(p.jobs[p.head:]), 0
	}
	return j
}

// close drops what hasn't started and returns how many.
func (p *pool) close() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	n := len(p.jobs) - p.head
	p.jobs, p.head = nil, 0
	return n
}
