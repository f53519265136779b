package claims

import "gene/bench/result"

// Claim is a sentence with a figure, and the experiment that judges it.
type Claim struct {
	// ID is its short name, which verdicts carry.
	ID   string
	Text string
	// Limit is the figure that the whole interval must stay below (AtMost) or above.
	Limit  float64
	AtMost bool
	Unit   string
	// Experiment is the name of the one that judges it.
	Experiment string
}

// Table is all that we claim.
var Table = []Claim{
	{"concurrent-reads", "three concurrent slow FIFO reads take the time of one: speed-up at least 2.9 of the possible 3.0", 2.9, false, "ratio", "speedup/fifo"},
	{"concurrent-sockets", "three concurrent reads of slow connections take the time of one: speed-up at least 2.9", 2.9, false, "ratio", "speedup/socket"},
	{"concurrent-sleeps", "three concurrent sleeps take the time of one: speed-up at least 2.9", 2.9, false, "ratio", "speedup/sleep"},
	{"many-sleeps", "1 000 concurrent sleeps take at most 1.06 times as long as one", 1.06, true, "ratio", "scaling/sleep"},
	{"many-reads", "100 concurrent FIFO reads take at most 1.1 times as long as in plain Go", 1.1, true, "ratio", "scaling/fifo"},
	{"idle-loop", "code that uses no async runs less than 1 % slower beside a loop that holds 1 000 timers, a listener and 10 pending reads", 1.01, true, "ratio", "overhead/idle"},
	{"no-async-cost", "code that uses no async runs less than 1 % slower than in a build without safepoints", 1.01, true, "ratio", "overhead/structural"},
	{"timer-latency", "a busy program sees a timer at most 100 µs after it is due, in 99 of 100 cases", 100, true, "us", "latency/timer"},
	{"socket-latency", "a busy program sees what comes on a connection at most 100 µs after the loop has it, in 99 of 100 cases", 100, true, "us", "latency/socket"},
	{"timer-memory", "the future of a pending timer takes at most 200 B, with 1 000 000 at once", 200, true, "B", "memory/timers"},
	{"task-memory", "a task parked in a sleep of its own takes at most 600 B, with 1 000 000 at once", 600, true, "B", "memory/tasks"},
	{"flat-loop", "an event of the loop costs at most 1.5 times as much with 1 000 000 timers pending as with 10", flat, true, "ratio", "pending/loop"},
	{"flat-timer", "a timer set, fired and awaited by a program costs at most 1.5 times as much with 1 000 000 others pending as with 10", flat, true, "ratio", "pending/program"},
	{"flat-switch", "a switch between tasks costs at most 1.5 times as much with 1 000 000 timers pending as with 10", flat, true, "ratio", "pending/program"},
	{"spawn", "a trivial task is spawned and awaited in at most 300 ns", 300, true, "ns", "tasks/spawn"},
	{"switch", "a switch between parked tasks takes at most 200 ns", 200, true, "ns", "tasks/switch"},
	{"million-tasks", "1 000 000 tasks sleep at once in a process of at most 700 MiB, and wake in order", 700, true, "MiB", "tasks/million"},
	{"startup", "gene eval 1 takes at most 15 ms", 15, true, "ms", "startup/eval"},
}

// flat is the limit for what shall not grow with what is pending: beyond half as much again it
// grows, below it the caches of the processor are enough of a reason.
const flat = 1.5

// ClaimByID finds a claim.
func ClaimByID(id string) (Claim, bool) {
	for _, c := range Table {
		if c.ID == id {
			return c, true
		}
	}
	return Claim{}, false
}

// verdict judges a claim by an estimate; one of no rounds leaves it undecided.
func (c Claim) verdict(e result.Estimate) result.Verdict {
	v := result.Verdict{
		Claim: c.ID, Text: c.Text, Limit: c.Limit, AtMost: c.AtMost,
		Estimate: e, Outcome: result.Undecided,
	}
	if e.N > 0 {
		v.Outcome = result.Judge(e, c.Limit, c.AtMost)
	} else {
		v.Estimate.Unit = c.Unit
	}
	return v
}

// Of gives the claims that an experiment judges.
func Of(experiment string) []Claim {
	var list []Claim
	for _, c := range Table {
		if c.Experiment == experiment {
			list = append(list, c)
		}
	}
	return list
}
