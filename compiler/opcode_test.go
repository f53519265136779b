package compiler

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

//go:generate go test -run TestOpcodeReference -update .

var update = flag.Bool("update", false, "rewrite generated files")

func TestOpcodeRows(t *testing.T) {
	names := map[string]Op{}
	for op := OpInvalid; op < NumOps; op++ {
		info := Ops[op]
		if info.Name == "" || info.Does == "" {
			t.Errorf("opcode %d has no row", op)
			continue
		}
		if other, ok := names[info.Name]; ok {
			t.Errorf("opcodes %d and %d are both called %s", other, op, info.Name)
		}
		names[info.Name] = op
		if info.Name != strings.ToLower(info.Name) || strings.ContainsAny(info.Name, " \t") {
			t.Errorf("%q is no printable name of an opcode", info.Name)
		}
		checkLetters(t, info)
	}
}

// checkLetters holds the operand letters of a row against what may stand in
// each of the four places.
func checkLetters(t *testing.T, info OpInfo) {
	t.Helper()
	if len(info.Operands) != 4 {
		t.Errorf("%s has %d operand letters, want 4", info.Name, len(info.Operands))
		return
	}
	for n, allowed := range [4]string{"arwn-", "rnsk-", "rnk-", "ikj-"} {
		if !strings.ContainsRune(allowed, rune(info.Operands[n])) {
			t.Errorf("%s: operand %d is %q, want one of %s", info.Name, n, info.Operands[n], allowed)
		}
	}
	jumps := info.Operands[3] == 'j'
	if jumps && info.May&MayJump == 0 {
		t.Errorf("%s has a jump operand and may not jump", info.Name)
	}
}

func TestConstTypes(t *testing.T) {
	for op := OpInvalid; op < NumOps; op++ {
		has := strings.ContainsRune(Ops[op].Operands, 'k')
		if has != (constTypes[op] != constNone) {
			t.Errorf("%s: operands %s, constant is %v", Ops[op].Name, Ops[op].Operands, constTypes[op])
		}
	}
}

func TestIntrinsicNames(t *testing.T) {
	seen := map[string]bool{}
	for n, name := range IntrinsicNames {
		if name == "" || seen[name] {
			t.Errorf("intrinsic %d is called %q", n, name)
		}
		seen[name] = true
	}
}

func TestInstrFields(t *testing.T) {
	i := Make(OpAdd, 1, 2, 255, -3)
	if i.Op() != OpAdd || i.A() != 1 || i.B() != 2 || i.C() != 255 || i.D() != -3 {
		t.Errorf("Make and the accessors disagree: %v %d %d %d %d", i.Op(), i.A(), i.B(), i.C(), i.D())
	}
	if s := Make(OpLtIJF, 0, 0xfe, 0xff, 0).S(); s != -2 {
		t.Errorf("S is %d, want -2", s)
	}
}

const referenceFile = "../docs/opcodes.md"

// TestOpcodeReference keeps docs/opcodes.md as the table has it.
func TestOpcodeReference(t *testing.T) {
	want := opcodeReference()
	if *update {
		if err := os.WriteFile(referenceFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(referenceFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what the table says; run go generate ./compiler", referenceFile)
	}
}

func opcodeReference() []byte {
	var b bytes.Buffer
	b.WriteString(`# The opcodes

Generated from the table in compiler/opcode.go by ` + "`go generate ./compiler`" + `; a test keeps it current.

An instruction is 64 bits: opcode, ` + "`a`, `b`, `c`" + ` of 8 bits each and ` + "`d`" + ` of 32 bits, signed. R[n] is a
register of the running function, K[n] one of its constants. Jumps count from the next instruction.

| letter | the operand is |
| --- | --- |
| r, w | a register that is read, written |
| a | the first register of a window: arguments in, result out |
| k | the number of a constant |
| i | a small integer |
| s | a 16-bit integer in b and c together |
| n | a count, a number of an upvalue, a flag |
| j | a jump |
| - | unused |

| opcode | abcd | does | may |
| --- | --- | --- | --- |
`)
	for op := OpInvalid; op < NumOps; op++ {
		info := Ops[op]
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s |\n", info.Name, info.Operands,
			strings.NewReplacer("|", `\|`, "*", `\*`, "<", `\<`).Replace(info.Does), mayText(info.May))
	}
	b.WriteString("\nIntrinsics, for `intrinsic`: ")
	b.WriteString(strings.Join(IntrinsicNames[:], ", "))
	b.WriteString(".\n")
	return b.Bytes()
}

func mayText(m May) string {
	var words []string
	for n, w := range []string{"throw", "call", "park", "jump"} {
		if m&(1<<n) != 0 {
			words = append(words, w)
		}
	}
	return strings.Join(words, ", ")
}
