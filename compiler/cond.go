package compiler

import (
	"math"

	"gene/value"
)

// falseOps are the fused comparisons that jump when the comparison fails, for
// two registers and for a register and a small integer.
var falseOps = map[string][2]Op{
	"<": {OpLtJF, OpLtIJF}, "<=": {OpLeJF, OpLeIJF}, ">": {OpGtJF, OpGtIJF}, ">=": {OpGeJF, OpGeIJF},
	"==": {OpEqJF, OpEqIJF}, "!=": {OpNeJF, OpNeIJF},
}

// loopOps are the ones that jump back when it holds.
var loopOps = map[string][2]Op{
	"<": {OpLtLoop, OpLtILoop}, "<=": {OpLeLoop, OpLeILoop}, ">": {OpGtLoop, OpGtILoop}, ">=": {OpGeLoop, OpGeILoop},
}

// condForm gives the operator and operands of a form that is a condition of
// its own: a comparison, && || and not; op is "" for any other form.
func (f *fn) condForm(v value.Value) (op string, g *value.Gene) {
	if v.Kind() != value.KindGene {
		return "", nil
	}
	g = v.AsGene()
	if g.Aux == auxPrefix {
		return f.condOp(headName(g), g)
	}
	head, n := headName(g), len(g.Children)
	switch {
	case quoted(g.Type) != nil || g.Flags&value.FlagSealed != 0 || n == 0 || isLookupHead(g.Type) || head == "_" || head == "super":
		return "", nil
	case n == 2 && childName(g, 0) == "..":
		return "", nil
	case isInfixOp(g.Children[0]) && !noInfix[head]:
		if n%2 != 0 {
			return "", nil
		}
		if t := f.infixTree(g); t.Kind() == value.KindGene {
			return f.condOp(headName(t.AsGene()), t.AsGene())
		}
		return "", nil
	case prefixOps[head] && g.Props.Len() == 0 && !hasSpread(g.Children):
		return f.condOp(head, g)
	}
	return "", nil
}

func (f *fn) condOp(op string, g *value.Gene) (string, *value.Gene) {
	n := len(g.Children)
	switch op {
	case "<", "<=", ">", ">=", "==", "!=":
		if n == 2 {
			return op, g
		}
	case "!", "not":
		if n == 1 && f.isBool(g.Children[0]) {
			return "not", g
		}
	case "&&":
		if n == 2 && (f.isBool(g.Children[0]) || f.isBool(g.Children[1])) {
			return op, g
		}
	case "||":
		if n == 2 && f.isBool(g.Children[0]) {
			return op, g
		}
	}
	return "", nil
}

// jumpIf compiles a condition: it jumps to l when the condition's truth is
// want, else goes on.
func (f *fn) jumpIf(pos value.Pos, v value.Value, want bool, l *label) {
	op, g := f.condForm(v)
	if op == "" {
		f.jumpPlain(pos, v, want, l)
		return
	}
	old := f.pos
	if g.Loc != nil && g.Loc.Pos.Line != 0 {
		f.pos = g.Loc.Pos
	}
	if f.c.depth++; f.c.depth > nestingMax {
		f.fail("forms are nested too deeply (limit %d)", nestingMax)
	}
	f.jumpFused(op, g, want, l)
	f.c.depth--
	f.pos = old
}

func (f *fn) jumpFused(op string, g *value.Gene, want bool, l *label) {
	cond := func(i int, want bool, l *label) { f.jumpIf(kidPos(g, i), g.Children[i], want, l) }
	switch op {
	case "not":
		cond(0, !want, l)
	case "&&", "||":
		if (op == "&&") == want {
			// The first operand alone cannot decide for the jump.
			var past label
			cond(0, !want, &past)
			cond(1, want, l)
			f.place(&past)
			return
		}
		cond(0, want, l)
		cond(1, want, l)
	case "==", "!=":
		if want {
			op = map[string]string{"==": "!=", "!=": "=="}[op]
		}
		f.compareJump(falseOps[op], g, l)
	default:
		if !want {
			f.compareJump(falseOps[op], g, l)
			return
		}
		// Comparisons with nan are false both ways, so the opposite operator
		// would not do.
		var past label
		f.compareJump(falseOps[op], g, &past)
		f.jump(OpJmp, 0, 0, 0, l)
		f.place(&past)
	}
}

// compareJump emits one fused comparison and jump.
func (f *fn) compareJump(ops [2]Op, g *value.Gene, l *label) {
	mark := f.top
	a := f.kidOperand(g, 0)
	b := g.Children[1]
	switch {
	case b.IsInt() && b.AsInt() >= math.MinInt16 && b.AsInt() <= math.MaxInt16:
		f.jumpS(ops[1], a, b.AsInt(), l)
	case ops[0] == OpEqJF && isAtom(b):
		if k := f.k(b); k < 1<<16 {
			f.jump(OpEqKJF, a, k&255, k>>8, l)
			break
		}
		fallthrough
	default:
		f.jump(ops[0], a, f.kidOperand(g, 1), 0, l)
	}
	f.release(mark)
}

// isAtom tells whether a form is a literal that evaluates to itself and never
// changes.
func isAtom(v value.Value) bool {
	switch v.Kind() {
	case value.KindNil, value.KindVoid, value.KindNotFound, value.KindBool, value.KindInt, value.KindFloat, value.KindChar, value.KindString:
		return true
	}
	return false
}

func (f *fn) jumpPlain(pos value.Pos, v value.Value, want bool, l *label) {
	if isAtom(v) {
		if v.Truthy() == want {
			f.jump(OpJmp, 0, 0, 0, l)
		}
		return
	}
	mark := f.top
	r := f.operandAt(pos, v)
	if want {
		f.jump(OpJmpT, r, 0, 0, l)
	} else {
		f.jump(OpJmpF, r, 0, 0, l)
	}
	f.release(mark)
}

// loopWhile jumps back to target while the condition holds.
func (f *fn) loopWhile(pos value.Pos, v value.Value, target int) {
	op, g := f.condForm(v)
	old := f.pos
	if g != nil && g.Loc != nil && g.Loc.Pos.Line != 0 {
		f.pos = g.Loc.Pos
	}
	switch ops, ordered := loopOps[op]; {
	case ordered:
		f.compareLoop(ops, g, target)
	case op == "&&":
		var exit label
		f.jumpIf(kidPos(g, 0), g.Children[0], false, &exit)
		f.loopWhile(kidPos(g, 1), g.Children[1], target)
		f.place(&exit)
	case op == "||":
		f.loopWhile(kidPos(g, 0), g.Children[0], target)
		f.loopWhile(kidPos(g, 1), g.Children[1], target)
	case op != "":
		var exit label
		f.jumpIf(pos, v, false, &exit)
		f.back(OpLoop, 0, 0, 0, target)
		f.place(&exit)
	case isAtom(v):
		if v.Truthy() {
			f.back(OpLoop, 0, 0, 0, target)
		}
	default:
		mark := f.top
		f.back(OpLoopT, f.operandAt(pos, v), 0, 0, target)
		f.release(mark)
	}
	f.pos = old
}

func (f *fn) compareLoop(ops [2]Op, g *value.Gene, target int) {
	mark := f.top
	a := f.kidOperand(g, 0)
	if b := g.Children[1]; b.IsInt() && b.AsInt() >= math.MinInt16 && b.AsInt() <= math.MaxInt16 {
		f.patch(f.emitS(ops[1], a, b.AsInt(), 0), target)
	} else {
		f.back(ops[0], a, f.kidOperand(g, 1), 0, target)
	}
	f.release(mark)
}
