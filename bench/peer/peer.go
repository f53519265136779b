// Package peer knows what benchmarks compare Gene with: the one list of other
// languages and runtimes, how each is found, built and called, and which
// programs it can run. A [Runner] measures a program under a peer.
//
// Interpreters hosted in Go are commands of the module gene/bench/peers, built
// when they are first asked for. One that can't be built, a language that is
// not installed and a program that a language can't express are no failures:
// they are [Absent], with the reason.
package peer

import (
	"fmt"
	"slices"
	"strings"
)

// Peer is a language, or one way to run it.
type Peer struct {
	// Name is unique and what one writes on a command line.
	Name string
	// Title says what it is, for tables.
	Title string
	// Pace is about how many times Gene's time its programs take: for estimates
	// of how long a comparison takes, not for figures.
	Pace float64

	how     how      // how its binary is come by
	binary  string   // the command looked up on PATH, or the package that is built
	flags   []string // before the script
	version []string // arguments that make it print its version, if it is a command on PATH
	itself  []string // arguments that make it print its own path, if the command on PATH may be a wrapper whose time would count
	module  string   // whose version counts, if the binary is built
	needs   string   // a Python module without which it can't run

	scripts []string          // extensions of the programs of the CPU set that it runs, best first
	async   []string          // what comes before the name of a program of the asynchronous set
	lacks   map[string]string // programs that it can't express, and why
}

// how says how a peer's binary is come by.
type how int

const (
	onPath how = iota // a command on PATH
	hosted            // built from the module in bench/peers
	ours              // built from our own module
	gene              // the binary that the runner was given
)

// peerScripts is where the asynchronous set is written for other languages.
const peerScripts = "bench/async/peers/"

// Lua 5.1 lacks operators that 5.4 has; two programs are written for each.
var lua51 = []string{".51.lua", ".lua"}

// Managers of versions (pyenv, asdf, nvm) put shell scripts on PATH.
var (
	pythonItself = []string{"-c", "import sys; print(sys.executable)"}
	nodeItself   = []string{"-p", "process.execPath"}
)

var peers = []Peer{
	{Name: "gene", Title: "Gene", Pace: 1, how: gene, scripts: []string{".gene"}},
	{Name: "lua5.4", Title: "Lua 5.4", Pace: 1.1, binary: "lua5.4", version: []string{"-v"}, scripts: []string{".lua"}},
	{Name: "luajit", Title: "LuaJIT", Pace: 0.5, binary: "luajit", version: []string{"-v"}, scripts: lua51},
	{Name: "luajit-joff", Title: "LuaJIT's interpreter", Pace: 0.8, binary: "luajit", flags: []string{"-joff"}, version: []string{"-v"}, scripts: lua51},
	{Name: "python", Title: "CPython", Pace: 2.7, binary: "python3", version: []string{"--version"}, itself: pythonItself, scripts: []string{".py"}},
	{Name: "node", Title: "Node", Pace: 1, binary: "node", version: []string{"--version"}, itself: nodeItself, scripts: []string{".js"}, async: []string{peerScripts + "peer.mjs"}},
	{Name: "node-jitless", Title: "Node without a JIT compiler", Pace: 2, binary: "node", flags: []string{"--jitless"}, version: []string{"--version"}, itself: nodeItself, scripts: []string{".js"}},
	{Name: "ruby", Title: "Ruby", Pace: 2.8, binary: "ruby", version: []string{"--version"}, itself: []string{"-e", "puts RbConfig.ruby"}, scripts: []string{".rb"}},
	{Name: "gopher-lua", Title: "gopher-lua", Pace: 10, how: hosted, binary: "gopherlua", module: "github.com/yuin/gopher-lua", scripts: lua51},
	{Name: "goja", Title: "goja", Pace: 14, how: hosted, binary: "goja", module: "github.com/dop251/goja", scripts: []string{".js"}},
	{Name: "tengo", Title: "Tengo", Pace: 6, how: hosted, binary: "tengo", module: "github.com/d5/tengo/v2", scripts: []string{".tengo"}, lacks: map[string]string{
		"exceptions": "Tengo has no exceptions",
		"generators": "Tengo has neither generators nor coroutines",
	}},
	{Name: "starlark", Title: "starlark-go", Pace: 10, how: hosted, binary: "starlark", module: "go.starlark.net", scripts: []string{".star"}, lacks: map[string]string{
		"exceptions": "Starlark has no exceptions: an error ends the program",
		"generators": "Starlark has neither generators nor coroutines",
	}},
	{Name: "go", Title: "plain Go", Pace: 1, how: ours, binary: "bench/async/gopeer", async: []string{}},
	{Name: "asyncio", Title: "asyncio", Pace: 6, binary: "python3", version: []string{"--version"}, itself: pythonItself, async: []string{peerScripts + "peer.py"}},
	{Name: "uvloop", Title: "asyncio on uvloop", Pace: 5, binary: "python3", version: []string{"-c", "import uvloop; print(uvloop.__version__)"}, itself: pythonItself, needs: "uvloop", async: []string{peerScripts + "peer.py", "--uvloop"}},
}

// Gene is the peer that all others are compared with.
func Gene() Peer { return peers[0] }

// All gives every peer of a set but Gene, in the order of tables.
func All(set Set) []Peer {
	var all []Peer
	for _, p := range peers[1:] {
		if p.Serves(set) {
			all = append(all, p)
		}
	}
	return all
}

// Find gives the peers of those names, all of which must serve the set; no
// names are all peers.
func Find(set Set, names ...string) ([]Peer, error) {
	if len(names) == 0 {
		return All(set), nil
	}
	var found []Peer
	for _, name := range names {
		i := slices.IndexFunc(peers, func(p Peer) bool { return p.Name == name && p.Serves(set) })
		if i < 0 {
			return nil, fmt.Errorf("no peer %q for the %s set (there are %s)", name, set, strings.Join(namesOf(set), ", "))
		}
		found = append(found, peers[i])
	}
	return found, nil
}

func namesOf(set Set) []string {
	var names []string
	for _, p := range All(set) {
		names = append(names, p.Name)
	}
	return names
}

// Serves says whether p has programs of the set at all.
func (p Peer) Serves(set Set) bool {
	if set == CPU {
		return p.scripts != nil
	}
	return p.async != nil || p.how == gene
}

// Absent says that a peer gives no figure, and why: it is not installed, can't
// be built, or its language can't express the program.
type Absent struct {
	Peer   string
	Reason string
}

func (a *Absent) Error() string { return a.Peer + ": " + a.Reason }
