package load

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// Process is a running server.
type Process struct {
	Name    string
	Address string
	cmd     *exec.Cmd
	errors  tail
	output  sync.WaitGroup
}

// startMax is how long a server may take until it is ready.
const startMax = 30 * time.Second

// Start runs a server on the first processor that this process may use, and waits until it is
// ready. The client belongs on another: see Pin.
func Start(s Server) (*Process, error) {
	p := &Process{Name: s.Name, cmd: exec.Command(s.Argv[0], s.Argv[1:]...)}
	p.cmd.Stderr = &p.errors
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := onServerCPU(p.cmd.Start); err != nil {
		return nil, fmt.Errorf("%s: %w", s.Name, err)
	}
	late := time.AfterFunc(startMax, func() { p.cmd.Process.Kill() })
	defer late.Stop()
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	p.output.Go(func() { io.Copy(io.Discard, lines) })
	if !ok {
		p.Stop()
		return nil, fmt.Errorf("%s: want a line \"ready ADDRESS\" within %v, got %q%s", s.Name, startMax, line, p.said())
	}
	p.Address = address
	return p, nil
}

// Stop kills the server.
func (p *Process) Stop() {
	p.cmd.Process.Kill() // it may have ended
	p.output.Wait()
	p.cmd.Wait() // says that it was killed
}

// said is what the server wrote to standard error, for messages.
func (p *Process) said() string {
	if text := p.errors.String(); text != "" {
		return "\n  " + strings.ReplaceAll(text, "\n", "\n  ")
	}
	return ""
}

// explain adds the server's name and what it wrote to an error.
func (p *Process) explain(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w%s", p.Name, err, p.said())
}

// CPU is the time that the process has used, of all its threads, user and system.
func (p *Process) CPU() (time.Duration, error) {
	const schedClock = 2
	clock := int32(^p.cmd.Process.Pid)<<3 | schedClock // of the process, in nanoseconds
	var t unix.Timespec
	if err := unix.ClockGettime(clock, &t); err != nil {
		return 0, fmt.Errorf("%s: processor time of process %d: %w", p.Name, p.cmd.Process.Pid, err)
	}
	return time.Duration(t.Nano()), nil
}

// RSS is the resident memory in bytes.
func (p *Process) RSS() (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0, fmt.Errorf("statm of process %d: %q", p.cmd.Process.Pid, text)
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize()), err
}

// tail keeps the last bytes written to it.
type tail struct {
	mu sync.Mutex
	b  []byte
}

const tailMax = 2 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, b...)
	t.b = t.b[max(len(t.b)-tailMax, 0):]
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.TrimSpace(t.b))
}

// onServerCPU calls f on a thread that runs on the server's processor only, which what f starts
// inherits.
func onServerCPU(f func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, only unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return err
	}
	all, err := usable()
	if err != nil {
		return err
	}
	only.Set(all[0])
	if err := unix.SchedSetaffinity(0, &only); err != nil {
		return err
	}
	return errors.Join(f(), unix.SchedSetaffinity(0, &before))
}

// usable gives the processors that this process could use when it started.
var usable = sync.OnceValues(func() ([]int, error) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(os.Getpid(), &set); err != nil {
		return nil, err
	}
	var all []int
	for cpu := range 1024 {
		if set.IsSet(cpu) {
			all = append(all, cpu)
		}
	}
	return all, nil
})

// Pin keeps this process off the servers' processor and lets it open as many files as the system
// allows. Call it first.
func Pin() error {
	all, err := usable()
	if err != nil {
		return err
	}
	if len(all) < 2 {
		return errors.New("this process may use one processor only; client and server want one each")
	}
	var rest unix.CPUSet
	for _, cpu := range all[1:] {
		rest.Set(cpu)
	}
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return err
	}
	for _, t := range threads {
		if id, err := strconv.Atoi(t.Name()); err == nil {
			if err := unix.SchedSetaffinity(id, &rest); err != nil && err != unix.ESRCH {
				return err
			}
		}
	}
	var files unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &files); err != nil {
		return err
	}
	files.Cur = files.Max
	return unix.Setrlimit(unix.RLIMIT_NOFILE, &files)
}
