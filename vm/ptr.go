package vm

import "unsafe"

func addPtr(p unsafe.Pointer, n int) unsafe.Pointer { return unsafe.Add(p, n) }

func subPtr(f *frame, a int) unsafe.Pointer { return unsafe.Pointer(&f.ra[uint8(a)]) }
