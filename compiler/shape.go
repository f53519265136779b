package compiler

import (
	"strings"

	"gene/value"
)

// Shape is what an expression is by the rules of 1.12, told from its form
// alone.
type Shape uint8

// The shapes, in the order in which the rules try them.
const (
	ShapeForm         Shape = iota // a special form, a type or a call, by its head
	ShapeQuote                     // `x
	ShapeInterp                    // #"…#{}…"
	ShapeHashMap                   // {{k v}}
	ShapeLookupHead                // (./ …)
	ShapeRange                     // (a .. b)
	ShapeNumber                    // (5)
	ShapeSuper                     // (super .m …)
	ShapeConstructor               // #(…), (_ …), (`x …)
	ShapePathLookup                // (a ./k)
	ShapeInfix                     // (a op b …)
	ShapeDynamicCall               // (obj . name …)
	ShapeSelectorCall              // (obj .@k …)
	ShapeMethodCall                // (obj .m …)
	ShapePrefix                    // (op a b …)
	ShapeAssign                    // (x = v), (x += v)
	ShapeUnwrap                    // (x ?)
	ShapeBlock                     // (x -> …), (-> …)
)

// ShapeOf tells the shape of an expression. It is the one place that knows the
// order of the rules: the compiler and the static checker both ask it.
func ShapeOf(g *value.Gene) Shape {
	n := len(g.Children)
	head, op := headName(g), childName(g, 0)
	switch {
	case g.Type == value.SymQuote.Value() && n == 1:
		return ShapeQuote
	case g.Type == value.SymInterp.Value():
		return ShapeInterp
	case g.Type == value.SymHashMap.Value():
		return ShapeHashMap
	case isLookupHead(g.Type):
		return ShapeLookupHead
	case n == 2 && op == "..":
		return ShapeRange
	case isNumber(g.Type) && n == 0 && g.Props.Len() == 0:
		return ShapeNumber
	case head == "super":
		return ShapeSuper
	case g.Flags&value.FlagSealed != 0 || head == "_":
		return ShapeConstructor
	case quoted(g.Type) != nil:
		if strings.HasPrefix(op, ".") && len(op) > 1 && op != "..." && quoted(g.Type).Children[0].Kind() == value.KindSymbol {
			return ShapeMethodCall
		}
		return ShapeConstructor
	case n > 0 && isPathLookup(g.Children[0]) && !noInfix[head]:
		return ShapePathLookup
	case n > 0 && isInfixOp(g.Children[0]) && !noInfix[head]:
		return ShapeInfix
	case op == ".":
		return ShapeDynamicCall
	case n > 0 && isSelectorMark(g.Children[0]):
		return ShapeSelectorCall
	case len(op) > 1 && op[0] == '.' && op != ".." && op != "...":
		return ShapeMethodCall
	case prefixOps[head]:
		return ShapePrefix
	case isAssignOp(op):
		return ShapeAssign
	case op == "?" && n == 1:
		return ShapeUnwrap
	case op == "->" || head == "->":
		return ShapeBlock
	}
	return ShapeForm
}

// InfixLevel gives the binding strength of an infix operator, 1 the tightest,
// and 0 for anything else.
func InfixLevel(v value.Value) int { return infixLevel[opName(v)] }

// AnsweredByAll tells whether every value answers a method of that name,
// whatever its class.
func AnsweredByAll(method string) bool { return objectMethods[method] }
