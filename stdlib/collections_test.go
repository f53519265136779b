package stdlib_test

import "testing"

func TestArray(t *testing.T) {
	check(t, `(var a [3 1 2])
(class Same (method "==" [other] true))`, []example{
		{`(a .size) (a .length) a/.size`, "3 3 3"},
		{`(a .get 0) (a .get 9) (a .get -1) (a .get "x")`, "3 nil nil nil"},
		{`(a .get)`, "!ArgumentException: Array.get requires index"},
		{`(a .first) (a .last) ([] .first) ([] .last)`, "3 2 nil nil"},
		{`([1 2] .set 0 9) ([1 2] .set -1 9)`, "[9 2] [1 9]"},
		{`([1 2] .set 2 9)`, "!Exception: set index out of bounds"},
		{`([1 2] .set 2)`, "!ArgumentException: Array.set requires index and value"},
		{`([1] .add 2) ([1] .append 2) ([1] .push 2)`, "[1 2] [1 2] 2"},
		{`([1 2] .pop) ([] .pop)`, "2 nil"},
		{`([1 2] .del 0) ([1 2] .del -1)`, "1 2"},
		{`([1 2] .del 2)`, "!Exception: del index out of bounds"},
		{`([1] .clear) ([] .empty) ([] .empty?) ([] .not_empty?)`, "[] true true false"},
		{`(a .contains 2) (a .contains 2.0) (a .index_of 2) (a .index_of 9)`, "true false 2 -1"},
		{`([(new Same)] .contains 5) ([1 (new Same)] .index_of 5)`, "true 1"},
		{`(a .slice 1) (a .slice 1 2) (a .slice -2) (a .slice 0 -1) (a .slice 9)`, "[1 2] [1] [1 2] [3 1] []"},
		{`(a .take 2) (a .take 99) (a .take -1) (a .skip 2) (a .skip 99) (a .skip -1)`, "[3 1] [3 1 2] [] [2] [] [3 1 2]"},
		{`(a .reverse) a`, "[2 1 3] [3 1 2]"},
		{`(a .sort) ([10 9.5 2] .sort) (["b" "a" "Z"] .sort) ([true "b" 1] .sort)`, "[1 2 3] [2 9.5 10] [Z a b] [1 b true]"},
		{`(a .sort (fn [x y] (y - x))) (a .sort (fn [x y] (x < y))) ([] .sort (fn [x y] 0))`, "[3 2 1] [1 2 3] []"},
		{`([[1 "a"] [0 "b"] [1 "c"] [0 "d"]] .sort (fn [x y] (x/0 - y/0)))`, "[[0 b] [0 d] [1 a] [1 c]]"},
		{`([5 3 9 1 7 2 8 6 4 0] .sort (fn [x y] (x < y)))`, "[0 1 2 3 4 5 6 7 8 9]"},
		{`(a .sort 5)`, "!Exception: sort comparator must be callable, got Int"},
		{`(a .map (fn [x] (x * x))) (a .filter (fn [x] (x > 1))) (a .reduce 10 (fn [s x] (s - x)))`, "[9 1 4] [3 2] 4"},
		{`(a .map (fn [x] x) 9 9) (a .size 9)`, "[3 1 2] 3"},
		{`(a .map 5)`, "!Exception: map callback must be a function, got Int"},
		{`(a .find "x")`, "!Exception: find predicate must be callable, got String"},
		{`(a .reduce 0 nil)`, "!Exception: reduce reducer must be callable, got Nil"},
		{`(a .each (fn [x] x)) (a .each @x)`, "[3 1 2] [3 1 2]"},
		{`(a .find (fn [x] (x < 3))) (a .find (fn [x] (x > 9)))`, "1 nil"},
		{`(a .any (fn [x] (x == 1))) (a .all (fn [x] (x > 1))) ([] .all (fn [x] false)) ([] .any (fn [x] true))`, "true false true false"},
		{`(a .map (fn [x y] x))`, "!Exception: Expected 2 arguments, got 1"},
		{`([1 2] .zip ["a"]) (["p" "q"] .pairs)`, "[[1 a]] [[0 p] [1 q]]"},
		{`([["k" 1] [4 2] [` + "`s" + ` 3]] .to_map)`, "{^k 1 ^4 2 ^s 3}"},
		{`([1] .to_map)`, "!ArgumentException: to_map expects [key value] pairs"},
		{`(["x" 1 nil ["y"] 'c'] .join "|") ([1 2] .join)`, `x|1||["y"]|c 12`},
		{`(["s" 'd' nil] .to_s) (#[1] .to_s)`, `["s" 'd' nil] [1]`},
		{"([1 2.5 \"a\\\"b\\n\" nil true `s 'c' 2031-01-02 {^k []}] .to_json)", `[1,2.5,"a\"b\n",null,true,"s","c","2031-01-02",{"k":[]}]`},
		{`([[1]] .flatten) ([1] .flattened)`, "!Exception: Method flattened not found on Array"},
	})
}

func TestCallbacksMayAwaitAndYield(t *testing.T) {
	got := run(t, `
(println ([10 5 1] .map (fn [ms] (await (gene/sleep_async ms)) (ms * 2))))
(println ([3 1 2] .sort (fn [x y] (await (gene/sleep_async 1)) (x < y))))
(fn each* [xs] (xs .each (fn [x] x)) (yield (xs .reduce 0 (fn [a b] (a + b)))))
(println ((each* [1 2]) .next))
(try ([1 2] .each (fn [x] (throw #"at #{x}"))) catch e (println e/message))
`)
	if want := "[20 10 2]\n[1 2 3]\n3\nat 1\n"; got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestMap(t *testing.T) {
	check(t, `(var m {^a 1 ^b 2})`, []example{
		{`(m .size) (m .get "a") (m .get ` + "`b" + `) (m .get "z") (m .get "z" 0) ({^x nil} .get "x" 9)`, "2 1 2 nil 0 nil"},
		{`(m .get 1)`, "!ArgumentException: Map.get key must be a string or symbol"},
		{`({} .set "k" 1) (m .has "a") (m .contains "z")`, "{^k 1} true false"},
		{`({^a 1 ^b 2} .del "a" "b" "c") ({} .del "x")`, "2 nil"},
		{`({^p 1} .merge {^p 2 ^q 3}) ({^p 1} .clear)`, "{^p 2 ^q 3} {}"},
		{`(m .keys) (m .values) (m .pairs) (typeof ((m .keys) .first))`, "[a b] [1 2] [[a 1] [b 2]] String"},
		{`(m .map (fn [k v] #"#{(typeof k)}#{v}"))`, "{^a String1 ^b String2}"},
		{`(m .filter (fn [k v] (k == "b"))) (m .reduce 0 (fn [s k v] (s + v))) (m .each (fn [k v] v))`, "{^b 2} 3 {^a 1 ^b 2}"},
		{`({} .empty?) ({} .empty) (m .not_empty?) (#{^a 1} .immutable?) (m .immutable?)`, "true true true true false"},
		{`({^name "x"} .name)`, "!Exception: Method name not found on Map"},
		{`({} .map 1)`, "!Exception: map callback must be a function, got Int"},
	})
}

func TestHashMapAndSet(t *testing.T) {
	check(t, `(class Key (ctor [n] (/n = n)) (method hash [] /n))
(class BadKey (method hash [] "x"))
(var k (new Key 1))
(var h {{1 "one" "k" [2] [3] "arr"}})
(h .set nil "none")
(h .set k "inst")
(var s (new HashSet 3 1 3 [2]))`, []example{
		{`(h .get 1) (h .get "k") (h .get [3]) (h .get nil) (h .get 1.0) (h .get k) (h .get (new Key 1)) (h .get "zz" 0)`, "one [2] arr none nil inst nil 0"},
		{`(h .size) (h .has 1) (h .contains "x") (h .del 1 "k") (h .size) (h .delete 99)`, "5 true false [2] 3 nil"},
		{`({{1 2}} .keys) ({{1 2}} .values) ({{1 2}} .pairs) ({{1 2}} .clear) (#{{1 2}} .immutable?)`, "[1] [2] [[1 2]] {{}} true"},
		{`(h .set (fn [] 1) 2)`, "!Exception: Key is not hashable for HashMap: Function"},
		{`(h .set (new BadKey) 2)`, "!Exception: HashMap key .hash must return Int, got String"},
		{`(h .get (new Exception "e"))`, "!Exception: Key is not hashable for HashMap: Exception"},
		{`(new HashMap "x" 1 2 3) (new HashMap)`, "{{x 1 2 3}} {{}}"},
		{`(new HashMap 1)`, "!ArgumentException: HashMap requires keys and values in pairs"},
		{`s (s .size) (s .has [2]) (s .del 9) (s .to_array) (s .add 8 1)`, "(HashSet 3 1 [2] 8) 3 true nil [3 1 [2]] (HashSet 3 1 [2] 8)"},
		{`(s .union (new HashSet 0)) (s .intersect (new HashSet 1 8)) (s .diff (new HashSet 3))`, "(HashSet 3 1 [2] 8 0) (HashSet 1 8) (HashSet 1 [2] 8)"},
		{`((new HashSet 1) .subset? s) (s .subset? (new HashSet))`, "true false"},
		{`(s .union [1])`, "!ArgumentException: HashSet.union requires a HashSet"},
	})
}

func TestGene(t *testing.T) {
	check(t, "(var g `(task ^done false \"write\" \"test\"))", []example{
		{`(g .type) (g .genetype) (g .props) (g .children) (g .get "done") (g .get "x" 5)`, "task task {^done false} [write test] false 5"},
		{`(g .has "done") (g .has_child 1) (g .has_child 2) (g .get_child 9) (g .get_child 9 0) (g .contains "test")`, "true true false nil 0 true"},
		{`(g .set "done" true)`, `(task ^done true "write" "test")`},
		{`(g .del "done" "zz") (g .ins_child 0 1)`, `true (task 1 "write" "test")`},
		{`(g .set_child 1 2)`, `(task 1 2 "test")`},
		{`(g .add_child 3)`, `(task 1 2 "test" 3)`},
		{`(g .del_child 0) g`, `1 (task 2 "test" 3)`},
		{`(g .set_child 9 0)`, "!Exception: Gene.set_child index out of bounds"},
		{`(g .set_genetype "x")`, `("x" 2 "test" 3)`},
	})
}

func TestSealedAndFrozen(t *testing.T) {
	check(t, `(class P)
(var looped [1])
(looped .add looped)
(var f (freeze {^k [1 {^d "x"}]}))
(fn make [] (var n [1]) (fn [] n))
(var captured (freeze (make)))
(var g `+"`#(a 1)"+`)`, []example{
		{`(#[1] .add 2)`, "!Exception: Cannot append to sealed array"},
		{`(#[1] .push 2)`, "!Exception: Cannot push to sealed array"},
		{`(#[1] .pop)`, "!Exception: Cannot pop from sealed array"},
		{`(#[1] .set 0 1)`, "!Exception: Cannot set item on sealed array"},
		{`(#[1] .del 0)`, "!Exception: Cannot delete from sealed array"},
		{`(#[1] .clear)`, "!Exception: Cannot clear sealed array"},
		{`(#{^a 1} .set "a" 2)`, "!Exception: Cannot set item on sealed map"},
		{`(#{^a 1} .merge {})`, "!Exception: Cannot merge into sealed map"},
		{`(#{{1 2}} .set 1 2)`, "!Exception: Cannot set item on sealed hash map"},
		{`(g .set "k" 2)`, "!Exception: Cannot set property on sealed gene"},
		{`(g .add_child 2)`, "!Exception: Cannot append child to sealed gene"},
		{`f (f == {^k [1 {^d "x"}]})`, "{^k [1 {^d x}]} true"},
		{`(f .set "z" 1)`, "!Exception: cannot mutate frozen Map"},
		{`(f/k .add 1)`, "!Exception: cannot mutate frozen Array"},
		{`(freeze looped)`, "[1 ...]"},
		{`(looped .add 1)`, "!Exception: cannot mutate frozen Array"},
		{`(freeze {^who (new P)})`, "!Exception: freeze cannot make P frozen at /.who"},
		{`(freeze [1 [2 (new P)]])`, "!Exception: freeze cannot make P frozen at /[1]/[1]"},
		{`(freeze (new P))`, "!Exception: freeze cannot make P frozen at /"},
		{"(freeze `(a ^k 1 [(new P)] %x))", "(a ^k 1 [(new P)] %x)"},
		{`(freeze 1) (freeze "s") (freeze 2031-01-01) (freeze (Ok [1]))`, "1 s 2031-01-01 (Result/Ok [1])"},
		{`((captured) .add 2)`, "!Exception: cannot mutate frozen Array"},
	})
}
