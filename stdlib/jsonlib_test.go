package stdlib_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gene/vm"
)

func TestJSONErrors(t *testing.T) {
	bad := func(text, where, what string) example {
		return example{fmt.Sprintf("(gene/json/parse %q)", text), "!Exception: Invalid JSON: input" + where + " Error: " + what}
	}
	check(t, "", []example{
		bad("", "(1, 1)", "a value expected, got the end of the text"),
		bad("{bad", "(1, 2)", "a key in quotes expected, got 'b'"),
		bad("[1\n, x]", "(2, 3)", "a value expected, got 'x'"),
		bad("[1 2]", "(1, 4)", "] expected, got '2'"),
		bad(`["é", 01]`, "(1, 7)", "a number must not begin with 0"),
		bad(`["a\q"]`, "(1, 4)", "invalid escape in a string"),
		bad("1 2", "(1, 3)", "end of the text expected, got '2'"),
		bad("[1e999]", "(1, 2)", "number out of range: a Float reaches up to 1.8e308"),
		bad(`{"a" 1}`, "(1, 6)", ": expected, got '1'"),
		bad("truX", "(1, 1)", "true expected"),
		{`(gene/json/parse 5)`, "!ArgumentException: json.parse expects a string"},
		{`(gene/json/parse_all "1 [2")`, "!Exception: Invalid JSON: input(1, 5) Error: ] expected, got the end of the text"},
		{`(gene/json/stringify)`, "!ArgumentException: json.stringify requires a value"},
		{`(gene/json/stringify [] ^indent 99)`, "!ArgumentException: json.stringify expects ^indent to be an Int from 0 to 32 or a String of blanks"},
		{`(gene/json/stringify [] ^indent "x")`, "!ArgumentException: json.stringify expects ^indent to be an Int from 0 to 32 or a String of blanks"},
	})
}

func TestJSONValues(t *testing.T) {
	check(t, `(class P (ctor [n] (/n = n)) (method to_s [] #"P#{/n}"))
(class Q (ctor [n] (/n = n)))
(class Bad (method to_s [] (throw "no text")))`, []example{
		{`(gene/json/parse "[9223372036854775807, -9223372036854775808, 9223372036854775808]")`, "[9223372036854775807 -9223372036854775808 9.223372036854776e+18]"},
		{`(gene/json/parse "{\"a\":1,\"b\":2,\"a\":3}")`, "{^a 3 ^b 2}"},
		{`(gene/json/parse_all "1 [2]\n\n{} ") (gene/json/parse_all "")`, "[1 [2] {}] []"},
		{`(gene/json/stringify void) (gene/json/stringify (new P 1)) (gene/json/stringify (new Q "x"))`, `"void" "P1" "<Q ^n \"x\">"`},
		{"(gene/json/stringify [(new P 1) {^k (new P 2)} `(a b) 0#ff (0.0 / 0.0)])", `["P1",{"k":"P2"},"(a b)","0#ff","nan"]`},
		{`(gene/json/stringify [(new Bad)])`, "!Exception: no text"},
		{`(gene/json/stringify {^a [] ^b {}} ^indent 0)`, `{"a":[],"b":{}}`},
		{`(gene/json/stringify "\u0001\t\"\\/é")`, `"\u0001\t\"\\/é"`},
		{`(do (var c [1]) (c .add {^k c}) (gene/json/stringify c))`, "!Exception: json.stringify: a value that contains itself has no JSON text"},
		{`(do (var m {}) (m .set "m" m) (m .to_json))`, "!Exception: to_json: a value that contains itself has no JSON text"},
		{`(do (var c [1]) (c .add c) (gene/json/serialize c))`, "!Exception: json.serialize: a value that contains itself has no JSON text"},
		{`(do (var s [1]) (gene/json/stringify [s s]))`, "[[1],[1]]"},
	})
	got := run(t, `(println ({^a [1 {}] ^b "x"} .to_json ^^pretty)) (println ([1] .to_json ^indent "\t"))`)
	if want := "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": \"x\"\n}\n[\n\t1\n]\n"; got != want {
		t.Errorf("got %s", got)
	}
}

func TestJSONDepth(t *testing.T) {
	check(t, `(var opening []) (var closing [])
(repeat 10000 (opening .add "[") (closing .add "]"))
(var deep (opening .join)) (var shut (closing .join))
(var nested []) (repeat 9999 (nested = [nested]))`, []example{
		{`(do (gene/json/parse (++ deep shut)) "ok")`, "ok"},
		{`(gene/json/parse (++ "[" deep))`, "!Exception: Invalid JSON: input(1, 10001) Error: nested too deeply (limit 10000)"},
		{`((gene/json/stringify nested) .size)`, "20000"},
		{`(gene/json/stringify [nested])`, "!Exception: json.stringify: nested too deeply (limit 10000)"},
		{`(gene/json/serialize [nested])`, "!Exception: json.serialize: nested too deeply (limit 10000)"},
	})
}

func TestJSONTagged(t *testing.T) {
	check(t, "(fn both [v] (var s (gene/json/serialize v)) (println #\"#{s} #{((gene/json/deserialize s) == v)}\"))", []example{
		{"(gene/json/serialize [`a/b `\\nil 9007199254740993 -9007199254740992 1.5])", `["#GENE#a/b","#GENE#\\nil","#GENE#9007199254740993",-9007199254740992,1.5]`},
		{"(gene/json/deserialize (gene/json/serialize `(f ^b 1 ^a [x \"#GENE#\"] (g) 2.0)))", `(f ^a [x "#GENE#"] ^b 1 (g) 2.0)`},
		{`(gene/json/serialize 2031-01-02)`, "!Exception: Tagged Gene JSON does not support Date"},
		{`(gene/json/serialize ['c'])`, "!Exception: Tagged Gene JSON does not support Char"},
		{`(gene/json/serialize (0.0 / 0.0))`, "!Exception: Tagged Gene JSON does not support the Float nan"},
		{"(gene/json/serialize `(f ^children 1))", "!Exception: Tagged Gene JSON cannot serialize a Gene with reserved prop 'children'"},
		{`(gene/json/deserialize "\"#GENE#a b\"")`, "!Exception: Tagged Gene JSON payload must contain exactly one Gene value"},
		{`(gene/json/deserialize "\"#GENE#\"")`, "!Exception: Tagged Gene JSON payload must contain exactly one Gene value"},
		{`(gene/json/deserialize "{\"genetype\":1,\"children\":2}")`, "!Exception: Tagged Gene JSON requires 'children' to be an array, got Int"},
		{`(gene/json/deserialize "{\"genetype\":\"x\",\"k\":true}")`, `("x" ^k true)`},
	})
}

// TestJSONReader reads a file that is longer than a chunk.
func TestJSONReader(t *testing.T) {
	dir := t.TempDir()
	var b strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&b, "{\"n\":%d,\"t\":\"é%s\"}\n", i, strings.Repeat("x", i%7))
	}
	b.WriteString("[" + strings.Repeat("1,", 200_000) + "1] null 12")
	good, bad, binary := filepath.Join(dir, "good"), filepath.Join(dir, "bad"), filepath.Join(dir, "binary")
	for name, text := range map[string]string{good: b.String(), bad: "{\"a\":1}\n[1 2]\n3", binary: "1 \"\xff\""} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got := run(t, fmt.Sprintf(`
(var n 0) (var last) (var size 0)
(for v in (gene/json/reader %q)
  (if (v is Map) (n += v/n) elif (v is Array) (size = (v .size)) else (last = v)))
(println n size last)
(var r (gene/json/reader %q))
(println (r .has_next) (r .read))
(try (r .read) catch e (println (e/message .ends_with "/bad(2, 4) Error: ] expected, got '2'")))
(println (r .read) (r .has_next) (r .close))
(var b (gene/json/reader %q))
(println (b .read))
(try (b .read) catch e (println (typeof e)))`, good, bad, binary))
	want := "199990000 200001 12\ntrue {^a 1}\ntrue\nnot_found false nil\n1\nIOError\n"
	if got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestSerdes(t *testing.T) {
	check(t, "(enum Color red (mixed r g))\n(class Ticket (ctor [n] (/n = n)))\n(fn area [] 1)\n(fn again [v] (gene/serdes/deserialize (gene/serdes/serialize v)))", []example{
		{"(gene/serdes/serialize [1 -2.5 \"a\\\"b\\n\" 'c' nil true `s `a/b {^k []} `(f ^p 1 %x)])", "(gene/serialization [1 -2.5 \"a\\\"b\\n\" 'c' nil true s a/b {^k []} (f ^p 1 %x)])"},
		{`(gene/serdes/serialize println) (gene/serdes/serialize Result)`, `(gene/serialization (FunctionRef ^path "println")) (gene/serialization (EnumRef ^path "Result"))`},
		{`(gene/serdes/serialize None)`, `(gene/serialization (EnumRef ^path "Option/None"))`},
		{`((again None) == None) ((again String) == String) ((again println) == println) (again (Some [(Ok 1)]))`, "true true true (Option/Some [(Result/Ok 1)])"},
		{"(again `(ClassRef ^path \"x\")) (again `(Plain (EnumValue 1)))", `(ClassRef ^path "x") (Plain (EnumValue 1))`},
		{`(again #[1 [String]]) (again (1.0 / 0.0))`, "#[1 [<class String>]] inf"},
		{`(gene/serdes/serialize (fn [] 1))`, "!Exception: Value of kind Function is not serializable: no canonical module/path origin"},
		{`(gene/serdes/serialize Color)`, "!Exception: Value of kind Enum is not serializable: no canonical module/path origin"},
		{`(gene/serdes/serialize 2031-01-02)`, "!Exception: Value of kind Date is not serializable"},
		{`(gene/serdes/serialize {{1 2}})`, "!Exception: Value of kind HashMap is not serializable"},
		{`(gene/serdes/serialize (new Ticket 1))`, "!Exception: Value of kind Ticket is not serializable: anonymous instances cannot be serialized"},
		{`(do (var c [1]) (c .add c) (gene/serdes/serialize c))`, "!Exception: serdes.serialize: a value that contains itself is not serializable"},
		{`(do (var c []) (repeat 10000 (c = [c])) (gene/serdes/serialize c))`, "!Exception: serdes.serialize: nested too deeply (limit 9998)"},
		{`(do (var c []) (repeat 9997 (c = [c])) (again c) "ok")`, "ok"},
		{`(gene/serdes/deserialize "[1 (ClassRef ^path \"String\")]")`, `[1 (ClassRef ^path "String")]`},
		{`(gene/serdes/deserialize "(gene/serialization (ClassRef ^path \"Nope\"))")`, "!Exception: serdes.deserialize: ClassRef names nothing of its kind: Nope"},
		{`(gene/serdes/deserialize "(gene/serialization (ClassRef ^path \"println\"))")`, "!Exception: serdes.deserialize: ClassRef names nothing of its kind: println"},
		{`(gene/serdes/deserialize "(gene/serialization (EnumValue (EnumRef ^path \"Result/Ok\") [1 2]))")`, "!Exception: serdes.deserialize: EnumValue doesn't fit its variant"},
		{`(gene/serdes/deserialize "(gene/serialization 1 2)")`, "!Exception: serdes.deserialize: (gene/serialization …) must hold exactly one value"},
		{`(gene/serdes/deserialize "(gene/serialization (Plain 1))")`, "!Exception: serdes.deserialize: (Plain …) must hold exactly one expression"},
		{`(gene/serdes/deserialize 1)`, "!ArgumentException: serdes.deserialize expects a string"},
	})
}

func TestSerdesTree(t *testing.T) {
	base := filepath.Join(t.TempDir(), "deep", "tree")
	got := run(t, fmt.Sprintf(`
(var b %q)
(gene/serdes/write_tree b {^z [1] ^a (Ok 2)} ^separate [/*])
((gene/serdes/read_tree b) .each (fn [k v] (println k v)))
(var odd {})
(odd .set "../x/y" 1)
(odd .set "" 2)
(odd .set ".h" String)
(gene/serdes/write_tree b odd ^separate [/*])
(println (gene/serdes/read_tree b) (File/exists (++ b "/z.gene")))
(gene/serdes/write_tree b [1 2])
(println (gene/serdes/read_tree b))
(gene/serdes/write_tree b {^k 1} ^separate [/*])
(println (gene/serdes/read_tree b))
(try (gene/serdes/read_tree (++ b "/none")) catch IOError (println "missing"))
(try (gene/serdes/write_tree b [1] ^separate [/*]) catch e (println e/message))`, base))
	want := "z [1]\na (Result/Ok 2)\n{^../x/y 1 ^ 2 ^.h <class String>} false\n[1 2]\n{^k 1}\nmissing\nserdes.write_tree ^separate requires a map, got Array\n"
	if got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestGdat(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.gdat")
	check(t, fmt.Sprintf("(var p %q)", path), []example{
		{`((gdat/save {^n [1 "x"]} p) == p) (gdat/load p)`, "true {^n [1 x]}"},
		{`(do (File/write p "nope\n1") (gdat/load p))`, "!Exception: Invalid .gdat file header (expected #< gdat 1.0 >#)"},
		{`(gdat/save 1)`, "!ArgumentException: gdat/save requires a value and a path"},
		{`(do (File/write p "#< gdat 1.0 >#\n[1") (try (gdat/load p) catch e (e/message .ends_with "x.gdat(2, 3) Error: ] expected, got the end of the text")))`, "true"},
	})
}

func TestEvents(t *testing.T) {
	got := runOn(t, "goroutine", "(var sub (genex/sub `a (fn [x] (println \"first\" x))))\n"+
		"(genex/sub `a (fn [x] (sub .unsub) (println \"second\" x)))\n"+
		"(genex/pub `a 1) (genex/pub `a 2)\n"+
		"(genex/sub `bad (fn [] (throw \"broken\"))) (genex/sub `bad (fn [] (println \"still called\")))\n"+
		"(genex/pub `bad)\n"+
		"(genex/sub `chain (fn [n] (await (gene/sleep_async 1)) (if (n > 0) (genex/pub `chain (n - 1)) else (println \"chain done\"))))\n"+
		"(genex/pub `chain 3)\n"+
		"(println sub (genex/unsub (genex/sub `x (fn []))))", vm.Options{})
	want := "<subscription a> nil\nfirst 1\nsecond 1\nsecond 2\nstill called\nchain done\n"
	if got.out != want || got.code != 1 || !strings.Contains(got.err, "Exception: broken") {
		t.Errorf("exit code %d\n%s%s", got.code, got.out, got.err)
	}
	check(t, "", []example{
		{`(genex/pub "x")`, "!ArgumentException: genex/pub and genex/sub require a symbol or complex symbol event type"},
		{"(genex/pub `x 1 2)", "!ArgumentException: genex/pub requires an event_type and optional payload"},
		{"(genex/sub `x 1)", "!ArgumentException: genex/sub callback must be a function, native function, native method, bound method, or block"},
		{`(genex/unsub 1)`, "!ArgumentException: genex/unsub requires a subscription"},
	})
}

func TestGenexTest(t *testing.T) {
	got := run(t, `(import genex/test/[test! suite! check fail])
(var x 1)
(suite! "outer"
  (suite! "inner" (test! "scope" (x += 1) (check (x == 2))))
  (test! "lines" (fail "one\ntwo"))
  (test! "waits" (await (gene/sleep_async 1)) (check true))
  (suite! ^^skip "left out" (throw "no")))
(println (test! "thrown" (throw 5)) x)
(println (check 3) (try (check nil) catch e e/message) (try (fail) catch e e/message) (typeof (try (fail) catch e e)))`)
	want := `SUITE: outer
  SUITE: inner
    TEST: scope ... PASS
  TEST: lines ... FAIL
    one
    two
  TEST: waits ... PASS
  SUITE: left out ... SKIP
TEST: thrown ... FAIL
  5
nil 2
true Check failed. Test failed. AssertionException
`
	if got != want {
		t.Errorf("got %s", got)
	}
}

func TestHTML(t *testing.T) {
	check(t, "(import genex/html/tags/*)\n(import genex/html/[extract_text])", []example{
		{`(A ^href "x?a=\"b\"" ^title nil "t" 'c' 1.0 [1])`, `<a href="x?a=&quot;b&quot;">tc1.0[1]</a>`},
		{`(INPUT ^^checked ^name "n")`, `<input checked="true" name="n" />`},
		{`(IMG "x")`, "!ArgumentException: IMG has no content"},
		{`(DIV (SPAN) (UL (LI "a") (LI "b")))`, `<div><span></span><ul><li>a</li><li>b</li></ul></div>`},
		{`(extract_text "<p a='>'>A &amp; <b>B</b><!-- <i> --><script>1 < '</p>'</script></p> 1 < 2 <STYLE>x</STYLE>y<")`, "A & B 1 < 2 y<"},
		{`(extract_text 1)`, "!ArgumentException: extract_text requires a string"},
	})
}

func TestLogging(t *testing.T) {
	t.Chdir(t.TempDir())
	program := `(import genex/logging/[Logger])
(class Shop)
(fn log_all [l] (l .error "e" 1 [2 "x"]) (l .warn "w") (l .info "i") (l .debug "d") (l .trace "t"))
(log_all (new Logger "billing"))
(log_all (new Logger Shop))
(log_all (new Logger "a/b"))
(println (new Logger (new Shop)) (try (new Logger) catch e e/message))`
	r := runOn(t, "goroutine", program, vm.Options{})
	lines := strings.Split(strings.TrimSpace(r.err), "\n")
	if r.code != 0 || len(lines) != 9 || r.out != "<logger main.gene/Shop> Logger requires a value\n" {
		t.Fatalf("exit code %d\n%s%s", r.code, r.out, r.err)
	}
	var day string
	var date, clock, name, text string
	fmt.Sscan(strings.TrimPrefix(lines[0], "T00 ERROR "), &date, &day, &clock, &name, &text)
	if !strings.HasPrefix(lines[0], "T00 ERROR ") || len(date) != 8 || len(day) != 3 || len(clock) != 12 ||
		!strings.HasSuffix(lines[0], " main.gene/billing e 1 [2 x]") || !strings.HasPrefix(lines[1], "T00 WARN  ") ||
		!strings.HasSuffix(lines[8], " a/b i") {
		t.Errorf("got %s", r.err)
	}
	config := `{^level "warn" ^targets ["out" "log"]
 ^sinks {^out {^type "console" ^stream "stdout" ^format "concise"} ^log {^type "file" ^path "logs/all.log" ^format "record"}}
 ^loggers {^billing "debug" ^a {^level "off"} ^Shop {^targets ["log"]}}}`
	if err := os.MkdirAll("config", 0o777); err != nil {
		t.Fatal(err)
	}
	write := func(config string) result {
		if err := os.WriteFile("config/logging.gene", []byte(config), 0o666); err != nil {
			t.Fatal(err)
		}
		return runOn(t, "goroutine", program, vm.Options{})
	}
	r = write(config)
	want := "ERROR main.gene/billing e 1 [2 x]\nWARN  main.gene/billing w\nINFO  main.gene/billing i\nDEBUG main.gene/billing d\n"
	if !strings.HasPrefix(r.out, want+"<logger") || r.err != "" {
		t.Errorf("got %s%s", r.out, r.err)
	}
	data, err := os.ReadFile("logs/all.log")
	if n := strings.Count(string(data), "^name \"main.gene/Shop\""); err != nil || n != 2 {
		t.Errorf("%d lines in the file of\n%s (%v)", n, data, err)
	}
	for config, want := range map[string]string{
		`{^level "loud"}`:                `unknown level "loud" of the top level`,
		`{^targets ["x"]}`:               `unknown target "x" of the top level`,
		`[1]`:                            "a map expected, got Array",
		`{^sinks {^f {^type "file"}}}`:   "sink f of type file requires ^path",
		`{^sinks {^f {^type "pigeon"}}}`: `unknown ^type "pigeon" of sink f`,
		`{^level `:                       "",
	} {
		if r := write(config); r.code != 1 || !strings.Contains(r.err, want) {
			t.Errorf("%s: exit code %d\n%s", config, r.code, r.err)
		}
	}
}
