package compiler

import (
	"fmt"
	"strings"
	"testing"

	"gene/value"
)

// ops gives the code of a function as one line: opcodes with their register
// operands, and the wide operand where it is a number.
func ops(p *Proto) string {
	var out []string
	for _, i := range p.Code {
		info := Ops[i.Op()]
		s := info.Name
		for n, r := range []int{i.A(), i.B(), i.C()} {
			switch info.Operands[n] {
			case 'r', 'w', 'a', 'n':
				s += fmt.Sprintf(" %d", r)
			case 's':
				s += fmt.Sprintf(" #%d", i.S())
			}
		}
		switch info.Operands[3] {
		case 'i', 'j':
			s += fmt.Sprintf(" #%d", i.D())
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

// function finds the proto of a name in the constants of p.
func function(p *Proto, name string) *Proto {
	for _, i := range p.Code {
		if i.Op() != OpClosure {
			continue
		}
		in := (*Proto)(p.K[i.D()].P)
		if in.Name == name {
			return in
		}
		if found := function(in, name); found != nil {
			return found
		}
	}
	return nil
}

// TestCode: source of a function f, and its instructions.
func TestCode(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"tight loop", "(fn f [i n] (while (i < n) (i += 1)))",
			"jmp #1; addi 0 0 #1; ltloop 0 1 #-2; retnil"},
		{"loop with a small constant", "(fn f [i] (while (i < 10) (i += 1)) i)",
			"jmp #1; addi 0 0 #1; ltiloop 0 #10 #-2; ret 0"},
		{"operands in place", "(fn f [a b] (a * a + b))", "mul 2 0 0; add 2 2 1; ret 2"},
		{"fib", "(fn f [n] (if (n < 2) n else ((f (n - 1)) + (f (n - 2)))))",
			"ltijf 0 #2 #1; ret 0; subi 1 0 #1; callcell 1 1; subi 2 0 #2; callcell 2 1; add 1 1 2; ret 1"},
		{"tail call", "(fn f [n acc] (if (n == 0) acc else (f (n - 1) (acc + n))))",
			"eqijf 0 #0 #1; ret 1; subi 2 0 #1; add 3 1 0; tailcallcell 2 2"},
		{"no tail call in a try", "(fn f [g] (try (g 1) catch * 2))",
			"loadint 1 #1; call 1 0 1; jmp #7; getex 2; setex 3; loadint 1 #2; setex 2; jmp #2; setex 2; rethrow 4; ret 1"},
		{"nested calls need no moves", "(fn f [g x] (g (g (g x))))",
			"move 2 1; call 2 0 1; call 2 0 1; tailcall 2 0 1"},
		{"captured by value", "(fn f [a] (fn [b] (a + b)))", "closure 1; ret 1"},
		{"captured in a cell", "(fn f [a] (fn [] (a += 1)))", "newbox 0; closure 1; ret 1"},
		{"short circuit in a condition", "(fn f [a b] (if ((a < 1) && (b > 2)) 3))",
			"ltijf 0 #1 #3; gtijf 1 #2 #2; loadint 2 #3; ret 2; retnil"},
		{"folding", "(fn f [] (2 * 3 + 1))", "loadint 0 #7; ret 0"},
		{"default", "(fn f [a = 1] a)", "jmpset 0 #2; loadint 1 #1; move 0 1; ret 0"},
		{"member", "(fn f [o] o/x/0)", "getmember 1 0; getmemberi 1 1 #0; ret 1"},
		{"keywords behind positionals", "(fn f [g a] (g a ^k 1))", "move 2 0; loadint 4 #1; move 3 1; callkw 2 1; ret 2"},
		{"assignment in place", "(fn f [x y] (x = (y - x)) x)", "sub 0 1 0; ret 0"},
		{"a constant on the left", "(fn f [x] (2.0 * x))", "mulk 1 0 1; ret 1"},
	} {
		p, _, err := compileText(t, c.src)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := ops(function(p, "f")); got != c.want {
			t.Errorf("%s: %s\n got %s\nwant %s", c.name, c.src, got, c.want)
		}
	}
}

// TestErrors: programs that are refused, where, and why.
func TestErrors(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"(let x 1)\n(fn f [] (x = 2))", "main.gene:2:10: CompileException: Cannot reassign 'let' binding 'x'"},
		{"(fn f [] (let [a b] [1 2]) (a += 1))", "1:28: CompileException: Cannot reassign 'let' binding 'a'"},
		{"(var)", "1:1: CompileException: var requires a name"},
		{"(var 5 1)", "Variable name must be a symbol, got Int"},
		{"(fn)", "fn requires a name or argument list"},
		{"(if)", "if: missing condition"},
		{"(if true 1 elif)", "elif: missing condition"},
		{"(ifel 1)", "ifel: missing body after condition"},
		{"(if_not true 1 elif 2)", "if_not: elif branches are not supported"},
		{"(case)", "case: missing target expression"},
		{"(case 1 when)", "case: missing value after 'when'"},
		{"(1 + 2 *)", "Incomplete infix expression"},
		{"(not 1 2)", "not requires exactly 1 argument"},
		{"(typeof)", "typeof requires exactly 1 argument"},
		{"(var [...] 1)", "Positional rest must follow a named parameter"},
		{"(var {^a {^b c}} 1)", "expected symbol bindings"},
		{"(await ^timeout \"x\" 1)", "await ^timeout must be int milliseconds or float seconds"},
		{"(class A (ctor! [] 1))", "Macro-like"},
		{"(new! A)", "Macro-like"},
		{"(class A (method m [] (super m)))", "super can only be used in call form: (super .member ...)"},
		{"super", "super can only be used in call form"},
		{"(enum E (P x x))", "enum variant E/P has duplicate field x"},
		{"(enum E: a)", "enum generic declaration 'E:' has invalid generic parameter syntax"},
		{"(enum E ^values 5)", "enum ^values must be an array"},
		{"(class A (field x))", "field requires a name and type"},
		{"(interface I (method m [] 1))", "interface methods cannot have a body"},
		{"(interface I (method m))", "interface method requires a name and parameter list"},
		{"(class A (implement I for B))", "Classes must declare interfaces in the header with implements"},
		{"(import x)", "Module path not specified in import statement"},
		{"(import x from y)", "'from' must be followed by a string module path"},
		{"(fn f [] (import x from \"m\"))", "import is compile-time only"},
		{"($set {} @a/b 1)", "$set selector must have exactly one property"},
		{"(fn f ^examples [[1] => 2] [a] a)", "unsupported operator '=>'; expected '->' or 'throws'"},
		{"(fn f ^examples [[1]] [a] a)", "missing operator after argument array"},
		{"(comptime (nope))", "comptime: unsupported expression"},
		{"(comptime (var a b))", "comptime: unknown variable b"},
		{"(var self 1)", "Reserved identifier 'self' cannot be used for variable"},
	} {
		_, _, err := compileText(t, c.src)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\n got %v\nwant %s", c.src, err, c.want)
		}
	}
}

// TestManyErrors: each top-level form reports its own.
func TestManyErrors(t *testing.T) {
	_, _, err := compileText(t, "(if)\n(println 1)\n(var)")
	if errs, ok := err.(Errors); !ok || len(errs) != 2 || errs[1].Pos.Line != 3 {
		t.Fatalf("got %v", err)
	}
}

// TestLimits: both sides of every limit.
func TestLimits(t *testing.T) {
	vars := func(n int) string {
		var b strings.Builder
		for i := 0; i < n; i++ {
			fmt.Fprintf(&b, "(var v%d %d)", i, i)
		}
		return "(fn f [] " + b.String() + ")"
	}
	calls := func(n int) string { return "(println" + strings.Repeat(" 1", n) + ")" }
	for _, c := range []struct {
		name, src string
		ok        bool
	}{
		{"locals", vars(localsMax), true},
		{"locals", vars(localsMax + 1), false},
		{"long call", calls(5000), true},
		{"long array", "[" + strings.Repeat("1 ", 5000) + "]", true},
		{"long text", `#"` + strings.Repeat("#{1}", 500) + `"`, true},
		{"long infix", "(1" + strings.Repeat(" + x", 9000) + ")", true},
		{"deep", strings.Repeat("(do ", 9000) + strings.Repeat(")", 9000), true},
		{"deep call", strings.Repeat("(f ", 300) + strings.Repeat(")", 300), true},
	} {
		p, _, err := compileText(t, c.src)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
		if err == nil {
			if err := Verify(p); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	}
}

// TestEval: code sees and assigns the variables of its scope, through cells.
func TestEval(t *testing.T) {
	m := newTestModule()
	x := value.Intern("x")
	s := &Scope{Module: m, Vars: []Var{{Name: x}}}
	form := value.NewGene(value.Sym("x"), nil, []value.Value{value.Sym("+="), value.Int(1)}).Value()
	p, err := CompileEval(form, s, testOptions)
	if err != nil {
		t.Fatal(err)
	}
	if err := Verify(p); err != nil {
		t.Fatal(err)
	}
	if got, want := ops(p), "getupbox 1 0; addi 0 1 #1; setupbox 0 0; ret 0"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	s.Vars[0].Let = true
	if _, err := CompileEval(form, s, testOptions); err == nil {
		t.Error("a let was reassigned")
	}
}
