package result

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Read reads a results file. A file that is cut off, of another schema or no
// results file at all is refused with the reason.
func Read(path string) (*File, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f, err := Decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// Decode reads the text of a results file.
func Decode(data []byte) (*File, error) {
	var head struct {
		Schema *int `json:"schema"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, undecodable(data, err)
	}
	if head.Schema == nil {
		return nil, errors.New("no results of genebench: there is no \"schema\" in it")
	}
	if *head.Schema != Schema {
		return nil, fmt.Errorf("results of schema %d, and this genebench reads %d: measure again, or read it with the genebench that wrote it", *head.Schema, Schema)
	}
	var f File
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, undecodable(data, err)
	}
	return &f, f.check()
}

// undecodable says of JSON that can't be read where it ends or breaks.
func undecodable(data []byte, err error) error {
	var syntax *json.SyntaxError
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &syntax) && syntax.Offset >= int64(len(data)) {
		return fmt.Errorf("cut off after %d bytes: %w", len(data), err)
	}
	if errors.As(err, &syntax) {
		line := 1 + bytes.Count(data[:syntax.Offset], []byte("\n"))
		return fmt.Errorf("line %d is no JSON: %w", line, err)
	}
	return fmt.Errorf("no results of genebench: %w", err)
}

// Save writes the file as WriteFile does.
func (f *File) Save(path string) error {
	data, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		return err
	}
	return WriteFile(path, append(data, '\n'))
}

// SaveBench writes BenchText, likewise.
func (f *File) SaveBench(path string) error { return WriteFile(path, f.BenchText()) }

// WriteFile writes a file as a whole or not at all, so that an interruption
// leaves the older one in place.
func WriteFile(path string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".genebench-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // fails when it has been renamed, as meant
	_, err = tmp.Write(data)
	if err = errors.Join(err, tmp.Chmod(0o644), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// Find gives the experiment of that name on that loop, or nil.
func (f *File) Find(name, loop string) *Experiment {
	for i := range f.Experiments {
		if e := &f.Experiments[i]; e.Name == name && e.Loop == loop {
			return e
		}
	}
	return nil
}

// Estimate finds the estimate of that name, program and size.
func (e *Experiment) Estimate(name, program string, x float64) (Estimate, bool) {
	for _, t := range e.Estimates {
		if t.Name == name && t.Program == program && t.X == x {
			return t, true
		}
	}
	return Estimate{}, false
}

// Outcomes gives what the file says of a claim, on each loop.
func (f *File) Outcomes(claim string) []Outcome {
	var list []Outcome
	for i := range f.Experiments {
		for _, v := range f.Experiments[i].Verdicts {
			if v.Claim == claim {
				list = append(list, v.Outcome)
			}
		}
	}
	return list
}
