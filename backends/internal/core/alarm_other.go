//go:build !linux

package core

import "time"

const lead = 0

// alarm is there on Linux only.
type alarm struct{ lead time.Duration }

func newAlarm(func()) *alarm { return nil }

func (*alarm) set(time.Duration) bool { return false }

func (*alarm) stop() {}
