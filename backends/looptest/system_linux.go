package looptest

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"gene/backends"
)

// canStall tells whether this system lets a dial wait without a network.
const canStall = true

// stalledAddress is where a dial neither succeeds nor fails: a listener whose queue is full.
func stalledAddress(x *exam) string {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		x.failf("the peer: %v", err)
	}
	x.cleanup(func() { syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		x.failf("the peer: %v", err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		x.failf("the peer: %v", err)
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		x.failf("the peer: %v", err)
	}
	x.fill(name)
	return fmt.Sprintf("127.0.0.1:%d", name.(*syscall.SockaddrInet4).Port)
}

// fill takes the places of a queue: connections beyond it are neither taken nor refused.
func (x *exam) fill(name syscall.Sockaddr) {
	for range 4 {
		fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC|syscall.SOCK_NONBLOCK, 0)
		if err != nil {
			x.failf("the peer: %v", err)
		}
		x.cleanup(func() { syscall.Close(fd) })
		if err := syscall.Connect(fd, name); err != nil && err != syscall.EINPROGRESS {
			x.failf("the peer: %v", err)
		}
	}
}

func systemRules() []rule {
	return []rule{
		{name: "descriptors exhausted", says: "with no descriptor left to accept, a listener says so and goes on once there are some", check: exhausted},
		{name: "descriptors exhausted, others", says: "with no descriptor left, open connections go on", check: func(x *exam) {
			e, peer := x.pair(backends.Flow{})
			e.echo()
			release := x.hog()
			x.await(x.aside(func() error { return exchange(peer, payload(100_000)) }))
			release()
		}},
		{name: "descriptors exhausted, dial", says: "with no descriptor left, a dial says so, and a later one succeeds", check: func(x *exam) {
			l := x.peerListener("tcp")
			release := x.hog()
			last, err := os.Open(os.DevNull)
			if err != nil {
				x.failf("%v", err)
			}
			x.dialFails("tcp", l.Addr().String(), syscall.EMFILE)
			last.Close()
			release()
			x.dial("tcp", l.Addr().String(), backends.DialOptions{})
		}},
		{name: "children", says: "child processes inherit no socket of the loop's", check: func(x *exam) {
			e, _ := x.startedPair()
			x.dialledPair("tcp", backends.Flow{})
			x.echoServer()
			x.listen("unix", backends.ListenOptions{}, nil)
			x.mailbox()
			list, err := exec.Command("sh", "-c", "ls -l /proc/$$/fd").CombinedOutput()
			if err != nil {
				x.failf("%v: %s", err, list)
			}
			if strings.Contains(string(list), "socket:") {
				x.failf("the child has\n%s", list)
			}
			e.Close(0)
			e.over()
		}},
	}
}

// exhausted takes all descriptors but one, which a peer's end gets.
func exhausted(x *exam) {
	d := x.echoServer()
	steady := x.aside(func() error { return x.roundTrip(d.Addr(), payload(10)) })
	x.await(steady)
	x.pollUntil(func() bool { return x.Stats().Net.Open == 0 }) // its descriptor is free
	release := x.hog()
	c := x.aside(func() error { _, err := x.dialPeer(d.Addr()); return err })
	x.pollUntil(func() bool { return len(d.troubles) > 0 || d.closed })
	x.want("whether the listener is closed", d.closed, false)
	release()
	x.await(c)
	x.await(x.aside(func() error { return x.roundTrip(d.Addr(), payload(1000)) }))
}

// hog lowers the limit and opens descriptors until one is left. The limit is restored by release
// or when the case is over.
func (x *exam) hog() (release func()) {
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &before); err != nil {
		x.failf("%v", err)
	}
	low := before
	low.Cur = uint64(countDescriptors() + 32)
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &low); err != nil {
		x.failf("%v", err)
	}
	var files []*os.File
	released := false
	release = func() {
		if released {
			return
		}
		released = true
		for _, f := range files {
			f.Close()
		}
		if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &before); err != nil {
			x.failf("%v", err)
		}
	}
	x.cleanup(release)
	for {
		f, err := os.Open(os.DevNull)
		if err != nil {
			break
		}
		files = append(files, f)
	}
	last := len(files) - 1
	files[last].Close()
	files = files[:last]
	return release
}
