package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// parseCachegrind reads an output file of cachegrind without simulation of
// caches, and gives the instructions of each function. The lines are
//
//	desc: …, cmd: …          said of the run
//	events: Ir               what is counted
//	fl=FILE, fn=FUNCTION     where the counts that follow belong
//	LINE COUNT               instructions of one line of the source
//	summary: TOTAL           the end
//
// The total is compared with the sum, so that a file that is cut off or was
// written by two processes is not taken for a smaller count.
func parseCachegrind(r io.Reader) (map[string]int64, error) {
	functions := make(map[string]int64)
	var function string
	var sum int64
	events, total := false, int64(-1)
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20) // names of generic functions are long
	for number := 1; lines.Scan(); number++ {
		line := lines.Text()
		key, value, _ := strings.Cut(line, ":")
		var err error
		switch {
		case total >= 0:
			err = errors.New("there is more after the summary")
		case strings.HasPrefix(line, "fn="):
			function = line[len("fn="):]
		case strings.HasPrefix(line, "fl="):
			function = ""
		case key == "desc" || key == "cmd" || line == "":
		case key == "events":
			if events = strings.TrimSpace(value) == "Ir"; !events {
				err = fmt.Errorf("events are%s, want Ir alone", value)
			}
		case key == "summary":
			total, err = strconv.ParseInt(strings.TrimSpace(value), 10, 64)
		default:
			var n int64
			n, err = instructions(line)
			functions[function] += n
			sum += n
		}
		if err != nil {
			return nil, fmt.Errorf("line %d of cachegrind's output: %w", number, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	return functions, whole(events, total, sum)
}

// whole says what a file lacks.
func whole(events bool, total, sum int64) error {
	switch {
	case total < 0:
		return errors.New("cachegrind's output is cut off: it has no summary")
	case !events:
		return errors.New("cachegrind's output does not say what it counts: no line begins with events")
	case total != sum:
		return fmt.Errorf("cachegrind's output is damaged: its lines add up to %d instructions, its summary says %d", sum, total)
	}
	return nil
}

// instructions reads the count of a line of source.
func instructions(line string) (int64, error) {
	words := strings.Fields(line)
	if len(words) != 2 {
		return 0, fmt.Errorf("%q is no line number and count", line)
	}
	if _, err := strconv.ParseUint(words[0], 10, 64); err != nil {
		return 0, fmt.Errorf("line number: %w", err)
	}
	n, err := strconv.ParseUint(words[1], 10, 62)
	return int64(n), err
}
