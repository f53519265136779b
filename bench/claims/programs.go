package claims

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// shortProgram is a program of bench/programs at two sizes that take about 80
// and 25 ms.
type shortProgram struct {
	name        string
	full, quick sized
}

// sized is an argument and what the program prints for it, which is what the same
// program prints in Lua.
type sized struct{ argument, want string }

// at is the size of a mode.
func (p shortProgram) at(quick bool) sized {
	if quick {
		return p.quick
	}
	return p.full
}

// shortPrograms are what overheads are measured on, and what is compared with
// other languages. They use no async.
var shortPrograms = []shortProgram{
	{"fib", sized{"32", "fib(32) = 2178309\n"}, sized{"29", "fib(29) = 514229\n"}},
	{"loop", sized{"1600000", "loop 1600000 -> 18133322\n"}, sized{"500000", "loop 500000 -> 5666656\n"}},
	{"sieve", sized{"1000000", "primes up to 1000000: 78498\n"}, sized{"400000", "primes up to 400000: 33860\n"}},
	{"nbody", sized{"45000", "before -169075164\nafter -169086689\n"}, sized{"16000", "before -169075164\nafter -169022119\n"}},
	{"strings", sized{"15000", "sizes 1619533 found 1548 last wwwwwwwwwwword-62 wo\n"}, sized{"6000", "sizes 647815 found 619 last wwwwwwwwwwword-83 wo\n"}},
	{"closures", sized{"100000", "sum 40004800000 count 200000\n"}, sized{"40000", "sum 6401920000 count 80000\n"}},
	{"methods", sized{"130000", "sum 260418602\n"}, sized{"45000", "sum 90108638\n"}},
	{"binary_trees", sized{"12", "4096 trees of depth 4 nodes 126976\n1024 trees of depth 6 nodes 130048\n256 trees of depth 8 nodes 130816\n64 trees of depth 10 nodes 131008\n16 trees of depth 12 nodes 131056\nthe tree that stays has 8191 nodes\n"}, sized{"10", "1024 trees of depth 4 nodes 31744\n256 trees of depth 6 nodes 32512\n64 trees of depth 8 nodes 32704\n16 trees of depth 10 nodes 32752\nthe tree that stays has 2047 nodes\n"}},
	{"exceptions", sized{"300000", "sum 60000249999 rethrown 50000\n"}, sized{"100000", "sum 6666816671 rethrown 16666\n"}},
	{"generators", sized{"160000", "pipeline 400000\nendless 79787500\nshort 480000\n"}, sized{"60000", "pipeline 150000\nendless 29920000\nshort 180000\n"}},
	{"mandelbrot", sized{"350", "inside 48726 steps 2990345\n"}, sized{"200", "inside 15908 steps 976552\n"}},
	{"sort", sized{"50000", "merge 3 99993 589981\nquick 3 99993 589981\n"}, sized{"20000", "merge 6 99993 516547\nquick 6 99993 516547\n"}},
}

// shortOf finds the sizes of a program.
func shortOf(name string) (shortProgram, bool) {
	i := slices.IndexFunc(shortPrograms, func(p shortProgram) bool { return p.name == name })
	if i < 0 {
		return shortProgram{}, false
	}
	return shortPrograms[i], true
}

// timedProgram writes a program into the session's directory, and after it its own time, which the
// start of the process is not in. Gives its path.
func (s *Session) timedProgram(p shortProgram) (string, error) {
	text, err := s.text(p)
	if err != nil {
		return "", err
	}
	return s.write(p.name+"_timed", fmt.Sprintf("(var bench_start (time/now_us))\n%s\n(println \"bench_us\" ((time/now_us) - bench_start))\n(exit 0)\n", text))
}

// text reads a program.
func (s *Session) text(p shortProgram) (string, error) {
	text, err := os.ReadFile(s.program("programs/" + p.name + ".gene"))
	return string(text), err
}

// write puts a program into the session's directory and gives its path.
func (s *Session) write(name, text string) (string, error) {
	path := filepath.Join(s.dir, name+".gene")
	return path, os.WriteFile(path, []byte(text), 0o600)
}

// checkOutput takes the line with the time off a timed program's output and compares the rest.
func (p shortProgram) checkOutput(stdout string, quick bool) error {
	got, _, ok := strings.Cut(stdout, "bench_us ")
	want := p.at(quick).want
	if !ok || got != want {
		return fmt.Errorf("%s: wrong output\n got: %q\nwant: %q", p.name, stdout, want)
	}
	return nil
}
