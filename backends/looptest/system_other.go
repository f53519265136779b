//go:build !linux

package looptest

// canStall tells whether this system lets a dial wait without a network.
const canStall = false

func stalledAddress(*exam) string { return "" }

// systemRules need Linux.
func systemRules() []rule { return nil }
