package stdlib

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dlclark/regexp2"

	"gene/vm"
)

// matchTimeMax is how long one operation of the backtracking engine may take:
// long enough for anything sensible, short enough that a catastrophic pattern is
// noticed.
const matchTimeMax = time.Second

// pattern is a compiled regular expression, for one of two engines. Positions
// are byte offsets in pairs: the match, then the groups, -1 for one that took
// no part.
type pattern struct {
	source string
	linear *regexp.Regexp  // nil when it needs backtracking
	back   *regexp2.Regexp // instead
	names  []string        // of the groups
}

// compilePattern translates a pattern and gives it to its engine.
func compilePattern(source, flags string) (*pattern, error) {
	t, err := translate(source, flags)
	if err != nil {
		return nil, err
	}
	return t.compile(source)
}

func (t translation) compile(source string) (p *pattern, err error) {
	p = &pattern{source: source, names: t.names}
	if t.backtrack {
		if p.back, err = regexp2.Compile(t.pattern, regexp2.None); err == nil {
			p.back.MatchTimeout = matchTimeMax
		}
		return p, err
	}
	p.linear, err = regexp.Compile(t.pattern)
	return p, err
}

// group finds a group by its name or, in \k<1>, its number.
func (p *pattern) group(name string) int {
	if n, err := strconv.Atoi(name); err == nil {
		return n
	}
	if name == "" {
		return -1
	}
	return slices.Index(p.names, name)
}

// matches tells whether there is a match in s.
func (p *pattern) matches(m *VM, s string) (bool, error) {
	if p.linear != nil {
		return p.linear.MatchString(s), nil
	}
	ok, err := p.back.MatchString(s)
	return ok, p.failed(m, err)
}

// first gives the first match in s, nil when there is none.
func (p *pattern) first(m *VM, s string) (loc []int, err error) {
	if p.linear != nil {
		return p.linear.FindStringSubmatchIndex(s), nil
	}
	err = p.each(m, s, 1, func(l []int) { loc = l })
	return loc, err
}

// firstFrom gives the first match that begins at a byte offset or behind it,
// perhaps without its groups. The linear engine sees the rest of the text alone.
func (p *pattern) firstFrom(m *VM, s string, from int) ([]int, error) {
	if p.linear != nil {
		loc := p.linear.FindStringIndex(s[from:])
		for i := range loc {
			loc[i] += from
		}
		return loc, nil
	}
	runes := []rune(s)
	match, err := p.back.FindRunesMatchStartingAt(runes, utf8.RuneCountInString(s[:from]))
	if err != nil || match == nil {
		return nil, p.failed(m, err)
	}
	return locate(match, len(p.names), offsets(s, len(runes))), nil
}

// each calls f for up to n matches in s, or for all when n is negative.
func (p *pattern) each(m *VM, s string, n int, f func(loc []int)) error {
	if p.linear != nil {
		for _, loc := range p.linear.FindAllStringSubmatchIndex(s, n) {
			f(loc)
		}
		return nil
	}
	start := time.Now()
	runes := []rune(s)
	offset := offsets(s, len(runes))
	match, err := p.back.FindRunesMatch(runes)
	for last := -1; match != nil && err == nil && n != 0; match, err = p.back.FindNextMatch(match) {
		if time.Since(start) > matchTimeMax {
			return p.tooSlow(m)
		}
		// As in the linear engine, no empty match right behind another match.
		if match.Length > 0 || match.Index != last {
			f(locate(match, len(p.names), offset))
			n--
		}
		last = match.Index + match.Length
	}
	return p.failed(m, err)
}

// offsets gives what turns the number of a character into a byte offset.
func offsets(s string, runes int) func(int) int {
	if runes == len(s) {
		return func(i int) int { return i }
	}
	at := make([]int, 0, runes+1)
	for i := range s {
		at = append(at, i)
	}
	at = append(at, len(s))
	return func(i int) int { return at[i] }
}

func locate(match *regexp2.Match, groups int, offset func(int) int) []int {
	loc := make([]int, 2*groups)
	for i := range groups {
		loc[2*i], loc[2*i+1] = -1, -1
		if g := match.GroupByNumber(i); g != nil && len(g.Captures) > 0 {
			loc[2*i], loc[2*i+1] = offset(g.Index), offset(g.Index+g.Length)
		}
	}
	return loc
}

// failed turns the one error that the backtracking engine knows into ours.
func (p *pattern) failed(m *VM, err error) error {
	if err == nil {
		return nil
	}
	return p.tooSlow(m)
}

func (p *pattern) tooSlow(m *VM) error {
	return m.Raise(m.Errors.Runtime, vm.CodeRuntime,
		"regex took longer than %v: #/%s/ backtracks too much on this text", matchTimeMax, p.source)
}

// texts gives the matched texts.
func (p *pattern) texts(m *VM, s string) ([]string, error) {
	if p.linear != nil {
		return p.linear.FindAllString(s, -1), nil
	}
	var out []string
	err := p.each(m, s, -1, func(loc []int) { out = append(out, s[loc[0]:loc[1]]) })
	return out, err
}

// split gives the pieces between matches, at most limit when that is positive.
func (p *pattern) split(m *VM, s string, limit int) ([]string, error) {
	if p.linear != nil {
		return p.linear.Split(s, limit), nil
	}
	var out []string
	last, end := 0, 0
	err := p.each(m, s, -1, func(loc []int) {
		if limit > 0 && len(out) == limit-1 {
			return
		}
		end = loc[0]
		if loc[1] != 0 {
			out = append(out, s[last:end])
		}
		last = loc[1]
	})
	if end != len(s) || limit > 0 && len(out) == limit-1 {
		out = append(out, s[last:])
	}
	return out, err
}

// replace fills a template in for up to n matches.
func (p *pattern) replace(m *VM, s, template string, n int) (string, error) {
	if p.linear != nil && n < 0 && strings.IndexByte(template, '\\') < 0 {
		return p.linear.ReplaceAllLiteralString(s, template), nil
	}
	var out []byte
	last := 0
	err := p.each(m, s, n, func(loc []int) {
		out = append(out, s[last:loc[0]]...)
		out = p.expand(out, template, s, loc)
		last = loc[1]
	})
	if err != nil || last == 0 && out == nil {
		return s, err
	}
	return string(append(out, s[last:]...)), nil
}

// expand appends a replacement with \1 … \9, \0 and \k<name> filled in.
func (p *pattern) expand(out []byte, template, s string, loc []int) []byte {
	for i := 0; i < len(template); i++ {
		c := template[i]
		if c != '\\' || i+1 == len(template) {
			out = append(out, c)
			continue
		}
		group := -1
		switch next := template[i+1]; {
		case next-'0' < 10:
			group = int(next - '0')
			i++
		case next == 'k' && strings.HasPrefix(template[i+2:], "<") && strings.Contains(template[i+3:], ">"):
			end := i + 3 + strings.IndexByte(template[i+3:], '>')
			group = p.group(template[i+3 : end])
			i = end
		case next == '\\':
			out = append(out, '\\')
			i++
			continue
		default:
			out = append(out, c)
			continue
		}
		if group >= 0 && 2*group < len(loc) && loc[2*group] >= 0 {
			out = append(out, s[loc[2*group]:loc[2*group+1]]...)
		}
	}
	return out
}

// escapePattern gives a pattern that matches a text and nothing else.
func escapePattern(s string) string {
	if !utf8.ValidString(s) {
		return s
	}
	return strings.ReplaceAll(regexp.QuoteMeta(s), "/", `\/`)
}
