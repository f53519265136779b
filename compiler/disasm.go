package compiler

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"gene/syntax"
	"gene/value"
)

// Disassemble writes the listing of p and of the functions inside it: for
// every instruction its pc, place in the source, name and operands, and what
// the operands stand for.
func Disassemble(w io.Writer, p *Proto) error {
	b := bufio.NewWriter(w)
	listing(b, p)
	return b.Flush()
}

// Summarize writes the instructions of p and of the functions inside it with
// their operands alone.
func Summarize(w io.Writer, p *Proto) error {
	b := bufio.NewWriter(w)
	summary(b, p)
	return b.Flush()
}

func summary(w *bufio.Writer, p *Proto) {
	fmt.Fprintf(w, "%s\n", protoTitle(p))
	for pc, i := range p.Code {
		fmt.Fprintf(w, "%04d %s\n", pc, plainText(i, pc))
	}
	for _, q := range nested(p) {
		summary(w, q)
	}
}

// String gives the listing of p alone.
func (p *Proto) String() string {
	var b strings.Builder
	w := bufio.NewWriter(&b)
	listOne(w, p)
	_ = w.Flush() // a strings.Builder takes everything
	return b.String()
}

// Instructions counts the instructions of p and of the functions inside it.
func (p *Proto) Instructions() int {
	n := len(p.Code)
	for _, q := range nested(p) {
		n += q.Instructions()
	}
	return n
}

func listing(w *bufio.Writer, p *Proto) {
	listOne(w, p)
	for _, q := range nested(p) {
		w.WriteByte('\n')
		listing(w, q)
	}
}

// nested gives the functions that p makes, in order of their constants.
func nested(p *Proto) []*Proto {
	var ps []*Proto
	seen := map[int]bool{}
	for _, i := range p.Code {
		if n := constIndex(i); i.Op() == OpClosure && n >= 0 && n < len(p.K) && !seen[n] {
			seen[n] = true
			ps = append(ps, (*Proto)(p.K[n].P))
		}
	}
	return ps
}

func listOne(w *bufio.Writer, p *Proto) {
	fmt.Fprintf(w, "%s: %d registers%s\n", protoTitle(p), p.NumRegs, flagText(p))
	if len(p.Params) > 0 {
		fmt.Fprintf(w, "  parameters %s\n", paramsText(p))
	}
	for n, u := range p.Upvals {
		from := "upvalue"
		if u.FromReg {
			from = "register"
		}
		fmt.Fprintf(w, "  upvalue %d %s: %s %d of the maker\n", n, symText(u.Name), from, u.Index)
	}
	for pc := range p.Code {
		fmt.Fprintf(w, "  %04d %8s  %s\n", pc, placeText(p, pc), instrText(p, pc))
	}
	for _, h := range p.Handlers {
		fmt.Fprintf(w, "  handler of %04d to %04d: r%d, %04d\n", h.Start, h.End-1, h.Reg, h.Target)
	}
}

// protoTitle names a function and where it is defined.
func protoTitle(p *Proto) string {
	title := "function " + p.Name
	switch {
	case p.Flags&FlagModule != 0:
		title = "module " + p.Name
	case p.Name == "":
		title = "anonymous function"
	}
	if p.Def.Line != 0 {
		title += fmt.Sprintf(" (%s:%d:%d)", p.File, p.Def.Line, p.Def.Col)
	}
	return title
}

var flagNames = [...]string{
	"method", "constructor", "macro", "generator", "block", "takes any arguments", "module", "hidden",
}

func flagText(p *Proto) string {
	var b strings.Builder
	for n, name := range flagNames {
		if f := Flags(1) << n; p.Flags&f != 0 && f != FlagModule {
			b.WriteString(", " + name)
		}
	}
	return b.String()
}

func paramsText(p *Proto) string {
	shapes := [...]string{
		ParamRequired: "%s", ParamOptional: "%s = …", ParamRest: "%s...",
		ParamKw: "^%s", ParamKwOptional: "^%s = …", ParamKwRest: "^%s...",
	}
	texts := make([]string, len(p.Params))
	for n, q := range p.Params {
		texts[n] = fmt.Sprintf(shapes[q.Kind], symText(q.Name))
		if q.Type != nil {
			texts[n] += ": " + constText(q.Type.Expr)
		}
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

func symText(s *value.Symbol) string {
	if s == nil {
		return "_"
	}
	return s.Name
}

func placeText(p *Proto, pc int) string {
	if pc >= len(p.Pos) || p.Pos[pc].Line == 0 {
		return "-"
	}
	return fmt.Sprintf("%d:%d", p.Pos[pc].Line, p.Pos[pc].Col)
}

// instrText gives one instruction: its name, its operands as the letters of
// the table say, and what they stand for.
func instrText(p *Proto, pc int) string {
	s := plainText(p.Code[pc], pc)
	if note := notes(p, pc); note != "" {
		s = fmt.Sprintf("%-36s ; %s", s, note)
	}
	return s
}

// plainText gives the name and the operands of an instruction. It looks at no
// constants, so it is safe for code that is wrong.
func plainText(i Instr, pc int) string {
	if i.Op() >= NumOps {
		return fmt.Sprintf("opcode %d", uint8(i.Op()))
	}
	info := &Ops[i.Op()]
	var ops []string
	for n, letter := range info.Operands {
		if text := operandText(i, pc, n, byte(letter)); text != "" {
			ops = append(ops, text)
		}
	}
	return strings.TrimRight(fmt.Sprintf("%-13s %s", info.Name, strings.Join(ops, " ")), " ")
}

// notes says what the registers and the constant of an instruction stand for.
func notes(p *Proto, pc int) string {
	i := p.Code[pc]
	if i.Op() >= NumOps {
		return ""
	}
	var texts []string
	for n, letter := range Ops[i.Op()].Operands[:3] {
		if letter == 'a' || letter == 'r' || letter == 'w' {
			if local := localAt(p, pc, [3]int{i.A(), i.B(), i.C()}[n]); local != "" {
				texts = append(texts, local)
			}
		}
	}
	if constTypes[i.Op()] != constNone {
		texts = append(texts, constNote(p, i.Op(), constIndex(i)))
	}
	return strings.Join(texts, ", ")
}

// operandText gives operand n of an instruction; "" when it is unused.
func operandText(i Instr, pc, n int, letter byte) string {
	field := [4]int{i.A(), i.B(), i.C(), int(i.D())}[n]
	switch letter {
	case 'a', 'r', 'w':
		return fmt.Sprintf("r%d", field)
	case 'n':
		return strconv.Itoa(field)
	case 's':
		return strconv.Itoa(int(i.S()))
	case 'i':
		if i.Op() == OpIntrinsic {
			return intrinsicText(field)
		}
		return strconv.Itoa(field)
	case 'j':
		return fmt.Sprintf("-> %04d", pc+1+field)
	case 'k':
		if i.Op() == OpEqKJF && n == 2 {
			return "" // the upper half of operand 1
		}
		return fmt.Sprintf("k%d", constIndex(i))
	}
	return ""
}

func intrinsicText(n int) string {
	if n < 0 || n >= int(NumIntrinsics) {
		return fmt.Sprintf("intrinsic %d", n)
	}
	return IntrinsicNames[n]
}

// localAt names the variable that a register holds at a pc.
func localAt(p *Proto, pc, reg int) string {
	for _, l := range p.Local {
		if int(l.Reg) == reg && int(l.Start) <= pc && pc < int(l.End) {
			return fmt.Sprintf("r%d is %s", reg, symText(l.Name))
		}
	}
	return ""
}

// constNote says what a constant operand of an opcode stands for.
func constNote(p *Proto, op Op, n int) string {
	if n < 0 || n >= len(p.K) {
		return "no such constant"
	}
	k := p.K[n]
	if t := constTypes[op]; t > constSymbol && k.Kind() != value.KindInternal {
		return "not " + t.String()
	}
	switch constTypes[op] {
	case constProto:
		return protoTitle((*Proto)(k.P))
	case constSite:
		return siteText((*Site)(k.P))
	case constKeys:
		return "{" + symsText((*KeyList)(k.P).Keys, "^") + "}"
	case constMacro:
		return fmt.Sprintf("%d forms", len((*MacroSite)(k.P).Args))
	case constPattern:
		return paramsText(&Proto{Params: (*Pattern)(k.P).Params})
	case constSpec:
		s := (*TypeSpec)(k.P)
		return fmt.Sprintf("%s in %s", constText(s.Expr), s.Place)
	case constScope:
		return scopeText((*Scope)(k.P))
	}
	return constText(k)
}

func siteText(s *Site) string {
	text := symText(s.Name)
	if len(s.Kw) > 0 {
		text += " " + symsText(s.Kw, "^")
	}
	return text
}

func symsText(syms []*value.Symbol, mark string) string {
	texts := make([]string, len(syms))
	for n, s := range syms {
		texts[n] = mark + s.Name
	}
	return strings.Join(texts, " ")
}

func scopeText(s *Scope) string {
	var b strings.Builder
	for n, v := range s.Vars {
		if n > 0 {
			b.WriteByte(' ')
		}
		place := "u"
		if v.FromReg {
			place = "r"
		}
		fmt.Fprintf(&b, "%s=%s%d", symText(v.Name), place, v.Index)
	}
	return "[" + b.String() + "]"
}

// maxConstRunes is where the text of a constant is cut off.
const maxConstRunes = 40

func constText(v value.Value) string {
	var text string
	switch v.Kind() {
	case value.KindUnset:
		text = "unset"
	case value.KindInternal:
		text = "internal"
	case value.KindCell:
		text = "cell " + symText((*value.Cell)(v.P).Name)
	case value.KindString:
		text = strconv.Quote(v.AsString())
	case value.KindSymbol:
		text = v.AsSymbol().Name
	default:
		text = syntax.Source(v)
	}
	if r := []rune(text); len(r) > maxConstRunes {
		text = string(r[:maxConstRunes]) + "…"
	}
	return text
}
