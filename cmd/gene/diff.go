package main

import (
	"fmt"
	"strings"
)

// diffContext is how many lines that are the same surround a difference.
const diffContext = 3

// diffLine is one line of a diff.
type diffLine struct {
	mark byte // ' ', '-' or '+'
	text string
}

// unifiedDiff gives the difference of two texts as patch understands it; ""
// when there is none.
func unifiedDiff(name, before, after string) string {
	if before == after {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "--- %s\n+++ %s\n", name, name)
	lines := diffLines(strings.SplitAfter(before, "\n"), strings.SplitAfter(after, "\n"))
	oldLine, newLine := 1, 1
	for from := 0; from < len(lines); {
		start, end := nextHunk(lines, from)
		for _, l := range lines[from:start] {
			oldLine, newLine = step(l, oldLine, newLine)
		}
		if start < end {
			oldLine, newLine = writeHunk(&b, lines[start:end], oldLine, newLine)
		}
		from = end
	}
	return b.String()
}

// diffLines pairs the lines of texts that differ as a text does from its
// formatted form: line by line. When the number of lines differs (a lone
// carriage return has become a line end), what lies between the first and the
// last difference counts as replaced.
func diffLines(old, new []string) []diffLine {
	var lines []diffLine
	add := func(mark byte, texts ...string) {
		for _, t := range texts {
			if t != "" { // what SplitAfter gives behind the last line end
				lines = append(lines, diffLine{mark, t})
			}
		}
	}
	if len(old) == len(new) {
		for i := 0; i < len(old); {
			if old[i] == new[i] {
				add(' ', old[i])
				i++
				continue
			}
			from := i
			for i < len(old) && old[i] != new[i] {
				i++
			}
			add('-', old[from:i]...)
			add('+', new[from:i]...)
		}
		return lines
	}
	head := 0
	for head < min(len(old), len(new)) && old[head] == new[head] {
		head++
	}
	tail := 0
	for tail < min(len(old), len(new))-head && old[len(old)-1-tail] == new[len(new)-1-tail] {
		tail++
	}
	add(' ', old[:head]...)
	add('-', old[head:len(old)-tail]...)
	add('+', new[head:len(new)-tail]...)
	add(' ', old[len(old)-tail:]...)
	return lines
}

// nextHunk gives the bounds of the next differences that share their context;
// start is end when there are no more.
func nextHunk(lines []diffLine, from int) (start, end int) {
	at := from
	for at < len(lines) && lines[at].mark == ' ' {
		at++
	}
	if at == len(lines) {
		return at, at
	}
	start, end = max(from, at-diffContext), at
	for same := 0; at < len(lines) && same <= 2*diffContext; at++ {
		same++
		if lines[at].mark != ' ' {
			same, end = 0, at+1
		}
	}
	return start, min(len(lines), end+diffContext)
}

func step(l diffLine, oldLine, newLine int) (int, int) {
	if l.mark != '+' {
		oldLine++
	}
	if l.mark != '-' {
		newLine++
	}
	return oldLine, newLine
}

// writeHunk writes one hunk that begins at these lines, and gives those behind it.
func writeHunk(b *strings.Builder, lines []diffLine, oldFrom, newFrom int) (int, int) {
	oldTo, newTo := oldFrom, newFrom
	for _, l := range lines {
		oldTo, newTo = step(l, oldTo, newTo)
	}
	fmt.Fprintf(b, "@@ -%s +%s @@\n", hunkRange(oldFrom, oldTo), hunkRange(newFrom, newTo))
	for _, l := range lines {
		b.WriteByte(l.mark)
		b.WriteString(l.text)
		if !strings.HasSuffix(l.text, "\n") {
			b.WriteString("\n\\ No newline at end of file\n")
		}
	}
	return oldTo, newTo
}

func hunkRange(from, to int) string {
	if to == from {
		from-- // an empty range is named by the line before it
	}
	if to-from == 1 {
		return fmt.Sprint(from)
	}
	return fmt.Sprintf("%d,%d", from, to-from)
}
