package stdlib_test

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"gene/backends"
	"gene/stdlib"
	"gene/vm"
)

func openDescriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip(err)
	}
	return len(entries)
}

func zombies(t *testing.T) int {
	t.Helper()
	n := 0
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		stat, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil {
			continue
		}
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		if len(fields) > 1 && fields[0] == "Z" && fields[1] == itoa(os.Getpid()) {
			n++
		}
	}
	return n
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

func TestNothingIsLeftBehind(t *testing.T) {
	t.Chdir(t.TempDir())
	mkfifos(t, 1)
	before := openDescriptors(t)
	run(t, `
(repeat 5
  (var p (system/Process/start "cat"))
  (p .write_line "x")
  (p .read_line ^timeout 1)
  (p .close_stdin)
  (p .wait ^timeout 2)
  (p .read_line ^timeout 1)
  (p .read_stderr ^timeout 1))
(var left (system/Process/start "cat"))
(left .read_line_async)
(File/read_async "fifo0")
(gene/sleep_async 60000)
(system/shell "true")
(File/write "f" "a\nb\n")
(try (File/each_line "f" (fn [l] (throw l))) catch e nil)
(File/read "f")`)
	deadline := time.Now().Add(3 * time.Second)
	for openDescriptors(t) > before || zombies(t) > 0 {
		if time.Now().After(deadline) {
			t.Fatalf("descriptors: %d before, %d after; zombies: %d", before, openDescriptors(t), zombies(t))
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// TestInterrupt ends natives that block the program.
func TestInterrupt(t *testing.T) {
	t.Chdir(t.TempDir())
	mkfifos(t, 1)
	for name, program := range map[string]string{
		"read":    `(File/read "fifo0")`,
		"exec":    `(system/exec "sleep" "20")`,
		"process": `((system/Process/start "sleep" "0.5") .wait ^timeout 20) ((system/Process/start "cat") .read_line ^timeout 20)`,
		"line":    `(readline)`,
		"await":   `(await (File/read_async "fifo0"))`,
		"sleep":   `(sleep 20000)`,
	} {
		t.Run(name, func(t *testing.T) {
			loop, err := backends.New("goroutine", backends.Options{})
			if err != nil {
				t.Fatal(err)
			}
			in, w := io.Pipe()
			defer w.Close()
			var errs bytes.Buffer
			m, err := stdlib.New(vm.Options{Loop: loop, Stdin: in, Stdout: io.Discard, Stderr: &errs})
			if err != nil {
				t.Fatal(err)
			}
			time.AfterFunc(100*time.Millisecond, m.Interrupt)
			start := time.Now()
			code := m.RunMain("main.gene", []byte(program))
			m.Close()
			if code != 130 {
				t.Errorf("exit code %d: %s", code, errs.String())
			}
			if d := time.Since(start); d > 5*time.Second {
				t.Errorf("took %v", d)
			}
		})
	}
}

func TestVirtualTime(t *testing.T) {
	start := time.Now()
	r := runOn(t, "sim", `
(var t0 (time/now_us))
(await (gene/sleep_async 3600000))
(sleep 1.5)
(println (((time/now_us) - t0) / 1000000))`, vm.Options{})
	if r.out != "3601.5\n" || r.code != 0 {
		t.Errorf("got %+v", r)
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("took %v", d)
	}
}

func TestManyVMs(t *testing.T) {
	t.Chdir(t.TempDir())
	done := make(chan string, 8)
	for range 8 {
		go func() {
			loop, err := backends.New("goroutine", backends.Options{})
			if err != nil {
				done <- err.Error()
				return
			}
			var out bytes.Buffer
			m, err := stdlib.New(vm.Options{Loop: loop, Stdout: &out})
			if err != nil {
				done <- err.Error()
				return
			}
			m.RunMain("main.gene", []byte(`(set_env "K" 1) (system/cd "/") (println ([3 1] .sort (fn [a b] (a < b))) (cwd) ("a-b" .split #/-/))`))
			m.Close()
			done <- out.String()
		}()
	}
	for range 8 {
		if got := <-done; got != "[1 3] / [a b]\n" {
			t.Errorf("got %q", got)
		}
	}
}
