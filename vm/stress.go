//go:build !genestress

package vm

// stressMove and stressSwitch are on in stress builds (tag genestress): the
// register stack moves at every push of the slow path, and tasks switch and
// completions run at every safepoint and await.
const (
	stressMove   = false
	stressSwitch = false
)
