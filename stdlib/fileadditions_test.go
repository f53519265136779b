package stdlib_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gene/vm"
)

func TestMoreFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	check(t, `(Dir/create "d/e")
(File/write "d/a.txt" "one\ntwo\n")
(File/write "d/e/b.txt" "b")`, []example{
		{`(do (var s (File/stat "d/a.txt")) [s/size s/kind s/mode (s/mtime > 1000000000)]) (File/stat "none") ((Dir/stat "d") ./ "kind")`, "[8 file 644 true] nil dir"},
		{`(Dir/walk "d") (Dir/glob "d/**/*.txt") (Dir/glob "d/*.txt") (Dir/glob "none/*") (Dir/glob "d/a.txt") (Dir/glob "*")`,
			"[d/a.txt d/e d/e/b.txt] [d/a.txt d/e/b.txt] [d/a.txt] [] [d/a.txt] [d]"},
		{`(Dir/walk "none")`, "!IOError: Failed to walk directory 'none': cannot open: none"},
		{`(Dir/glob "d/[")`, "!IOError: Failed to glob 'd/[': malformed pattern"},
		{`(File/copy "d/a.txt" "c.txt") (File/read_lines "c.txt") (File/rename "c.txt" "r.txt") (File/exists "c.txt") (File/size "r.txt")`, "nil [one two] nil false 8"},
	})
	check(t, `(Dir/create "d/e")`, []example{
		{`(File/rename "nope" "x")`, "!IOError: Failed to rename 'nope' to 'x': cannot open: nope' to 'x"},
		{`(File/copy "d/a.txt" "d/a.txt")`, "!IOError: Failed to copy 'd/a.txt' to 'd/a.txt': source and target are the same file"},
		{`(Dir/copy "d" "d/inner")`, "!IOError: Failed to copy 'd' to 'd/inner': a directory can't be copied into itself"},
		{`(Dir/copy "d" "d2") (Dir/walk "d2") (await (Dir/walk_async "d2"))`, "nil [d2/a.txt d2/e d2/e/b.txt] [d2/a.txt d2/e d2/e/b.txt]"},
		{`(File/write_atomic "w.txt" "new") (File/read "w.txt") (await (File/write_atomic_async "w.txt" "newer")) (File/read "w.txt") (Dir/glob ".w*")`, "nil new nil newer []"},
		{`(File/symlink "w.txt" "l") (File/readlink "l") ((File/stat "l") ./ "kind") (File/write_atomic "l" "via") (File/read "w.txt") (File/readlink "l")`, "nil w.txt symlink nil via w.txt"},
		{`(File/chmod "w.txt" "600") ((File/stat "w.txt") ./ "mode") (File/touch "t") (File/size "t") (File/write_bytes "t" 0#00ff) (File/read_bytes "t")`, "nil 600 nil 0 nil 0#00ff"},
		{`(do (var p (File/temp "x-" ".log")) (var q (Dir/temp)) [(p .ends_with ".log") (File/exists p) (Dir/exists q) (File/delete p) (Dir/delete q)])`, "[true true true nil nil]"},
		{`(try (await (File/stat_async 5)) catch e e/message)`, "File/stat requires a file path"},
		{`(io/path_stem "a/b.tar") (io/path_clean "a/../b//c") (io/path_rel "a/b" "a/c/d") (io/path_is_abs "/x") (io/path_split "/a/b")`, "b b/c ../c/d true [a b]"},
	})
	check(t, ``, []example{
		{`(do (var f (File/open "h" "w+")) (f .write "añb\nsecond\n") (f .seek 0)
			(var out [(f .read 2) (f .read_line) (f .tell) (f .read_line) (f .read_line) (f .size) (f .seek -3) (f .read_line)])
			(f .close) (f .close) out)`, "[añ b 5 second nil 12 9 nd]"},
		{`(do (var f (File/open "h")) (f .close) (f .read))`, "!IOError: Failed to read file 'h': the file is closed"},
		{`(File/open "none")`, "!IOError: Failed to open file 'none': cannot open: none"},
		{`(File/open "h" "q")`, "!ArgumentException: File/open requires a mode of r w a x r+ w+ a+"},
		{`(do (var f (await (File/open_async "h" "a"))) (await (f .write_async "x")) (f .close) (File/size "h"))`, "13"},
		{`(do (File/write "big" ("x" .repeat 200000)) (var f (File/open "big")) (f .read 100000) (File/write "big" "") (try (f .read) catch e nil) (f .read))`,
			"!IOError: Failed to read file 'big': the file changed while it was read: it has 0 bytes, 131072 have been read"},
	})
}

func TestWatch(t *testing.T) {
	t.Chdir(t.TempDir())
	got := run(t, `
(var w (Dir/watch "."))
(var first (w .next))
(File/write "a.txt" "x")
(var e (await first ^timeout 5000))
(println e/op (io/path_basename e/path))
(var last (w .next))
(w .close)
(w .close)
(println ((await (w .next)) == nil))
(try (Dir/watch "none") catch e (println e/message))`)
	if want := "create a.txt\n"; !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "Failed to watch 'none': cannot open: none\n") {
		t.Errorf("got %q", got)
	}
}

func TestSignals(t *testing.T) {
	got := run(t, `
(system/on_signal "USR1" (fn [n] (println "handler" n)))
(var next (system/signal "USR1"))
(system/send_signal (system/pid) "USR1")
(println (await next ^timeout 5000))
(system/reset_signal "USR1")
(try (system/on_signal "NOPE" (fn [n] n)) catch e (println e/message))
(try (system/send_signal -1 "TERM") catch e (println e/message))
(try (await (system/signal "X")) catch e (println e/message))`)
	want := "Unsupported signal: NOPE\nsend_signal requires the number of a process\nUnsupported signal: X\n"
	if !strings.HasSuffix(got, want) || !strings.Contains(got, "handler USR1\n") || !strings.Contains(got, "\nUSR1\n") && !strings.HasPrefix(got, "USR1\n") {
		t.Errorf("got %q", got)
	}
}

func TestRun(t *testing.T) {
	start := time.Now()
	check(t, ``, []example{
		{`(system/run "cat" ^stdin "in")`, "{^output in ^error  ^exit_code 0 ^timed_out false}"},
		{`((system/run "sh" "-c" "echo a >&2" ^stderr_to_stdout true) ./ "output")`, "a"},
	})
	got := run(t, `
(var r (system/run "sh" "-c" "echo out; echo $X >&2; exit 3" ^env {^X "err"} ^cwd "/"))
(println (r/output .trim) (r/error .trim) r/exit_code r/timed_out)
(var late (system/run "sh" "-c" "sleep 77 & sleep 77" ^timeout 0.1))
(println late/timed_out late/exit_code)
(println ((await (system/run_async "echo" "x")) ./ "exit_code"))
(try (system/run "/no/such") catch e (println (e/message .start_with? "Failed to execute command")))
(var p (system/Process/start "sh" "-c" "sleep 78 & sleep 78" ^group true))
(p .kill)
(println (p .wait ^timeout 5))`)
	if want := "out err 3 false\ntrue 143\n0\ntrue\n137\n"; got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if d := time.Since(start); d > 8*time.Second {
		t.Errorf("took %v", d)
	}
	for _, left := range commandLines(t) {
		if left == "sleep 77" || left == "sleep 78" {
			t.Errorf("still running: %s", left)
		}
	}
}

// commandLines are those of all processes that aren't ending.
func commandLines(t *testing.T) (lines []string) {
	t.Helper()
	time.Sleep(20 * time.Millisecond) // killed is not yet gone
	found, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, f := range found {
		if text, err := os.ReadFile(f); err == nil {
			lines = append(lines, strings.TrimSpace(strings.ReplaceAll(string(text), "\x00", " ")))
		}
	}
	return lines
}

func TestAdditionsLeaveNothingBehind(t *testing.T) {
	t.Chdir(t.TempDir())
	before := openDescriptors(t)
	r := runOn(t, "goroutine", `
(File/write "f" "a\nb\n")
(var f (File/open "f"))
(f .read_line)
(var w (Dir/watch "."))
(w .next)
(system/on_signal "USR2" (fn [n] n))
(system/signal "USR2")
(system/run "true")
(var left (File/open "f" "r+"))
(left .read_async)`, vm.Options{})
	if r.code != 0 {
		t.Fatal(r.err)
	}
	deadline := time.Now().Add(3 * time.Second)
	for openDescriptors(t) > before || zombies(t) > 0 {
		if time.Now().After(deadline) {
			t.Fatalf("descriptors: %d before, %d after; zombies: %d", before, openDescriptors(t), zombies(t))
		}
		time.Sleep(5 * time.Millisecond)
	}
}
