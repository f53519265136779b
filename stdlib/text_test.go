package stdlib_test

import "testing"

func TestString(t *testing.T) {
	check(t, `(var s "Grüße an alle")`, []example{
		{`(s .length) (s .size) (s .bytesize) (s .upper) (s .to_lower) (s .reverse)`, "13 13 15 GRÜßE AN ALLE grüße an alle ella na eßürG"},
		{`(s .substr 0 4) (s .substr 9) (s .substr -4 -3) (s .substr 6 7) (s .substr 90) (s .substr 3 1)`, "Grüße alle al an  "},
		{`("tEA pot" .capitalize) ("  x y " .trim) (("  x" .lstrip) .size) (("x  " .rstrip) .size)`, "Tea pot x y 1 1"},
		{`(s .index "a") (s .index "a" 7) (s .index "?") (s .index "ß") (s .rindex "l") (s .rindex "l" 10)`, "6 9 -1 3 11 10"},
		{`(s .index 5)`, "!ArgumentException: String.index expects a Regexp or string pattern"},
		{`(s .starts_with "Gr") (s .start_with? "x") (s .end_with? "le") (s .contain "an") (s .contains "xyz")`, "true false true true false"},
		{`(s .starts_with 1)`, "!ArgumentException: starts_with expects string arguments"},
		{`(s .contains 1)`, "!ArgumentException: String.contains requires a string argument"},
		{`("a;b;;c" .split ";") (("a;b;;c" .split ";") .size) ("a;b;;c" .split ";" 2) ("a;b" .split ";" 1) ("abc" .split "")`, "[a b  c] 4 [a b;;c] [a;b] [abc]"},
		{`(s .split)`, "!ArgumentException: String.split requires separator"},
		{`(" 42 " .to_i) ("-7" .to_i) ("1_500" .to_i) ("2.50" .to_f) ("9" .to_f) ("1e3" .to_f)`, "42 -7 1500 2.5 9.0 1000.0"},
		{`("3.7" .to_i)`, "!ArgumentException: to_i requires a numeric string"},
		{`("" .to_f)`, "!ArgumentException: to_f requires a numeric string"},
		{`("5" .to Int)`, "!TypeException: Type error: cannot convert String to Int"},
		{`("id" .append "-" 7 nil true [1 "q"])`, `id-7true[1 "q"]`},
		{`("x" .append)`, "!ArgumentException: String.append requires a value to append"},
		{`("abc" .char_at 2) ("añ" .chars) ("añ" .each_byte) ("añ" .byte_at -1) ("abcd" .byteslice 1 2) ("añ" .bytes)`, "c [a ñ] [97 195 177] 177 0#6263 0#61c3b1"},
		{`("abc" .char_at 3)`, "!ArgumentException: char_at index out of bounds"},
		{`("abc" .byte_at 3)`, "!ArgumentException: byte_at index out of bounds"},
		{`("1-2-3" .replace "-" "/") ("1-2-3" .replace_all "-" "/") ("1-2" .sub #/\d/ "n") ("1-2" .gsub #/\d/ "n")`, "1/2-3 1/2/3 n-2 n-n"},
		{`("x" .replace "x" 5)`, "!ArgumentException: Replacement must be a string"},
		{`("x" .replace "x")`, "!ArgumentException: String.replace requires target and replacement"},
		{`("zz" .find "q") ("zz" .find "z") ("banana" .scan "an") ("a1b22" .find_all #/\d+/)`, "nil z [an an] [1 22]"},
		{`("a" .find "")`, "!ArgumentException: String.find pattern cannot be empty"},
		{`("a" .match "x")`, "!ArgumentException: String.match requires a Regexp"},
		{`(++) (++ "a" "b") ($ "x" 1 nil [nil "y"]) (new String "a" 1)`, ` ab x1[nil "y"] a1`},
		{`("n" ++ 1)`, "!ArgumentException: ++ expects String arguments, got String and Int"},
		{`("" .empty?) ("a" .not_empty?) ("a" .empty)`, "true true false"},
	})
}

func TestRegexp(t *testing.T) {
	check(t, `(var m (#/(\w+)-(\d+)/ .match "für: pen-42!"))
(var hide #/\d/#/)`, []example{
		{`m/value m/captures m/start m/end m/named_captures`, "pen-42 [pen 42] 5 11 {}"},
		{`(#/x/ .match "abc") (#/c$/ .match? "abc") (#/B+/i .find "aBbc") (#/a.c/ .find "a\nc") (#/q|z/ .find_all "zaq")`, "nil true Bb nil [z q]"},
		{`(#/(\d+)x(\d+)/ .replace_all "3x4 5x6" "\\2x\\1") ("ab" .replace #/(b)/ "<\\0\\1>")`, "4x3 6x5 a<bb>"},
		{`(#/(?<a>\w)=(?<b>\w)/ .replace "k=v" "\\k<b>=\\k<a>")`, "v=k"},
		{`(hide .replace_all "pin 1234") ("a1" .replace_all #/(\d)/<\1>/)`, "pin #### a<1>"},
		{`(#/\s*,\s*/ .split "a , b,c") (#/,/ .split "a,b,c" 2)`, "[a b c] [a b,c]"},
		{`((new Regexp ^^i "no+" "yes") .replace "NOOO!")`, "yes!"},
		{`(new Regexp 5)`, "!ArgumentException: Regexp.ctor expects a string pattern"},
		{`(new Regexp ^^g "x")`, "!ArgumentException: Regexp.ctor unknown flag: g"},
		{`(#/a/ .replace "cat")`, "!ArgumentException: Replacement string is required"},
		{`(#/a/ .match 5)`, "!ArgumentException: Regexp.match expects a Regexp and string"},
	})
}

func TestNumbersAndMath(t *testing.T) {
	check(t, `(var r (random_int 20 10))`, []example{
		{`(2.9 .to_i) (-2.9 .to_i) (3 .to_f) (3 .to Float) (2.5 .to Int) (5 .to_s)`, "2 -2 3.0 3.0 2 5"},
		{`(abs -5) (abs -2.5) (sqrt 16) (pow 2 10) (pow 2 -1) (min 3 1 2) (max 3 1.5) (math/min 1 1.0)`, "5 2.5 4.0 1024.0 0.5 1 3 1"},
		{`(floor 2.7) (floor -0.5) (ceil 2.1) (round 2.5) (round -2.5) (round 0.5) (floor 5)`, "2.0 -1.0 3.0 3.0 -3.0 1.0 5"},
		{`(math/sin 0) (math/cos 0) (math/log math/E) (math/log10 1000) math/PI (sqrt -1) (math/log 0)`, "0.0 1.0 1.0 3.0 3.141592653589793 nan -inf"},
		{`(sqrt "x")`, "!ArgumentException: sqrt requires a numeric argument"},
		{`(min 1)`, "!ArgumentException: min requires at least 2 arguments"},
		{`(random_int 0)`, "!ArgumentException: random_int max must be greater than 0"},
		{`(random_int 5 10)`, "!ArgumentException: random_int max must be greater than min"},
		{`(random_int 1.5)`, "!ArgumentException: random_int max must be an integer"},
		{`((r >= 10) && (r <= 20)) ((random) < 1.0) (typeof (random))`, "true true Float"},
		{`(5 .foo)`, "!TypeException: Unified method call not supported for Int"},
	})
}

func TestSmallKinds(t *testing.T) {
	check(t, `(fn area [w h] ^intent "rectangle area" ^examples [[2 3] -> 6] (w * h))
(class Box (ctor [v] (/v = v)) (method to_s [] #"Box of #{/v}"))`, []example{
		{`(len (range 2 9 3)) (len (5 .. 1)) (len "héy") (len {^x 1 ^y 2}) (len nil) (len 0#0102)`, "3 0 3 2 0 2"},
		{`(0#0a0b .size) (0#0a0b .get 1) (0#0a0b .to_array)`, "2 0#0b [10 11]"},
		{`(0#0a .get 3)`, "!ArgumentException: Bytes index out of bounds: 3 (size: 1)"},
		{`((range 2 8 3) .iter) ((1 .. 2) .to_s)`, "<iterator> 1..2"},
		{`(2031-07-05 .year) (9:05:30.250 .microsecond) (9:05 .offset) (2031-07-05T09:05Z .timezone) (2031-07-05T09:05Z .to_i)`, "2031 250000 nil UTC 1941008700000"},
		{`(area .intent) (area .examples) (area .call 4 5) [(function_intent len)]`, "rectangle area [[2 3] -> 6] 20 [How many parts a value has.]"},
		{`(@a/b .call {^a {^b 1}}) (@x .call {} 5)`, "1 5"},
		{`(nil .to_s) (void .to_s) ('c' .to_s) (true .to_s) (1 .class) (1 .is Int) (1 .is Object)`, " void c true <class Int> true true"},
		{`((new Box 3) .to_s) ($ (new Box 1) "x") ([(new Box 2)] .join) (Box .name) (Box .to_s) (Box .parent)`, "Box of 3 Box of 1x Box of 2 Box Box <class Object>"},
		{`(nil .empty?) (void .empty?) (void .not_empty?) (nil .whatever)`, "true true false nil"},
		{`(assert true) (assert 0)`, "nil nil"},
		{`(assert false)`, "!AssertionException: Assertion failed"},
		{`(assert nil "need")`, "!AssertionException: need"},
		{"(types_equivalent `(Int | String) `(String | Int)) (types_equiv Int String)", "true false"},
		{`($parse "(a ^b 1 [c])") (gene/parse "[1 2]")`, "(a ^b 1 [c]) [1 2]"},
		{`($parse "(a")`, "!ParseException: EOF while reading list"},
		{`(base64 "héy!") (base64_decode "aMOpeSE=") [(gene/base64_encode "")]`, "aMOpeSE= héy! []"},
		{`(base64_decode "%%")`, "!ArgumentException: Invalid base64 string: illegal base64 data at input byte 0"},
		{`(get_env "NO_SUCH" "d") (set_env "NO_SUCH" 5) (get_env "NO_SUCH") (has_env "NO_SUCH") $env/NO_SUCH`, "d nil 5 true void"},
		{`(sleep 1) (sleep 0.001)`, "nil nil"},
		{`(sleep "long")`, "!ArgumentException: sleep requires a number (milliseconds)"},
		{`(system/os) (typeof (time/now)) ((gene/yesterday) < (gene/today)) (typeof (gene/now))`, "linux Int true DateTime"},
	})
}
