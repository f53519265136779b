package main

import (
	"flag"
	"os"
	"os/exec"
	"runtime"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var updateScripts = flag.Bool("update", false, "rewrite what the scripts compare with cmp")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"gene": main})
}

// TestScripts runs the command line as a user does. The first word of a
// script's name is the command that it is about.
func TestScripts(t *testing.T) {
	p := scriptParams()
	p.Dir, p.UpdateScripts = "testdata/script", *updateScripts
	testscript.Run(t, p)
}

func scriptParams() testscript.Params {
	return testscript.Params{
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "root":
				return os.Geteuid() == 0, nil
			case "sh":
				_, err := exec.LookPath("sh")
				return err == nil && runtime.GOOS != "windows", nil
			}
			return false, nil
		},
		Setup: func(e *testscript.Env) error {
			e.Setenv("XDG_STATE_HOME", e.WorkDir+"/state")
			return nil
		},
		RequireExplicitExec: true,
	}
}
