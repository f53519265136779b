//go:build genestress

package vm

const (
	stressMove   = true
	stressSwitch = true
)
