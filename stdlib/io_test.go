package stdlib_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"gene/vm"
)

func TestOutput(t *testing.T) {
	r := runOn(t, "goroutine", `
(print "a" 1 nil)
(println)
(println ^stderr true "to stderr")
(println "s" ["x" 'c' {^k "v"}] 1.0 true void)
(stdout .write "w")
(stdout .write_line "l")
(stderr .write_line [1 "q"])
(println stdout (stdout .isatty?) (debug [1 "x"]))
(try (stdout .read_line) catch e (println e/message))
(try (stdin .write "x") catch e (println e/message))
(println (readline) (stdin .read_line) (stdin .read) (readline))
(try (readline 1) catch e (println e/message))
`, vm.Options{Stdin: strings.NewReader("first\nsecond\nrest\nof it")})
	want := `a 1 nil
s [x c {^k v}] 1.0 true void
wl
<stdout> false nil
stdout is not readable
stdin is not writable
first second rest
of it nil
readline does not accept arguments
`
	if r.out != want || r.err != "to stderr\n[1 \"q\"]\ndebug: [1 \"x\"]\n" || r.code != 0 {
		t.Errorf("got %d\n%s\nstderr:\n%s", r.code, r.out, r.err)
	}
}

// brokenPipe is a standard output that nobody reads any more.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) {
	return 0, &os.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.EPIPE}
}

func TestBrokenPipe(t *testing.T) {
	r := runOn(t, "goroutine", `(repeat 100000 (println "many words that fill the buffer"))`, vm.Options{Stdout: brokenPipe{}})
	if r.code != 1 || !strings.Contains(r.err, "IOError: Failed to write to standard output: broken pipe") {
		t.Errorf("got %d: %s", r.code, r.err)
	}
}

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	os.WriteFile("bad.txt", []byte("ok\xff"), 0o666)
	os.Mkdir("sub", 0o777)
	check(t, `(gene/io/write "a.txt" "one\ntwo\n")
(File/write "b.txt" [1 "x"])
(File/append "a.txt" 3)
(var r (File/reader "a.txt"))
(var f (new File "c.txt"))
(var lines [])`, []example{
		{`(File/read_lines "a.txt") (gene/io/read "b.txt") (File/exists "a.txt") (File/exists "no") (File/exists "sub")`, "[one two 3] [1 x] true false false"},
		{`(File/each_line "a.txt" (fn [l] (lines .add l))) lines`, "nil [one two 3]"},
		{`(File/each_line "a.txt" 5)`, "!Exception: each_line callback must be a function, got Int"},
		{`r (r .read_line) (r .read_line) (r .read_line) (r .read_line) (r .close) (r .read_line)`, "<file-reader a.txt> one two 3 nil nil nil"},
		{`(f .write "text") f/path (f .read)`, "nil c.txt text"},
		{`(File/delete "c.txt") (File/delete "c.txt") (File/exists "c.txt")`, "nil nil false"},
		{`(File/read "no.txt")`, "!IOError: Failed to read file 'no.txt': cannot open: no.txt"},
		{`(File/read "sub")`, "!IOError: Failed to read file 'sub': is a directory"},
		{`(File/read "bad.txt")`, "!IOError: Failed to read file 'bad.txt': not valid UTF-8 at byte 2"},
		{`(File/write "no/x" "t")`, "!IOError: Failed to write file 'no/x': cannot open: no/x"},
		{`(File/write "/dev/full" "t")`, "!IOError: Failed to write file '/dev/full': no space left on device"},
		{`(File/append "sub" "t")`, "!IOError: Failed to append to file 'sub': is a directory"},
		{`(File/delete "sub")`, "!IOError: Failed to delete file 'sub': is a directory"},
		{`(gene/io/write "n.txt" 5)`, "!ArgumentException: File/write requires string content"},
		{`(File/read 5)`, "!ArgumentException: File/read requires a file path"},
		{`(Dir/create "d/e") (File/write "d/e/n.txt" "") (Dir/list "d/e") (Dir/exists "d") (Dir/delete "d") (Dir/exists "d") (Dir/list "no")`, "nil nil [d/e/n.txt] true nil false []"},
		{`(Dir/create "a.txt")`, "!IOError: Failed to create directory 'a.txt': not a directory"},
		{`(io/path_join "x/" "y" "z.tar.gz") (io/path_basename "/q/r.txt") (io/path_dirname "/q/r.txt") (io/path_ext "z.tar.gz")`, "x/y/z.tar.gz r.txt /q .gz"},
		{`(system/cd "sub") (File/exists "a.txt") (File/exists "../a.txt") (io/path_basename (cwd)) (system/cd "..")`, "nil false true sub nil"},
		{`(system/cd "nowhere")`, "!IOError: Failed to change directory: nowhere: no such file or directory"},
		{`(gene/parse_file "b.txt")`, "[[1 x]]"},
		{`(gene/parse_file "no")`, "!IOError: Failed to open file 'no'"},
	})
	if wd, _ := os.Getwd(); wd != dir {
		t.Errorf("the process's directory changed to %s", wd)
	}
}

func TestAsyncFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	got := run(t, `
(await (gene/io/write_async "a.txt" "one\ntwo"))
(println (await (File/read_async "a.txt") (File/read_lines_async "a.txt")))
(await (File/append_async "a.txt" [1 "x"]))
(println (await (File/read_lines_async "a.txt")))
(println (await (File/exists_async "a.txt") (File/exists_async "no") (Dir/exists_async ".")))
(println (await (Dir/create_async "d/e")) (await (Dir/list_async "d")) (await (Dir/delete_async "d") (File/delete_async "a.txt")))
(for f in [(File/read_async "no") (File/read_async 5) (gene/io/write_async "x" 5) (File/write_async "no/x" "t")
           (File/append_async) (gene/sleep_async "x")]
  (try (await f) catch e (println (typeof e) e/message)))
`)
	want := "[one\ntwo [one two]]\n" + `[one two[1 x]]
[true false true]
nil [d/e] [nil nil]
IOError Failed to read file 'no': cannot open: no
ArgumentException File/read_async requires a file path
ArgumentException File/write_async requires string content
IOError Failed to write file 'no/x': cannot open: no/x
ArgumentException File/append_async requires a file path
ArgumentException sleep_async requires a number (milliseconds)
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestWritesHoldTheProgram(t *testing.T) {
	t.Chdir(t.TempDir())
	run(t, `(gene/io/write_async "a.txt" "kept")`)
	if data, err := os.ReadFile("a.txt"); err != nil || string(data) != "kept" {
		t.Errorf("got %q, %v", data, err)
	}
}

func mkfifos(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		if err := syscall.Mkfifo(fmt.Sprintf("fifo%d", i), 0o666); err != nil {
			t.Skip(err)
		}
	}
}

func TestConcurrentFIFOs(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	mkfifos(t, 60)
	done := make(chan error, 60)
	for i := range 60 {
		go func() {
			f, err := os.OpenFile(filepath.Join(dir, fmt.Sprintf("fifo%d", i)), os.O_WRONLY, 0)
			if err == nil {
				_, err = fmt.Fprintf(f, "text %d", i)
				err = errors.Join(err, f.Close())
			}
			done <- err
		}()
	}
	got := run(t, `
(var reads [])
(for i in (0 .. 59) (reads .add (File/read_async #"fifo#{i}")))
(for i f in reads (assert ((await f) == #"text #{i}")))
(println "all")`)
	if got != "all\n" {
		t.Errorf("got %q", got)
	}
	for range 60 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestCancelledReadStops(t *testing.T) {
	t.Chdir(t.TempDir())
	mkfifos(t, 3)
	start := time.Now()
	got := run(t, `
(try (await ^timeout 20 (File/read_async "fifo0")) catch TimeoutException (println $ex/message))
(var f (File/read_async "fifo1"))
(await (gene/sleep_async 5))
(f .cancel)
(println (f .state))
(File/read_async "fifo2")
(println "an unobserved read doesn't hold the program")`)
	if got != "await timed out\ncancelled\nan unobserved read doesn't hold the program\n" {
		t.Errorf("got %q", got)
	}
	if d := time.Since(start); d > 3*time.Second {
		t.Errorf("took %v", d)
	}
}

func TestSystem(t *testing.T) {
	got := run(t, `
(print (system/exec "echo" "a b" "c") (gene/os/exec "printf x"))
(var r (system/shell "echo out; echo err >&2; exit 3"))
(println r/exit_code ((r/output .split "\n") .size))
(try (system/exec "/no/such/program") catch e (println (typeof e) e/message))
(try (system/exec) catch e (println e/message))
(set_env "GENE_TEST" "seen")
(print (system/exec "sh" "-c" "echo $GENE_TEST; kill -9 $$"))
(println (await (system/shell_async "exit 4") (system/exec_async "echo" "later")))
(try (await (system/exec_async "/no/such/program")) catch e (println e/message))
(try (await ^timeout 20 (system/exec_async "sleep" "10")) catch e (println e/message))
`)
	want := `a b c
 x
3 3
IOError Failed to execute command: /no/such/program: no such file or directory
exec requires at least 1 argument (command)
seen
[{^output  ^exit_code 4} later
]
Failed to execute command: /no/such/program: no such file or directory
await timed out
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestProcess(t *testing.T) {
	got := run(t, `
(var p (system/Process/start "cat"))
(println (typeof p) (p/pid > 0) (p .alive?) p/exit_code ((p .to_s) == #"<process #{p/pid}>"))
(p .write "par")
(p .write_line "tial")
(println (p .read_line ^timeout 2) (p .read_line ^timeout 0.05))
(p .write "rest without end")
(println (p .read_until "out" ^timeout 2))
(p .close_stdin)
(println (p .read_line ^timeout 2) (p .wait ^timeout 2) p/exit_code (p .alive?) (p .read_line ^timeout 1))
(fn why [f] (try (f) catch e (println e/message)))
(why (fn [] (p .write "late")))
(why (fn [] (p .wait)))
(why (fn [] (p .read_line ^timeout "x")))
(why (fn [] (p .read_line ^timeout -1)))
(why (fn [] (p .signal "HUP")))
(why (fn [] (new system/Process)))
(why (fn [] (system/Process/start)))
(why (fn [] (system/Process/start "/no/such")))
(var q (system/Process/start "sh" "-c" "echo k:v; echo oops >&2; echo $EXTRA; pwd; exit 4" ^env {^EXTRA "more"} ^cwd "/"))
(println (q .read_until ":" ^timeout 2) (q .read_line ^timeout 2) ((q .read_stderr ^timeout 2) .trim)
  (await (q .read_line_async)) (await (q .read_async)) (await (q .wait_async)) (await (q .read_line_async)))
(var s (system/Process/start "sleep" "9"))
(println (s .wait ^timeout 0.05) (s .signal "TERM") (s .wait ^timeout 2))
(var both (system/Process/start "sh" "-c" "echo a; echo b >&2" ^stderr_to_stdout true))
(println (await (both .read_async)))
(why (fn [] (both .read_stderr ^timeout 1)))
(var stubborn (system/Process/start "sh" "-c" "trap '' TERM; while true; do sleep 0.05; done"))
(await (gene/sleep_async 50))
(println (stubborn .shutdown ^timeout 0.1))
(var polite (system/Process/start "cat"))
(println (polite .shutdown ^timeout 2))
`)
	want := `Process true true nil true
partial nil
rest without
 end 0 0 false nil
Process is no longer running
Process.wait requires ^timeout
Process.read_line requires ^timeout to be an int or float
Process.read_line requires a non-negative ^timeout
Unsupported signal: HUP
Process cannot be made with new; use system/Process/start
Process/start requires at least 1 argument (command)
Failed to start process: /no/such: no such file or directory
k: v oops more /
 4 nil
nil nil 143
a
b

stderr is merged into stdout for this Process
137
0
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestProcessReadTimesOut(t *testing.T) {
	got := run(t, `
(var p (system/Process/start "cat"))
(try (await ^timeout 20 (p .read_line_async)) catch TimeoutException (println $ex/message))
(p .write_line "still there")
(println (await (p .read_line_async)))
(println (p .shutdown ^timeout 1))`)
	if got != "await timed out\nstill there\n0\n" {
		t.Errorf("got %q", got)
	}
}
