package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// A block is one program of the documentation.
type block struct {
	chapter string // file name without extension
	section string // number of the section it stands in, "10.7"; "" when there is none
	number  int    // among the programs of the chapter, from 1
	line    int    // of the fence
	text    string
	files   []companion // of the blocks before it

	program string // file name
	args    []string
	flags   []string
	stdin   []string
	want    []string // lines of standard output
	errors  []string // what standard error must contain
	exit    int
}

// A companion is a file that stands beside the program.
type companion struct{ name, text string }

// id names the block in the list of pending ones.
func (b *block) id() string { return fmt.Sprintf("%s:%d", b.chapter, b.line) }

var sectionRE = regexp.MustCompile(`^##+ (\d+(?:\.\d+)*)\b`)

// readBlocks extracts the programs of a Markdown file.
func readBlocks(file string) ([]*block, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	chapter := strings.TrimSuffix(filepath.Base(file), ".md")
	var blocks []*block
	var files []companion
	section := ""
	lines := strings.Split(string(text), "\n")
	for n := 0; n < len(lines); n++ {
		if m := sectionRE.FindStringSubmatch(lines[n]); m != nil {
			section = m[1]
		}
		lang, ok := strings.CutPrefix(lines[n], "```")
		if !ok || lang == "" {
			continue
		}
		start := n
		for n++; n < len(lines) && lines[n] != "```"; n++ {
		}
		body := strings.Join(lines[start+1:min(n, len(lines))], "\n") + "\n"
		if name, ok := strings.CutPrefix(lang, "gene-file "); ok {
			files = append(files, companion{strings.TrimSpace(name), body})
		} else if lang == "gene" {
			b := &block{chapter: chapter, section: section, number: len(blocks) + 1, line: start + 1,
				text: body, files: files[:len(files):len(files)], program: "main.gene"}
			b.directives()
			blocks = append(blocks, b)
		}
	}
	return blocks, nil
}

// directives reads the comments of a block that say how to run it and what to
// expect.
func (b *block) directives() {
	header := true
	exitGiven := false
	for _, line := range strings.Split(strings.TrimSuffix(b.text, "\n"), "\n") {
		if want, ok := strings.CutPrefix(strings.TrimLeft(line, " \t"), "# =>"); ok {
			b.want = append(b.want, strings.TrimRight(strings.TrimPrefix(want, " "), " \t"))
			header = false
			continue
		}
		if header {
			header = b.headerLine(line, &exitGiven)
		}
	}
	if len(b.errors) > 0 && !exitGiven {
		b.exit = 1
	}
}

func (b *block) headerLine(line string, exitGiven *bool) bool {
	if strings.TrimSpace(line) == "# chosen" {
		return true
	}
	rest, ok := strings.CutPrefix(line, "# ")
	if !ok {
		return false
	}
	key, text, ok := strings.Cut(rest, ":")
	if !ok {
		return false
	}
	text = strings.TrimPrefix(text, " ")
	switch key {
	case "error":
		b.errors = append(b.errors, text)
	case "exit":
		n, err := strconv.Atoi(strings.TrimSpace(text))
		b.exit, *exitGiven = n, true
		return err == nil
	case "args":
		b.args = append(b.args, strings.Fields(text)...)
	case "flags":
		b.flags = append(b.flags, strings.Fields(text)...)
	case "stdin":
		b.stdin = append(b.stdin, text)
	case "file":
		b.program = strings.TrimSpace(text)
	default:
		return false
	}
	return true
}
