package stdlib

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"gene/value"
	"gene/vm"
)

// format is printf: %[flags][width][.precision]verb, where a flag is one of
// - + 0 # and blank, and width and precision may be *. The verbs are
//
//	d x X o b   Ints to base 10, 16, 8 and 2
//	f e E g G   numbers as Floats
//	s           the text of any value, p its literal text
//	c           a character, or an Int as its code point
//	%           a percent sign
//
// %<name> and %{name} take the value of a key of the one operand, a map.

// directive is one % of a format.
type directive struct {
	before           string // what stands in front
	verb             byte
	minus, plus      bool
	zero, alt, blank bool
	width            int
	precision        int // -1: none
	operand          Value
}

// formatWidthMax bounds width and precision.
const formatWidthMax = 1 << 20

func format(m *VM, f string, args []Value) (Value, error) {
	return formatThen(m, f, args, textResult)
}

// formatThen calls then with the text of a format.
func formatThen(m *VM, f string, args []Value, then func(string) (Value, error)) (Value, error) {
	p := formatParser{m: m, rest: f, args: args}
	ds, err := p.parse()
	if err != nil {
		return Value{}, err
	}
	var shown, literal []Value
	for _, d := range ds {
		switch d.verb {
		case 's':
			shown = append(shown, d.operand)
		case 'p':
			literal = append(literal, d.operand)
		}
	}
	return m.Texts(shown, vm.TextPrint, func(shown []string) (Value, error) {
		return m.Texts(literal, vm.TextLiteral, func(literal []string) (Value, error) {
			var out []byte
			for _, d := range ds {
				out = append(out, d.before...)
				switch d.verb {
				case 0:
					continue
				case 's':
					out, shown = d.pad(out, d.cut(shown[0])), shown[1:]
				case 'p':
					out, literal = d.pad(out, d.cut(literal[0])), literal[1:]
				default:
					s, err := d.text(m)
					if err != nil {
						return Value{}, err
					}
					out = d.pad(out, s)
				}
				if len(out) > textMax {
					return argError(m, "format: the text is longer than the limit of %d bytes", textMax)
				}
			}
			return then(string(out))
		})
	})
}

// formatParser takes a format apart.
type formatParser struct {
	m    *VM
	rest string
	args []Value
	next int
}

func (p *formatParser) parse() ([]directive, error) {
	var ds []directive
	named := false
	for {
		i := strings.IndexByte(p.rest, '%')
		if i < 0 {
			break
		}
		d := directive{before: p.rest[:i], precision: -1}
		p.rest = p.rest[i+1:]
		byName, err := p.directive(&d)
		if err != nil {
			return nil, err
		}
		named = named || byName
		ds = append(ds, d)
	}
	if !named && p.next < len(p.args) {
		return nil, p.m.ArgError("format: %d arguments, but the format takes %d", len(p.args), p.next)
	}
	return append(ds, directive{before: p.rest}), nil
}

// directive reads what follows a %.
func (p *formatParser) directive(d *directive) (named bool, err error) {
	if err := p.shape(d); err != nil {
		return false, err
	}
	if p.rest == "" {
		return false, p.m.ArgError("format: the format ends in the middle of a directive")
	}
	if open := p.rest[0]; open == '<' || open == '{' {
		return true, p.named(d, open)
	}
	d.verb, p.rest = p.rest[0], p.rest[1:]
	if d.verb == '%' {
		d.before, d.verb = d.before+"%", 0
		return false, nil
	}
	if !strings.ContainsRune("dxXobfeEgGspc", rune(d.verb)) {
		return false, p.m.ArgError("format: unknown directive %%%c", d.verb)
	}
	d.operand, err = p.operand()
	return false, err
}

// shape reads flags, width and precision.
func (p *formatParser) shape(d *directive) (err error) {
	p.flags(d)
	width, err := p.number()
	if err != nil {
		return err
	}
	if width != noNumber {
		d.minus = d.minus || width < 0
		d.width = max(width, -width)
	}
	if strings.HasPrefix(p.rest, ".") {
		p.rest = p.rest[1:]
		if d.precision, err = p.number(); err != nil {
			return err
		}
		d.precision = max(d.precision, 0)
	}
	return nil
}

func (p *formatParser) flags(d *directive) {
	for ; p.rest != ""; p.rest = p.rest[1:] {
		switch p.rest[0] {
		case '-':
			d.minus = true
		case '+':
			d.plus = true
		case '0':
			d.zero = true
		case '#':
			d.alt = true
		case ' ':
			d.blank = true
		default:
			return
		}
	}
}

// named reads <name>, perhaps flags and a width, and the verb; or {name}.
func (p *formatParser) named(d *directive, open byte) error {
	end := strings.IndexByte(p.rest, open+2) // > and } are two behind their partners
	if end < 0 {
		return p.m.ArgError("format: %c without its end", open)
	}
	name := p.rest[1:end]
	p.rest = p.rest[end+1:]
	if len(p.args) != 1 || p.args[0].Kind() != value.KindMap {
		return p.m.ArgError("format: %%%c%s requires a map as the only argument", open, name)
	}
	v, ok := p.args[0].AsMap().GetText(name)
	if !ok {
		return p.m.ArgError("format: the map has no key %s", name)
	}
	d.operand, d.verb = v, 's'
	if open == '{' {
		return nil
	}
	if err := p.shape(d); err != nil {
		return err
	}
	if p.rest == "" || !strings.ContainsRune("dxXobfeEgGspc", rune(p.rest[0])) {
		return p.m.ArgError("format: %%<%s> requires a directive", name)
	}
	d.verb, p.rest = p.rest[0], p.rest[1:]
	return nil
}

func (p *formatParser) operand() (Value, error) {
	if p.next >= len(p.args) {
		return Value{}, p.m.ArgError("format: the format takes more than %d arguments", len(p.args))
	}
	p.next++
	return p.args[p.next-1], nil
}

const noNumber = math.MinInt32

// number reads a width or precision.
func (p *formatParser) number() (int, error) {
	if strings.HasPrefix(p.rest, "*") {
		p.rest = p.rest[1:]
		v, err := p.operand()
		if err != nil {
			return 0, err
		}
		if !v.IsInt() || v.AsInt() > formatWidthMax || v.AsInt() < -formatWidthMax {
			return 0, p.m.ArgError("format: a width is an Int up to %d", formatWidthMax)
		}
		return int(v.AsInt()), nil
	}
	n := 0
	for n < len(p.rest) && p.rest[n]-'0' < 10 {
		n++
	}
	if n == 0 {
		return noNumber, nil
	}
	i, err := strconv.Atoi(p.rest[:n])
	if err != nil || i > formatWidthMax {
		return 0, p.m.ArgError("format: a width is an Int up to %d", formatWidthMax)
	}
	p.rest = p.rest[n:]
	return i, nil
}

// cut shortens a text to the precision.
func (d *directive) cut(s string) string {
	if d.precision < 0 || utf8.RuneCountInString(s) <= d.precision {
		return s
	}
	return string([]rune(s)[:d.precision])
}

// pad appends a text, filled up to the width.
func (d *directive) pad(out []byte, s string) []byte {
	missing := d.width - utf8.RuneCountInString(s)
	switch {
	case missing <= 0:
		return append(out, s...)
	case d.minus:
		return append(append(out, s...), strings.Repeat(" ", missing)...)
	}
	return append(append(out, strings.Repeat(" ", missing)...), s...)
}

// text gives the text of a number or character.
func (d *directive) text(m *VM) (string, error) {
	v := d.operand
	switch d.verb {
	case 'c':
		switch {
		case v.Kind() == value.KindChar:
			return string(v.AsChar()), nil
		case v.Kind() == value.KindString && utf8.RuneCountInString(v.AsString()) == 1:
			return v.AsString(), nil
		case v.IsInt():
			c, err := intChr(m, []Value{v})
			if err != nil {
				return "", err
			}
			return string(c.AsChar()), nil
		}
		return "", m.ArgError("format: %%c requires a character, got %s", value.TypeName(v))
	case 'f', 'e', 'E', 'g', 'G':
		f, ok := v.Number()
		if !ok {
			return "", m.ArgError("format: %%%c requires a number, got %s", d.verb, value.TypeName(v))
		}
		return d.float(f), nil
	}
	if v.IsFloat() && d.verb == 'd' && v.AsFloat() == math.Trunc(v.AsFloat()) && math.Abs(v.AsFloat()) < 1<<63 {
		v = value.Int(int64(v.AsFloat()))
	}
	if !v.IsInt() {
		return "", m.ArgError("format: %%%c requires an Int, got %s", d.verb, value.TypeName(v))
	}
	return d.int(v.AsInt()), nil
}

func (d *directive) int(i int64) string {
	base, prefix := 10, ""
	switch d.verb {
	case 'x', 'X':
		base, prefix = 16, "0x"
	case 'o':
		base, prefix = 8, "0o"
	case 'b':
		base, prefix = 2, "0b"
	}
	if !d.alt {
		prefix = ""
	}
	s := strconv.FormatInt(i, base)
	negative := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	if d.precision > len(s) {
		s = strings.Repeat("0", d.precision-len(s)) + s
	}
	s = d.signed(negative, prefix, s, d.precision < 0)
	if d.verb == 'X' {
		s = strings.ToUpper(s)
	}
	return s
}

func (d *directive) float(f float64) string {
	precision, verb := d.precision, d.verb
	if precision < 0 && verb != 'g' && verb != 'G' {
		precision = 6
	}
	s := strings.TrimPrefix(strconv.FormatFloat(math.Abs(f), verb, precision, 64), "+")
	return d.signed(math.Signbit(f) && !math.IsNaN(f), "", strings.ToLower(s), isFinite(f))
}

// signed puts sign, prefix and leading zeros before digits.
func (d *directive) signed(negative bool, prefix, digits string, mayZero bool) string {
	sign := ""
	switch {
	case negative:
		sign = "-"
	case d.plus:
		sign = "+"
	case d.blank:
		sign = " "
	}
	if zeros := d.width - len(sign) - len(prefix) - len(digits); d.zero && !d.minus && mayZero && zeros > 0 {
		digits = strings.Repeat("0", zeros) + digits
	}
	if d.verb == 'E' || d.verb == 'G' {
		digits = strings.ToUpper(digits)
	}
	return sign + prefix + digits
}
