package compiler

import (
	"math"

	"gene/value"
)

// genInfix compiles (a op b op c …).
func (f *fn) genInfix(g *value.Gene, d dest) {
	if len(g.Children) == 3 && isLookupHead(g.Children[0]) && !isInfixOp(g.Children[2]) {
		f.genLookup(g, g.Type, headPos(g), g.Children[1], kidPos(g, 1), g.Children[2:], d)
		return
	}
	f.gen(f.infixTree(g), d)
}

// infixTree turns an infix expression into nested prefix ones.
func (f *fn) infixTree(g *value.Gene) value.Value {
	n := len(g.Children)
	for i := 0; i < n; i += 2 {
		if !isInfixOp(g.Children[i]) {
			f.fail("infix expression: expected an operator, got %s", formText(g.Children[i]))
		}
	}
	if n%2 != 0 {
		f.fail("Incomplete infix expression")
	}
	if n > 2 && allComparisons(g) {
		return f.chain(g)
	}
	p := &infixParser{g: g}
	return p.parse(g.Type, headPos(g), 8)
}

// infixParser is precedence climbing over the children of g.
type infixParser struct {
	g    *value.Gene
	next int // index of the next operator
}

// parse reads operators of at most the given level behind the operand left.
func (p *infixParser) parse(left value.Value, pos value.Pos, level int) value.Value {
	for p.next < len(p.g.Children) {
		op := opName(p.g.Children[p.next])
		l := infixLevel[op]
		if l > level {
			break
		}
		right, rpos := p.g.Children[p.next+1], kidPos(p.g, p.next+1)
		p.next += 2
		right = p.parse(right, rpos, l-1)
		if v, ok := fold(op, left, right); ok {
			left = v
			continue
		}
		left = prefixGene(p.g, op, left, pos, right, rpos)
	}
	return left
}

func prefixGene(from *value.Gene, op string, a value.Value, ap value.Pos, b value.Value, bp value.Pos) value.Value {
	n := value.NewGene(value.Sym(op), nil, []value.Value{a, b})
	n.Aux = auxPrefix
	if from.Loc != nil {
		l := *from.Loc
		l.Children = []value.Pos{ap, bp}
		n.Loc = &l
	}
	return n.Value()
}

func allComparisons(g *value.Gene) bool {
	for i := 0; i < len(g.Children); i += 2 {
		switch symName(g.Children[i]) {
		case "<", "<=", ">", ">=", "==", "!=":
		default:
			return false
		}
	}
	return true
}

// chain makes the conjunction of a chained comparison; the operands in the
// middle stay in registers between the two comparisons that use them.
func (f *fn) chain(g *value.Gene) value.Value {
	n := value.NewGene(value.Sym("chain"), nil, append([]value.Value{g.Type}, g.Children...))
	n.Aux = auxPrefix
	if g.Loc != nil {
		l := *g.Loc
		l.Children = append([]value.Pos{g.Loc.Type}, g.Loc.Children...)
		n.Loc = &l
	}
	return n.Value()
}

func (f *fn) genChain(g *value.Gene, d dest) {
	mark := f.top
	r := f.scratch(d)
	var end label
	left := f.kidOperand(g, 0)
	for i := 1; i < len(g.Children); i += 2 {
		right := f.kidOperand(g, i+1)
		f.emit(compareOps[symName(g.Children[i])], r, left, right, 0)
		if i+2 < len(g.Children) {
			f.jump(OpJmpF, r, 0, 0, &end)
		}
		left = right
	}
	f.place(&end)
	f.release(mark)
	f.resultOf(r, d)
}

var compareOps = map[string]Op{"<": OpLt, "<=": OpLe, ">": OpGt, ">=": OpGe, "==": OpEq, "!=": OpNe}

var binaryOps = map[string]Op{
	"+": OpAdd, "-": OpSub, "*": OpMul, "/": OpDiv, "%": OpMod, "**": OpPow, "++": OpConcat,
	"<<": OpShl, ">>": OpShr, "<": OpLt, "<=": OpLe, ">": OpGt, ">=": OpGe, "==": OpEq, "!=": OpNe,
	"is": OpIs, "&|&": OpXor,
}

// genPrefix compiles an operator with its operands as children.
func (f *fn) genPrefix(op string, g *value.Gene, d dest) {
	if op == "chain" {
		f.genChain(g, d)
		return
	}
	if op == "./" {
		f.genLookup(g, g.Children[0], kidPos(g, 0), g.Children[1], kidPos(g, 1), nil, d)
		return
	}
	if hasSpread(g.Children) {
		f.fail("%s does not take spread operands", op)
	}
	n := len(g.Children)
	switch op {
	case "!", "not":
		if n != 1 {
			f.fail("%s requires exactly 1 argument", op)
		}
		f.genNot(g, d)
		return
	case "<", "<=", ">", ">=", "==", "!=", "is", "<<", ">>", "**":
		if n != 2 {
			f.fail("%s requires exactly 2 arguments", op)
		}
	case "&&", "||", "&|&":
		if n == 0 {
			f.fail("%s requires at least 1 argument", op)
		}
	}
	if n < 2 {
		f.genUnary(op, g, d)
		return
	}
	if n == 2 {
		f.genBinary(op, g, d)
		return
	}
	left, pos := g.Children[0], kidPos(g, 0)
	for i := 1; i < n; i++ {
		left = prefixGene(g, op, left, pos, g.Children[i], kidPos(g, i))
	}
	f.gen(left, d)
}

func (f *fn) genUnary(op string, g *value.Gene, d dest) {
	if len(g.Children) == 0 {
		switch op {
		case "+":
			f.constant(value.Int(0), d)
		case "*":
			f.constant(value.Int(1), d)
		default:
			f.fail("%s requires at least 1 argument", op)
		}
		return
	}
	switch op {
	case "-":
		if v := g.Children[0]; v.IsInt() && v.AsInt() != math.MinInt64 {
			f.constant(value.Int(-v.AsInt()), d)
			return
		}
		f.into(d, func(r int) {
			mark := f.top
			f.emit(OpNeg, r, f.leftOperand(g, 0, r), 0, 0)
			f.release(mark)
		})
	case "/":
		f.gen(prefixGene(g, "/", value.Int(1), value.Pos{}, g.Children[0], kidPos(g, 0)), d)
	case "%":
		f.fail("%s requires at least 2 arguments", op)
	default:
		f.kid(g, 0, d)
	}
}

func (f *fn) genBinary(op string, g *value.Gene, d dest) {
	switch op {
	case "&&", "||":
		f.genLogic(op, g, d)
		return
	}
	if v, ok := fold(op, g.Children[0], g.Children[1]); ok {
		f.constant(v, d)
		return
	}
	f.into(d, func(r int) {
		mark := f.top
		if !f.genConstOp(op, g, r) {
			a := f.leftOperand(g, 0, r)
			b := f.kidOperand(g, 1)
			f.emit(binaryOps[op], r, a, b, 0)
		}
		f.release(mark)
	})
}

func smallInt(v value.Value) bool {
	return v.IsInt() && v.AsInt() >= math.MinInt32 && v.AsInt() <= math.MaxInt32
}

// genConstOp uses the forms of an operator that have a constant operand.
func (f *fn) genConstOp(op string, g *value.Gene, r int) bool {
	a, b := g.Children[0], g.Children[1]
	if isNumber(b) {
		if smallInt(b) {
			imm := OpInvalid
			switch {
			case op == "+":
				imm = OpAddI
			case op == "-":
				imm = OpSubI
			case op == "*":
				imm = OpMulI
			case op == "%" && b.AsInt() != 0:
				imm = OpModI
			}
			if imm != OpInvalid {
				f.emit(imm, r, f.leftOperand(g, 0, r), 0, int(b.AsInt()))
				return true
			}
		}
		if k := constOps[op]; k != OpInvalid {
			f.emit(k, r, f.leftOperand(g, 0, r), 0, f.k(b))
			return true
		}
		return false
	}
	if isNumber(a) && (op == "+" || op == "*") {
		f.emit(constOps[op], r, f.leftOperand(g, 1, r), 1, f.k(a))
		return true
	}
	return false
}

var constOps = map[string]Op{"+": OpAddK, "-": OpSubK, "*": OpMulK, "/": OpDivK}

// fold computes arithmetic of two literals where it cannot raise.
func fold(op string, a, b value.Value) (value.Value, bool) {
	if !isNumber(a) || !isNumber(b) {
		return value.Value{}, false
	}
	if a.IsInt() && b.IsInt() {
		x, y := a.AsInt(), b.AsInt()
		const half = 1 << 31
		if x <= -half || x >= half || y <= -half || y >= half {
			return value.Value{}, false
		}
		switch op {
		case "+":
			return value.Int(x + y), true
		case "-":
			return value.Int(x - y), true
		case "*":
			return value.Int(x * y), true
		case "/":
			return value.Float(float64(x) / float64(y)), true
		}
		return value.Value{}, false
	}
	x, _ := a.Number()
	y, _ := b.Number()
	switch op {
	case "+":
		return value.Float(x + y), true
	case "-":
		return value.Float(x - y), true
	case "*":
		return value.Float(x * y), true
	case "/":
		return value.Float(x / y), true
	}
	return value.Value{}, false
}

func (f *fn) genNot(g *value.Gene, d dest) {
	f.into(d, func(r int) {
		mark := f.top
		f.emit(OpNot, r, f.leftOperand(g, 0, r), 0, 0)
		f.release(mark)
	})
}

// genLogic compiles && and || for a value. The result must not go to a
// variable before the right operand has been evaluated, so a temporary takes it.
func (f *fn) genLogic(op string, g *value.Gene, d dest) {
	mark := f.top
	r := f.scratch(d)
	var end label
	f.asOperand(func() { f.kid(g, 0, dest(r)) })
	if op == "&&" {
		f.jump(OpJmpF, r, 0, 0, &end)
	} else {
		f.jump(OpJmpOr, r, 0, 0, &end)
	}
	if op == "&&" && (f.isBool(g.Children[0]) || f.isBool(g.Children[1])) {
		f.asOperand(func() { f.kid(g, 1, dest(r)) })
	} else {
		inner := f.top
		b := f.kidOperand(g, 1)
		f.emit(map[string]Op{"&&": OpAnd, "||": OpOr}[op], r, r, b, 0)
		f.release(inner)
	}
	f.place(&end)
	f.release(mark)
	f.resultOf(r, d)
}

// isBool tells whether a form's value is certainly a Bool.
func (f *fn) isBool(v value.Value) bool {
	if v.Kind() == value.KindBool {
		return true
	}
	if v.Kind() != value.KindGene {
		return false
	}
	g := v.AsGene()
	if g.Aux == auxPrefix {
		return f.boolOp(headName(g), g.Children)
	}
	if quoted(g.Type) != nil || g.Flags&value.FlagSealed != 0 {
		return false
	}
	head := headName(g)
	if n := len(g.Children); n > 1 && n%2 == 0 && isInfixOp(g.Children[0]) && !noInfix[head] {
		if n == 2 {
			return f.boolOp(symName(g.Children[0]), []value.Value{g.Type, g.Children[1]})
		}
		for i := 0; i < n; i += 2 {
			if !isInfixOp(g.Children[i]) {
				return false
			}
		}
		return f.isBool(f.infixTree(g))
	}
	return prefixOps[head] && f.boolOp(head, g.Children)
}

func (f *fn) boolOp(op string, operands []value.Value) bool {
	switch op {
	case "<", "<=", ">", ">=", "==", "!=", "is", "chain":
		return true
	case "!", "not":
		return len(operands) == 1 && f.isBool(operands[0])
	case "&&", "||":
		for _, o := range operands {
			if !f.isBool(o) {
				return false
			}
		}
		return len(operands) > 0
	}
	return false
}

// genRange compiles (a .. b).
func (f *fn) genRange(g *value.Gene, d dest) {
	f.into(d, func(r int) {
		mark := f.top
		a := f.operandAt(headPos(g), g.Type, g.Children[1])
		b := f.kidOperand(g, 1)
		f.emit(OpRange, r, a, b, 0)
		f.release(mark)
	})
}

// genRangeForm compiles (range a b); with a step it is a call.
func (f *fn) genRangeForm(g *value.Gene, d dest) {
	if len(g.Children) != 2 || g.Props.Len() > 0 || hasSpread(g.Children) {
		f.genCall(g, d)
		return
	}
	f.into(d, func(r int) {
		mark := f.top
		a := f.kidOperand(g, 0)
		b := f.kidOperand(g, 1)
		f.emit(OpRange, r, a, b, 0)
		f.release(mark)
	})
}
