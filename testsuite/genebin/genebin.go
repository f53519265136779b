// Package genebin builds the gene command for tests that run it as a process.
package genebin

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Build gives the path of a gene binary: the one that the environment variable
// GENE_BIN names, else one built from this module with the given build tags.
// The caller calls remove in the end.
func Build(tags string) (path string, remove func(), err error) {
	if path := os.Getenv("GENE_BIN"); path != "" {
		path, err := filepath.Abs(path)
		return path, func() {}, err
	}
	dir, err := os.MkdirTemp("", "gene-bin-")
	if err != nil {
		return "", nil, err
	}
	remove = func() { _ = os.RemoveAll(dir) } // a leftover in the temporary directory harms nobody
	path = filepath.Join(dir, "gene")
	out, err := exec.Command("go", "build", "-tags", tags, "-o", path, "gene/cmd/gene").CombinedOutput()
	if err != nil {
		remove()
		return "", nil, fmt.Errorf("building gene: %w\n%s", err, out)
	}
	return path, remove, nil
}
