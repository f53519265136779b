package stdlib

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Patterns are written in the syntax of Perl (PCRE). The engine of the standard
// library takes time in proportion to the text and is used wherever it can be;
// look-around, back references, atomic groups and possessive quantifiers need
// one that backtracks. Here a pattern is rewritten for one or the other, so that
// it means the same on both:
//
//   - ^ and $ are the ends of the text, unless (?m) is on;
//   - \d \w \s \b know ASCII only;
//   - groups are numbered from the left, whether or not they have names;
//   - what one engine doesn't know is spelled out: \h \R \e \Z (?x) (?#…).

// translation is a pattern rewritten for one of the engines.
type translation struct {
	pattern   string
	names     []string // of the groups, from group 0 on; "" where there is none
	backtrack bool     // for the engine that backtracks
}

// translate rewrites a pattern; flags are of i and m (the dot crosses lines).
func translate(pattern, flags string) (translation, error) {
	t := translator{src: pattern, names: []string{""}}
	err := t.run()
	if err == nil && t.needs {
		t = translator{src: pattern, names: []string{""}, groups: len(t.names) - 1, known: t.names, backtrack: true}
		err = t.run()
	}
	if err != nil {
		return translation{}, err
	}
	prefix := strings.ReplaceAll(flags, "m", "s")
	if prefix != "" {
		prefix = "(?" + prefix + ")"
	}
	return translation{prefix + string(t.out), t.names, t.backtrack}, nil
}

// forceBacktrack rewrites a pattern for the backtracking engine even where it
// isn't needed; tests compare the engines so.
func forceBacktrack(pattern, flags string) (translation, error) {
	first := translator{src: pattern, names: []string{""}}
	if err := first.run(); err != nil {
		return translation{}, err
	}
	t := translator{src: pattern, names: []string{""}, groups: len(first.names) - 1, known: first.names, backtrack: true}
	if err := t.run(); err != nil {
		return translation{}, err
	}
	if flags = strings.ReplaceAll(flags, "m", "s"); flags != "" {
		t.out = append([]byte("(?"+flags+")"), t.out...)
	}
	return translation{string(t.out), t.names, true}, nil
}

// translator walks over a pattern once. The first walk finds out whether the
// pattern needs backtracking and how many groups there are.
type translator struct {
	src       string
	i         int
	out       []byte
	names     []string
	known     []string // names of the first walk
	groups    int      // of the first walk
	backtrack bool     // write for the backtracking engine
	needs     bool     // only that engine can do it

	multi, extended bool // the flags m and x where we are
	atom            int  // where the last thing that can be repeated begins in out; -1: none
	open            []groupScope
}

// groupScope is what an open group restores at its end.
type groupScope struct {
	multi, extended bool
	start           int
}

func (t *translator) run() error {
	t.atom = -1
	for t.i < len(t.src) {
		if err := t.step(); err != nil {
			return err
		}
	}
	if len(t.open) > 0 {
		return fmt.Errorf("missing closing ): `%s`", t.src)
	}
	return nil
}

func (t *translator) step() error {
	switch c := t.src[t.i]; c {
	case '\\':
		return t.escape()
	case '[':
		return t.class()
	case '(':
		return t.group()
	case ')':
		return t.close()
	case '|':
		t.i++
		t.emit("|")
		t.atom = -1
	case '^', '$':
		t.i++
		t.anchor(c)
	case '.':
		t.i++
		t.put(".")
	case '*', '+', '?':
		t.i++
		return t.quantify(string(c))
	case '{':
		if q := counted(t.src[t.i:]); q != "" {
			t.i += len(q)
			return t.quantify(q)
		}
		t.i++
		t.put(`\{`)
	default:
		t.literal()
	}
	return nil
}

// emit appends what is no atom.
func (t *translator) emit(s string) { t.out = append(t.out, s...) }

// put appends something that can be repeated.
func (t *translator) put(s string) {
	t.atom = len(t.out)
	t.emit(s)
}

// literal takes one character for itself, or skips it where (?x) says so.
func (t *translator) literal() {
	r, n := utf8.DecodeRuneInString(t.src[t.i:])
	t.i += n
	if t.extended && unicode.IsSpace(r) {
		return
	}
	if t.extended && r == '#' {
		if end := strings.IndexByte(t.src[t.i:], '\n'); end >= 0 {
			t.i += end + 1
		} else {
			t.i = len(t.src)
		}
		return
	}
	t.put(regexp.QuoteMeta(string(r)))
}

func (t *translator) anchor(c byte) {
	t.atom = -1
	switch {
	case !t.backtrack:
		t.emit(string(c))
	case c == '^' && t.multi:
		t.emit(`(?:\A|(?<=\n))`)
	case c == '^':
		t.emit(`\A`)
	case t.multi:
		t.emit(`(?:(?=\n)|\z)`)
	default:
		t.emit(`\z`)
	}
}

// counted gives the quantifier {n}, {n,} or {n,m} at the start of a text, or "".
func counted(s string) string {
	end := strings.IndexByte(s, '}')
	if end < 0 {
		return ""
	}
	low, high, comma := strings.Cut(s[1:end], ",")
	if !digits(low) || comma && high != "" && !digits(high) {
		return ""
	}
	return s[:end+1]
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// repeatMax is the most repetitions that {n} may ask for; the linear engine
// copies its operand as often.
const repeatMax = 1000

func (t *translator) quantify(q string) error {
	if t.atom < 0 {
		return fmt.Errorf("missing argument to repetition operator: `%s`", q)
	}
	if q[0] == '{' {
		for _, n := range strings.Split(strings.Trim(q, "{}"), ",") {
			if i, err := strconv.Atoi("0" + n); err != nil || i > repeatMax {
				return fmt.Errorf("invalid repeat count: `%s` (limit: %d)", q, repeatMax)
			}
		}
	}
	switch {
	case t.more('?'):
		q += "?"
	case t.more('+'):
		t.needs = true
		t.out = append(t.out[:t.atom], "(?>"+string(t.out[t.atom:])+q+")"...)
		t.atom = -1
		return nil
	}
	t.emit(q)
	t.atom = -1
	return nil
}

func (t *translator) more(c byte) bool {
	if t.i < len(t.src) && t.src[t.i] == c {
		t.i++
		return true
	}
	return false
}

// groupDepthMax bounds the nesting of groups; both engines recurse over it.
const groupDepthMax = 500

func (t *translator) push(opening string) error {
	if len(t.open) >= groupDepthMax {
		return fmt.Errorf("groups are nested deeper than %d", groupDepthMax)
	}
	t.open = append(t.open, groupScope{t.multi, t.extended, len(t.out)})
	t.emit(opening)
	t.atom = -1
	return nil
}

func (t *translator) close() error {
	if len(t.open) == 0 {
		return fmt.Errorf("unexpected ): `%s`", t.src)
	}
	g := t.open[len(t.open)-1]
	t.open = t.open[:len(t.open)-1]
	t.multi, t.extended = g.multi, g.extended
	t.i++
	t.emit(")")
	t.atom = g.start
	return nil
}

// Openings of groups that only the backtracking engine knows; it writes them the same way.
var backtrackGroups = []string{"(?=", "(?!", "(?<=", "(?<!", "(?>"}

func (t *translator) group() error {
	rest := t.src[t.i:]
	for _, opening := range backtrackGroups {
		if strings.HasPrefix(rest, opening) {
			t.needs = true
			t.i += len(opening)
			return t.push(opening)
		}
	}
	switch {
	case strings.HasPrefix(rest, "(?#"):
		end := strings.IndexByte(rest, ')')
		if end < 0 {
			return fmt.Errorf("missing ) of a comment: `%s`", rest)
		}
		t.i += end + 1
		return nil
	case strings.HasPrefix(rest, "(?P="):
		return t.named(len("(?P="), ')')
	case strings.HasPrefix(rest, "(?P<"):
		return t.capture(len("(?P<"), '>')
	case strings.HasPrefix(rest, "(?<"):
		return t.capture(len("(?<"), '>')
	case strings.HasPrefix(rest, "(?'"):
		return t.capture(len("(?'"), '\'')
	case strings.HasPrefix(rest, "(?"):
		return t.flags()
	case strings.HasPrefix(rest, "(*"):
		return fmt.Errorf("verbs are not supported: `%s`", rest)
	}
	t.i++
	t.names = append(t.names, "")
	return t.push("(")
}

// capture opens a named group whose name begins n bytes further on.
func (t *translator) capture(n int, end byte) error {
	name, err := t.name(n, end)
	if err != nil {
		return err
	}
	for _, other := range t.names {
		if other == name {
			return fmt.Errorf("duplicate capture group name: `%s`", name)
		}
	}
	t.names = append(t.names, name)
	return t.push("(")
}

// name reads a name and its end.
func (t *translator) name(n int, end byte) (string, error) {
	rest := t.src[t.i+n:]
	at := strings.IndexByte(rest, end)
	if at < 0 {
		return "", fmt.Errorf("invalid named capture: `%s`", t.src[t.i:])
	}
	name := rest[:at]
	for i, r := range name {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return "", fmt.Errorf("invalid named capture: `%s`", name)
		}
	}
	if name == "" {
		return "", fmt.Errorf("invalid named capture: `%s`", t.src[t.i:])
	}
	t.i += n + at + 1
	return name, nil
}

// flags reads (?ims) or (?ims:…). Of the flags, m and x are ours; the engines
// see i and s, and the linear one m as well.
func (t *translator) flags() error {
	start := t.i
	t.i += 2
	multi, extended := t.multi, t.extended
	on, off, minus := "", "", false
	for ; t.i < len(t.src); t.i++ {
		c := t.src[t.i]
		switch c {
		case 'i', 's':
		case 'm':
			multi = !minus
			if t.backtrack {
				continue
			}
		case 'x':
			extended = !minus
			continue
		case '-':
			if minus {
				return fmt.Errorf("invalid or unsupported Perl syntax: `%s`", t.src[start:])
			}
			minus = true
			continue
		case ':', ')':
			t.i++
			spec := on
			if off != "" {
				spec += "-" + off
			}
			if c == ':' {
				err := t.push("(?" + spec + ":")
				t.multi, t.extended = multi, extended
				return err
			}
			t.multi, t.extended = multi, extended
			if spec != "" {
				t.emit("(?" + spec + ")")
			}
			t.atom = -1
			return nil
		default:
			return fmt.Errorf("invalid or unsupported Perl syntax: `%s`", t.src[start:])
		}
		if minus {
			off += string(c)
		} else {
			on += string(c)
		}
	}
	return fmt.Errorf("missing closing ): `%s`", t.src[start:])
}

// The classes of ASCII characters, as ranges in pairs.
var asciiClasses = map[byte][]rune{
	'd': {'0', '9'},
	'w': {'0', '9', 'A', 'Z', '_', '_', 'a', 'z'},
	's': {'\t', '\n', '\f', '\r', ' ', ' '},
	'h': {'\t', '\t', ' ', ' '},
}

const (
	wordClass = "[0-9A-Z_a-z]"
	boundary  = "(?:(?<=" + wordClass + ")(?!" + wordClass + ")|(?<!" + wordClass + ")(?=" + wordClass + "))"
	inside    = "(?:(?<=" + wordClass + ")(?=" + wordClass + ")|(?<!" + wordClass + ")(?!" + wordClass + "))"
)

// escape reads what begins with a backslash outside of a class.
func (t *translator) escape() error {
	if t.i+1 == len(t.src) {
		return fmt.Errorf("trailing backslash at end of expression")
	}
	c := t.src[t.i+1]
	switch {
	case c >= '1' && c <= '9':
		return t.numbered(t.i+1, false)
	case c == 'k':
		return t.kReference()
	case c == 'g':
		return t.gReference()
	case c == 'b' || c == 'B' || c == 'A' || c == 'z' || c == 'Z':
		t.i += 2
		t.assertion(c)
		return nil
	case c == 'Q':
		t.quoted()
		return nil
	case c == 'R':
		t.i += 2
		t.put(`(?:\r\n|[\n\x0b\f\r\x{85}\x{2028}\x{2029}])`)
		if t.backtrack {
			t.out = append(t.out[:t.atom], "(?:\\r\\n|[\\n\\x0b\\f\\r\u0085\u2028\u2029])"...)
		}
		return nil
	case c == 'N':
		t.i += 2
		t.put(`[^\n]`)
		return nil
	}
	set, r, err := t.classEscape(false)
	if err != nil {
		return err
	}
	if set == "" {
		set = regexp.QuoteMeta(string(r))
		if r < ' ' || r == 0x7f {
			set = fmt.Sprintf(`\x%02x`, r)
		}
	}
	t.put(set)
	return nil
}

func (t *translator) assertion(c byte) {
	t.atom = -1
	switch {
	case c == 'Z':
		t.needs = true
		t.emit(`(?=\n?\z)`)
	case t.backtrack && c == 'b':
		t.emit(boundary)
	case t.backtrack && c == 'B':
		t.emit(inside)
	default:
		t.emit(`\` + string(c))
	}
}

// quoted takes the text between \Q and \E for itself.
func (t *translator) quoted() {
	text := t.src[t.i+2:]
	t.i = len(t.src)
	if end := strings.Index(text, `\E`); end >= 0 {
		t.i -= len(text) - end - 2
		text = text[:end]
	}
	for _, r := range text {
		t.put(regexp.QuoteMeta(string(r)))
	}
}

// numbered reads the number of a back reference.
func (t *translator) numbered(at int, whole bool) error {
	end := at
	for end < len(t.src) && t.src[end]-'0' < 10 && end-at < 3 {
		end++
	}
	n, _ := strconv.Atoi(t.src[at:end])
	for !whole && end > at+1 && n > max(t.groups, len(t.names)-1) {
		end--
		n, _ = strconv.Atoi(t.src[at:end])
	}
	t.i = end
	return t.reference(n)
}

func (t *translator) reference(n int) error {
	t.needs = true
	if t.backtrack && (n < 1 || n > t.groups) {
		return fmt.Errorf("back reference to group %d, which does not exist", n)
	}
	t.put(fmt.Sprintf(`(?:\%d)`, n))
	return nil
}

// named reads a back reference by name, which begins n bytes further on.
func (t *translator) named(n int, end byte) error {
	name, err := t.name(n, end)
	if err != nil {
		return err
	}
	for i, other := range t.known {
		if i > 0 && other == name {
			return t.reference(i)
		}
	}
	if t.backtrack {
		return fmt.Errorf("back reference to group %s, which does not exist", name)
	}
	t.needs = true
	return nil
}

func (t *translator) kReference() error {
	rest := t.src[t.i+2:]
	for _, pair := range []string{"<>", "{}", "''"} {
		if rest == "" || rest[0] != pair[0] {
			continue
		}
		if len(rest) > 1 && rest[1]-'0' < 10 {
			return t.braced(t.i+3, pair[1])
		}
		return t.named(3, pair[1])
	}
	return fmt.Errorf(`\k requires the name of a group`)
}

func (t *translator) gReference() error {
	rest := t.src[t.i+2:]
	switch {
	case rest != "" && rest[0]-'0' < 10:
		return t.numbered(t.i+2, true)
	case strings.HasPrefix(rest, "{"):
		if len(rest) > 1 && (rest[1]-'0' < 10 || rest[1] == '-') {
			return t.braced(t.i+3, '}')
		}
		return t.named(3, '}')
	}
	return fmt.Errorf(`\g requires the number or name of a group`)
}

// braced reads a number and its end; a negative one counts groups backwards.
func (t *translator) braced(at int, end byte) error {
	stop := strings.IndexByte(t.src[at:], end)
	if stop < 0 {
		return fmt.Errorf("back reference without its end")
	}
	n, err := strconv.Atoi(t.src[at : at+stop])
	if err != nil {
		return fmt.Errorf("invalid back reference: `%s`", t.src[at:at+stop])
	}
	if n < 0 {
		n += len(t.names)
	}
	t.i = at + stop + 1
	return t.reference(n)
}

// classEscape reads a backslash sequence that may stand in a class as well: it
// gives a set, written for where it stands, or a single character.
func (t *translator) classEscape(inClass bool) (set string, r rune, err error) {
	c := t.src[t.i+1]
	t.i += 2
	switch c {
	case 'd', 'w', 's', 'h', 'D', 'W', 'S', 'H':
		return t.asciiSet(c, inClass), 0, nil
	case 'p', 'P':
		set, err = t.property(c)
		return set, 0, err
	case 'x':
		r, err = t.hex()
		return "", r, err
	case 'n':
		return "", '\n', nil
	case 't':
		return "", '\t', nil
	case 'r':
		return "", '\r', nil
	case 'f':
		return "", '\f', nil
	case 'v':
		return "", '\v', nil
	case 'a':
		return "", '\a', nil
	case 'e':
		return "", 0x1b, nil
	case 'c':
		if t.i == len(t.src) || t.src[t.i] < '?' || t.src[t.i] > 'z' {
			return "", 0, fmt.Errorf(`\c requires a character`)
		}
		t.i++
		return "", unicode.ToUpper(rune(t.src[t.i-1])) ^ 64, nil
	case '0':
		end := t.i
		for end < len(t.src) && end < t.i+2 && t.src[end]-'0' < 8 {
			end++
		}
		n, _ := strconv.ParseInt("0"+t.src[t.i:end], 8, 32)
		t.i = end
		return "", rune(n), nil
	case 'b':
		if inClass {
			return "", '\b', nil
		}
	}
	if unicode.IsLetter(rune(c)) && c < utf8.RuneSelf || unicode.IsDigit(rune(c)) {
		return "", 0, fmt.Errorf("invalid escape sequence: `\\%c`", c)
	}
	r, n := utf8.DecodeRuneInString(t.src[t.i-1:])
	t.i += n - 1
	return "", r, nil
}

// asciiSet writes \d and its like.
func (t *translator) asciiSet(c byte, inClass bool) string {
	lower := c | 0x20
	if !t.backtrack && lower != 'h' {
		return `\` + string(c)
	}
	var b strings.Builder
	if !inClass {
		b.WriteByte('[')
		if c != lower {
			b.WriteByte('^')
		}
		writeRanges(&b, asciiClasses[lower])
		b.WriteByte(']')
		return b.String()
	}
	if c == lower {
		writeRanges(&b, asciiClasses[lower])
		return b.String()
	}
	writeRanges(&b, complement(asciiClasses[lower]))
	return b.String()
}

// complement gives the characters outside of ranges. The long s and the Kelvin
// sign are left out: ignoring case they are s and k, which no one means here.
func complement(ranges []rune) []rune {
	var out []rune
	next := rune(0)
	for i := 0; i < len(ranges); i += 2 {
		if next < ranges[i] {
			out = append(out, next, ranges[i]-1)
		}
		next = ranges[i+1] + 1
	}
	for _, skip := range []rune{0x17f, 0x212a} {
		out = append(out, next, skip-1)
		next = skip + 1
	}
	return append(out, next, 0xd7ff, 0xe000, unicode.MaxRune)
}

func writeRanges(b *strings.Builder, ranges []rune) {
	for i := 0; i < len(ranges); i += 2 {
		writeClassRune(b, ranges[i])
		if ranges[i+1] > ranges[i] {
			b.WriteByte('-')
			writeClassRune(b, ranges[i+1])
		}
	}
}

func writeClassRune(b *strings.Builder, r rune) {
	switch {
	case r < ' ' || r == 0x7f:
		fmt.Fprintf(b, `\x%02x`, r)
	case r < utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != ' ':
		b.WriteByte('\\')
		b.WriteRune(r)
	default:
		b.WriteRune(r)
	}
}

// property reads \pL, \p{Greek} and \p{^Greek}.
func (t *translator) property(c byte) (string, error) {
	name := ""
	rest := t.src[t.i:]
	if strings.HasPrefix(rest, "{") {
		end := strings.IndexByte(rest, '}')
		if end < 0 {
			return "", fmt.Errorf("invalid character class range: `\\%c%s`", c, rest)
		}
		name = rest[1:end]
		t.i += end + 1
	} else if rest != "" {
		name = rest[:1]
		t.i++
	}
	if inner, ok := strings.CutPrefix(name, "^"); ok {
		name = inner
		c ^= 'p' ^ 'P'
	}
	if unicode.Categories[name] == nil && unicode.Scripts[name] == nil {
		return "", fmt.Errorf("invalid character class range: `\\%c{%s}`", c, name)
	}
	return fmt.Sprintf(`\%c{%s}`, c, name), nil
}

// hex reads \xHH and \x{H…}.
func (t *translator) hex() (rune, error) {
	rest := t.src[t.i:]
	text, n := "", 0
	if strings.HasPrefix(rest, "{") {
		if end := strings.IndexByte(rest, '}'); end > 0 {
			text, n = rest[1:end], end+1
		}
	} else if len(rest) >= 2 {
		text, n = rest[:2], 2
	}
	code, err := strconv.ParseUint(text, 16, 32)
	if err != nil || !utf8.ValidRune(rune(code)) || code > unicode.MaxRune {
		return 0, fmt.Errorf("invalid escape sequence: `\\x%s`", rest[:min(len(rest), 8)])
	}
	t.i += n
	return rune(code), nil
}
