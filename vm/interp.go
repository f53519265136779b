package vm

import (
	"unsafe"

	op "gene/compiler"
	"gene/value"
)

// interpret runs the frame vm.fp and whatever follows from it, until the
// scheduler has nothing left to do (vm.fp is nil then).
//
// The shape is the one that Go compiles best (measured; see the question about
// the loop in docs/rationale.md): few variables are live across the switch (the
// instruction pointer, the register window, the frame, the function),
// registers are indexed by uint8 so that no bounds check remains, a value's
// pointer word is stored only when it changes, which skips the write barrier,
// and everything that is rare is in slow.go. A case that has done its work
// continues the loop; one that falls out of the switch goes the slow way: the
// state is saved, vm.slow executes the instruction, and the state is loaded
// again, because the frame, the stack or the task may be another one then.
func (vm *VM) interpret() {
	intTag, floatTag := value.IntTag(), value.FloatTag()
	for {
		fp := vm.fp
		if fp == nil {
			return
		}
		ip, ra, fn := fp.ip, fp.ra, fp.fn
		for {
			in := *(*op.Instr)(ip)
			ip = unsafe.Add(ip, 8)
			switch op.Op(uint8(in)) {

			// Moving values.

			case op.OpMove:
				v, d := &ra[uint8(in>>16)], &ra[uint8(in>>8)]
				move(d, v)
				continue
			case op.OpLoadK:
				v, d := kconst(fn, int32(in>>32)), &ra[uint8(in>>8)]
				move(d, v)
				continue
			case op.OpLoadInt:
				d := &ra[uint8(in>>8)]
				setInt(d, uint64(int64(int32(in>>32))))
				continue
			case op.OpLoadNil:
				ra[uint8(in>>8)] = value.Value{P: value.NilTag()}
				continue
			case op.OpLoadVoid:
				ra[uint8(in>>8)] = value.Value{P: value.VoidTag()}
				continue
			case op.OpLoadBool:
				ra[uint8(in>>8)] = value.Value{P: value.BoolTag(), N: uint64(uint8(in >> 16))}
				continue
			case op.OpClear:
				ra[uint8(in>>8)] = value.Value{}
				continue
			case op.OpGetBox:
				v, d := &ra[uint8(in>>16)].AsCell().V, &ra[uint8(in>>8)]
				if v.P == nil {
					break
				}
				move(d, v)
				continue
			case op.OpSetBox:
				v, d := &ra[uint8(in>>16)], &ra[uint8(in>>8)].AsCell().V
				move(d, v)
				continue
			case op.OpGetUp:
				ra[uint8(in>>8)] = *fn.up(int(uint8(in >> 16)))
				continue
			case op.OpGetUpBox:
				v, d := &fn.up(int(uint8(in>>16))).AsCell().V, &ra[uint8(in>>8)]
				if v.P == nil {
					break
				}
				move(d, v)
				continue
			case op.OpSetUpBox:
				v, d := &ra[uint8(in>>16)], &fn.up(int(uint8(in>>8))).AsCell().V
				move(d, v)
				continue
			case op.OpGetFn:
				ra[uint8(in>>8)] = value.Value{P: unsafe.Pointer(fn)}
				continue
			case op.OpGetCell:
				v, d := &kconst(fn, int32(in>>32)).AsCell().V, &ra[uint8(in>>8)]
				if v.P == nil {
					break
				}
				move(d, v)
				continue
			case op.OpSetCell, op.OpDefCell:
				v, d := &ra[uint8(in>>8)], &kconst(fn, int32(in>>32)).AsCell().V
				move(d, v)
				continue

			// Arithmetic.

			case op.OpAdd:
				v, w, d := &ra[uint8(in>>16)], &ra[uint8(in>>24)], &ra[uint8(in>>8)]
				if v.P == intTag && w.P == intTag {
					s := v.N + w.N
					if int64((s^v.N)&(s^w.N)) < 0 {
						break
					}
					setInt(d, s)
					continue
				}
				if v.P == floatTag && w.P == floatTag {
					setFloat(d, ffloat(v.N)+ffloat(w.N))
					continue
				}
			case op.OpSub:
				v, w, d := &ra[uint8(in>>16)], &ra[uint8(in>>24)], &ra[uint8(in>>8)]
				if v.P == intTag && w.P == intTag {
					s := v.N - w.N
					if int64((v.N^w.N)&(v.N^s)) < 0 {
						break
					}
					setInt(d, s)
					continue
				}
				if v.P == floatTag && w.P == floatTag {
					setFloat(d, ffloat(v.N)-ffloat(w.N))
					continue
				}
			case op.OpMul:
				v, w, d := &ra[uint8(in>>16)], &ra[uint8(in>>24)], &ra[uint8(in>>8)]
				if v.P == floatTag && w.P == floatTag {
					setFloat(d, ffloat(v.N)*ffloat(w.N))
					continue
				}
				if v.P == intTag && w.P == intTag {
					s, ok := mulInt(int64(v.N), int64(w.N))
					if !ok {
						break
					}
					setInt(d, uint64(s))
					continue
				}
			case op.OpDiv:
				v, w, d := &ra[uint8(in>>16)], &ra[uint8(in>>24)], &ra[uint8(in>>8)]
				if v.P == floatTag && w.P == floatTag {
					setFloat(d, ffloat(v.N)/ffloat(w.N))
					continue
				}
				if v.P == intTag && w.P == intTag {
					setFloat(d, float64(int64(v.N))/float64(int64(w.N)))
					continue
				}
			case op.OpMod:
				v, w, d := &ra[uint8(in>>16)], &ra[uint8(in>>24)], &ra[uint8(in>>8)]
				if v.P == intTag && w.P == intTag && int64(w.N) > 0 {
					setInt(d, uint64(int64(v.N)%int64(w.N)))
					continue
				}
			case op.OpAddI:
				v, d := &ra[uint8(in>>16)], &ra[uint8(in>>8)]
				i := uint64(int64(int32(in >> 32)))
				s := v.N + i
				if v.P != intTag || int64((s^v.N)&(s^i)) < 0 {
					break
				}
				setInt(d, s)
				continue
			case op.OpSubI:
				v, d := &ra[uint8(in>>16)], &ra[uint8(in>>8)]
				i := uint64(int64(int32(in >> 32)))
				s := v.N - i
				if v.P != intTag || int64((v.N^i)&(v.N^s)) < 0 {
					break
				}
				setInt(d, s)
				continue
			case op.OpMulI:
				v, d := &ra[uint8(in>>16)], &ra[uint8(in>>8)]
				s, ok := mulInt(int64(v.N), int64(int32(in>>32)))
				if v.P != intTag || !ok {
					break
				}
				setInt(d, uint64(s))
				continue
			case op.OpModI:
				v, d := &ra[uint8(in>>16)], &ra[uint8(in>>8)]
				i := int64(int32(in >> 32))
				if v.P != intTag || i <= 0 {
					break
				}
				setInt(d, uint64(int64(v.N)%i))
				continue
			case op.OpAddK:
				v, w, d := &ra[uint8(in>>16)], kconst(fn, int32(in>>32)), &ra[uint8(in>>8)]
				if v.P == floatTag && w.P == floatTag {
					setFloat(d, ffloat(v.N)+ffloat(w.N))
					continue
				}
			case op.OpSubK:
				v, w, d := &ra[uint8(in>>16)], kconst(fn, int32(in>>32)), &ra[uint8(in>>8)]
				if v.P == floatTag && w.P == floatTag {
					setFloat(d, ffloat(v.N)-ffloat(w.N))
					continue
				}
			case op.OpMulK:
				v, w, d := &ra[uint8(in>>16)], kconst(fn, int32(in>>32)), &ra[uint8(in>>8)]
				if v.P == floatTag && w.P == floatTag {
					setFloat(d, ffloat(v.N)*ffloat(w.N))
					continue
				}
			case op.OpDivK:
				v, w, d := &ra[uint8(in>>16)], kconst(fn, int32(in>>32)), &ra[uint8(in>>8)]
				if v.P == floatTag && w.P == floatTag {
					setFloat(d, ffloat(v.N)/ffloat(w.N))
					continue
				}
				if v.P == intTag && w.P == intTag {
					setFloat(d, float64(int64(v.N))/float64(int64(w.N)))
					continue
				}
			case op.OpLt:
				v, w := &ra[uint8(in>>16)], &ra[uint8(in>>24)]
				if v.P == intTag && w.P == intTag {
					ra[uint8(in>>8)] = value.Bool(int64(v.N) < int64(w.N))
					continue
				}
			case op.OpGt:
				v, w := &ra[uint8(in>>16)], &ra[uint8(in>>24)]
				if v.P == intTag && w.P == intTag {
					ra[uint8(in>>8)] = value.Bool(int64(v.N) > int64(w.N))
					continue
				}

			// Jumps.

			case op.OpJmp:
				ip = jump(ip, in)
				continue
			case op.OpJmpF:
				if !ra[uint8(in>>8)].Truthy() {
					ip = jump(ip, in)
				}
				continue
			case op.OpJmpT:
				if ra[uint8(in>>8)].Truthy() {
					ip = jump(ip, in)
				}
				continue
			case op.OpJmpSet:
				if ra[uint8(in>>8)].P != nil {
					ip = jump(ip, in)
				}
				continue
			case op.OpJmpNotVoid:
				if ra[uint8(in>>8)].P != value.VoidTag() {
					ip = jump(ip, in)
				}
				continue
			case op.OpLtJF:
				v, w := &ra[uint8(in>>8)], &ra[uint8(in>>16)]
				if v.P == intTag && w.P == intTag {
					if int64(v.N) >= int64(w.N) {
						ip = jump(ip, in)
					}
					continue
				}
				if v.P == floatTag && w.P == floatTag {
					if !(ffloat(v.N) < ffloat(w.N)) {
						ip = jump(ip, in)
					}
					continue
				}
			case op.OpLeJF:
				v, w := &ra[uint8(in>>8)], &ra[uint8(in>>16)]
				if v.P == intTag && w.P == intTag {
					if int64(v.N) > int64(w.N) {
						ip = jump(ip, in)
					}
					continue
				}
				if v.P == floatTag && w.P == floatTag {
					if !(ffloat(v.N) <= ffloat(w.N)) {
						ip = jump(ip, in)
					}
					continue
				}
			case op.OpGtJF:
				v, w := &ra[uint8(in>>8)], &ra[uint8(in>>16)]
				if v.P == intTag && w.P == intTag {
					if int64(v.N) <= int64(w.N) {
						ip = jump(ip, in)
					}
					continue
				}
				if v.P == floatTag && w.P == floatTag {
					if !(ffloat(v.N) > ffloat(w.N)) {
						ip = jump(ip, in)
					}
					continue
				}
			case op.OpGeJF:
				v, w := &ra[uint8(in>>8)], &ra[uint8(in>>16)]
				if v.P == intTag && w.P == intTag {
					if int64(v.N) < int64(w.N) {
						ip = jump(ip, in)
					}
					continue
				}
				if v.P == floatTag && w.P == floatTag {
					if !(ffloat(v.N) >= ffloat(w.N)) {
						ip = jump(ip, in)
					}
					continue
				}
			case op.OpEqJF:
				v, w := &ra[uint8(in>>8)], &ra[uint8(in>>16)]
				if v.P == w.P && (v.P == intTag || v.P == value.BoolTag()) {
					if v.N != w.N {
						ip = jump(ip, in)
					}
					continue
				}
			case op.OpNeJF:
				v, w := &ra[uint8(in>>8)], &ra[uint8(in>>16)]
				if v.P == w.P && (v.P == intTag || v.P == value.BoolTag()) {
					if v.N == w.N {
						ip = jump(ip, in)
					}
					continue
				}
			case op.OpLtIJF:
				v := &ra[uint8(in>>8)]
				if v.P == intTag {
					if int64(v.N) >= int64(int16(in>>16)) {
						ip = jump(ip, in)
					}
					continue
				}
			case op.OpLeIJF:
				v := &ra[uint8(in>>8)]
				if v.P == intTag {
					if int64(v.N) > int64(int16(in>>16)) {
						ip = jump(ip, in)
					}
					continue
				}
			case op.OpGtIJF:
				v := &ra[uint8(in>>8)]
				if v.P == intTag {
					if int64(v.N) <= int64(int16(in>>16)) {
						ip = jump(ip, in)
					}
					continue
				}
			case op.OpGeIJF:
				v := &ra[uint8(in>>8)]
				if v.P == intTag {
					if int64(v.N) < int64(int16(in>>16)) {
						ip = jump(ip, in)
					}
					continue
				}
			case op.OpEqIJF:
				v := &ra[uint8(in>>8)]
				if v.P == intTag {
					if int64(v.N) != int64(int16(in>>16)) {
						ip = jump(ip, in)
					}
					continue
				}
			case op.OpNeIJF:
				v := &ra[uint8(in>>8)]
				if v.P == intTag {
					if int64(v.N) == int64(int16(in>>16)) {
						ip = jump(ip, in)
					}
					continue
				}
			case op.OpEqKJF:
				v, w := &ra[uint8(in>>8)], kconst(fn, int32(uint16(in>>16)))
				if v.P == w.P {
					if v.P == floatTag {
						break
					}
					if v.N != w.N {
						ip = jump(ip, in)
					}
					continue
				}

			// Loops: a taken jump is a safepoint. What falls out of the
			// switch as OpLoop has jumped already.

			case op.OpLoop:
				ip = jump(ip, in)
				if !vm.due() {
					continue
				}
			case op.OpLoopT:
				if !ra[uint8(in>>8)].Truthy() {
					continue
				}
				ip = jump(ip, in)
				if !vm.due() {
					continue
				}
				in = op.Instr(op.OpLoop)
			case op.OpLtLoop:
				v, w := &ra[uint8(in>>8)], &ra[uint8(in>>16)]
				if v.P == intTag && w.P == intTag {
					if int64(v.N) >= int64(w.N) {
						continue
					}
				} else if v.P == floatTag && w.P == floatTag {
					if !(ffloat(v.N) < ffloat(w.N)) {
						continue
					}
				} else {
					break
				}
				ip = jump(ip, in)
				if !vm.due() {
					continue
				}
				in = op.Instr(op.OpLoop)
			case op.OpLeLoop:
				v, w := &ra[uint8(in>>8)], &ra[uint8(in>>16)]
				if v.P == intTag && w.P == intTag {
					if int64(v.N) > int64(w.N) {
						continue
					}
				} else if v.P == floatTag && w.P == floatTag {
					if !(ffloat(v.N) <= ffloat(w.N)) {
						continue
					}
				} else {
					break
				}
				ip = jump(ip, in)
				if !vm.due() {
					continue
				}
				in = op.Instr(op.OpLoop)
			case op.OpGtLoop:
				v, w := &ra[uint8(in>>8)], &ra[uint8(in>>16)]
				if v.P == intTag && w.P == intTag {
					if int64(v.N) <= int64(w.N) {
						continue
					}
				} else if v.P == floatTag && w.P == floatTag {
					if !(ffloat(v.N) > ffloat(w.N)) {
						continue
					}
				} else {
					break
				}
				ip = jump(ip, in)
				if !vm.due() {
					continue
				}
				in = op.Instr(op.OpLoop)
			case op.OpGeLoop:
				v, w := &ra[uint8(in>>8)], &ra[uint8(in>>16)]
				if v.P == intTag && w.P == intTag {
					if int64(v.N) < int64(w.N) {
						continue
					}
				} else if v.P == floatTag && w.P == floatTag {
					if !(ffloat(v.N) >= ffloat(w.N)) {
						continue
					}
				} else {
					break
				}
				ip = jump(ip, in)
				if !vm.due() {
					continue
				}
				in = op.Instr(op.OpLoop)
			case op.OpLtILoop:
				v := &ra[uint8(in>>8)]
				if v.P != intTag {
					break
				}
				if int64(v.N) >= int64(int16(in>>16)) {
					continue
				}
				ip = jump(ip, in)
				if !vm.due() {
					continue
				}
				in = op.Instr(op.OpLoop)
			case op.OpLeILoop:
				v := &ra[uint8(in>>8)]
				if v.P != intTag {
					break
				}
				if int64(v.N) > int64(int16(in>>16)) {
					continue
				}
				ip = jump(ip, in)
				if !vm.due() {
					continue
				}
				in = op.Instr(op.OpLoop)
			case op.OpGtILoop:
				v := &ra[uint8(in>>8)]
				if v.P != intTag {
					break
				}
				if int64(v.N) <= int64(int16(in>>16)) {
					continue
				}
				ip = jump(ip, in)
				if !vm.due() {
					continue
				}
				in = op.Instr(op.OpLoop)
			case op.OpGeILoop:
				v := &ra[uint8(in>>8)]
				if v.P != intTag {
					break
				}
				if int64(v.N) < int64(int16(in>>16)) {
					continue
				}
				ip = jump(ip, in)
				if !vm.due() {
					continue
				}
				in = op.Instr(op.OpLoop)

			// Iteration. A range's state is current, remaining and step, all
			// Ints; an array's is the array and the next index.

			case op.OpForNext:
				a := uint8(in >> 8)
				s, i, d := &ra[a], &ra[a+1], &ra[a+3]
				if s.P == intTag && uint8(in>>16) == 1 {
					if i.N == 0 {
						ip = unsafe.Add(ip, 8)
						continue
					}
					i.N--
					setInt(d, s.N)
					s.N += ra[a+2].N
				} else if s.P != nil && s.Kind() == value.KindArray && uint8(in>>16) == 1 {
					items := s.AsArray().Items
					if i.N >= uint64(len(items)) {
						ip = unsafe.Add(ip, 8)
						continue
					}
					*d = items[i.N]
					i.N++
				} else {
					break
				}
				ip = jump(ip, in)
				if !vm.due() {
					continue
				}
				in = op.Instr(op.OpLoop)
			case op.OpRepNext:
				d := &ra[uint8(in>>8)]
				d.N--
				if int64(d.N) <= 0 {
					continue
				}
				ip = jump(ip, in)
				if !vm.due() {
					continue
				}
				in = op.Instr(op.OpLoop)

			// Calls.

			case op.OpCallCell:
				p := kconst(fn, int32(in>>32)).AsCell().V.P
				if p == nil || !takes(p, int(uint8(in>>16))) {
					break
				}
				f := (*Function)(p)
				nra := (*window)(unsafe.Pointer(&ra[uint8(in>>8)]))
				if uintptr(unsafe.Pointer(nra))+f.need() > vm.regLimit ||
					uintptr(unsafe.Pointer(fp)) >= vm.frameLimit {
					break
				}
				if vm.due() {
					break
				}
				fp.ip = ip
				fp = (*frame)(unsafe.Add(unsafe.Pointer(fp), frameSize))
				fp.ra, fp.fn = nra, f
				ra, fn, ip = nra, f, f.entry
				continue
			case op.OpCall:
				p := ra[uint8(in>>16)].P
				if p == nil || !takes(p, int(uint8(in>>24))) {
					break
				}
				f := (*Function)(p)
				nra := (*window)(unsafe.Pointer(&ra[uint8(in>>8)]))
				if uintptr(unsafe.Pointer(nra))+f.need() > vm.regLimit ||
					uintptr(unsafe.Pointer(fp)) >= vm.frameLimit {
					break
				}
				if vm.due() {
					break
				}
				fp.ip = ip
				fp = (*frame)(unsafe.Add(unsafe.Pointer(fp), frameSize))
				fp.ra, fp.fn = nra, f
				ra, fn, ip = nra, f, f.entry
				continue
			case op.OpCallM:
				nra := (*window)(unsafe.Pointer(&ra[uint8(in>>8)]))
				site := (*op.Site)(kconst(fn, int32(in>>32)).P)
				if k := nra[0].Kind(); k != value.KindInstance {
					if k != value.KindArray || site.Class != vm.arrayClass || site.Epoch != vm.epoch {
						break
					}
					// The methods of arrays that loops are made of.
					arr := nra[0].AsArray()
					n := uint64(len(arr.Items))
					switch site.Slot {
					case fastSize:
						nra[0] = value.Value{P: intTag, N: n}
						continue
					case fastGet:
						if nra[1].P == intTag && nra[1].N < n {
							nra[0] = arr.Items[nra[1].N]
							continue
						}
					case fastSet:
						if nra[1].P == intTag && nra[1].N < n && arr.Flags == 0 {
							arr.Items[nra[1].N] = nra[2]
							continue
						}
					case fastAdd, fastPush:
						if n < uint64(cap(arr.Items)) && arr.Flags == 0 {
							arr.Items = arr.Items[:n+1]
							arr.Items[n] = nra[1]
							if site.Slot == fastPush {
								nra[0] = value.Value{P: intTag, N: n + 1}
							}
							continue
						}
					}
					break
				}
				if nra[0].AsInstance().Shape.Class != site.Class || site.Epoch != vm.epoch ||
					!takes(site.Target, int(uint8(in>>16))) {
					break
				}
				f := (*Function)(site.Target)
				if uintptr(unsafe.Pointer(nra))+f.need() > vm.regLimit ||
					uintptr(unsafe.Pointer(fp)) >= vm.frameLimit {
					break
				}
				if vm.due() {
					break
				}
				fp.ip = ip
				fp = (*frame)(unsafe.Add(unsafe.Pointer(fp), frameSize))
				fp.ra, fp.fn = nra, f
				ra, fn, ip = nra, f, f.entry
				continue
			case op.OpTailCallCell:
				p := kconst(fn, int32(in>>32)).AsCell().V.P
				n := uint8(in >> 16)
				if p == nil || !takes(p, int(n)) {
					break
				}
				f := (*Function)(p)
				if uintptr(unsafe.Pointer(ra))+f.need() > vm.regLimit {
					break
				}
				if vm.due() {
					break
				}
				a := uint8(in >> 8)
				for i := uint8(0); i < n; i++ {
					v, d := &ra[a+i], &ra[i]
					move(d, v)
				}
				fp.fn = f
				fn, ip = f, f.entry
				continue
			case op.OpRet:
				v, d := &ra[uint8(in>>8)], &ra[0]
				move(d, v)
				fp = (*frame)(unsafe.Add(unsafe.Pointer(fp), -int(frameSize)))
				ip, ra, fn = fp.ip, fp.ra, fp.fn
				continue
			case op.OpRetNil:
				ra[0] = value.Value{P: value.NilTag()}
				fp = (*frame)(unsafe.Add(unsafe.Pointer(fp), -int(frameSize)))
				ip, ra, fn = fp.ip, fp.ra, fp.fn
				continue

			// Members.

			case op.OpGetMember:
				v := &ra[uint8(in>>16)]
				site := (*op.Site)(kconst(fn, int32(in>>32)).P)
				if v.P == nil {
					break
				}
				if v.Kind() != value.KindInstance {
					if v.P != site.Owner || site.Epoch != v.Header().Aux {
						break
					}
					c := &(*value.Cell)(site.Target).V
					if c.P == nil {
						break
					}
					ra[uint8(in>>8)] = *c
					continue
				}
				i := v.AsInstance()
				if i.Shape != site.Shape {
					break
				}
				s := (*value.Value)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(i.Slots)), uintptr(site.Slot)*valueSize))
				d := &ra[uint8(in>>8)]
				move(d, s)
				continue
			case op.OpSetMember:
				v := &ra[uint8(in>>8)]
				if v.Kind() != value.KindInstance {
					break
				}
				i, site := v.AsInstance(), (*op.Site)(kconst(fn, int32(in>>32)).P)
				if i.Shape != site.Shape {
					break
				}
				w := &ra[uint8(in>>16)]
				if site.Next != nil {
					if len(i.Slots) == cap(i.Slots) {
						break
					}
					i.Slots = i.Slots[:len(i.Slots)+1]
					i.Shape = site.Next
				}
				s := (*value.Value)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(i.Slots)), uintptr(site.Slot)*valueSize))
				move(s, w)
				continue
			case op.OpGetMemberV:
				v, w := &ra[uint8(in>>16)], &ra[uint8(in>>24)]
				if v.Kind() != value.KindArray || w.P != intTag {
					break
				}
				items := v.AsArray().Items
				if w.N >= uint64(len(items)) {
					break
				}
				s, d := &items[w.N], &ra[uint8(in>>8)]
				move(d, s)
				continue
			case op.OpGetMemberImplicit:
				v, w := &ra[uint8(in>>16)], &ra[uint8(in>>24)]
				if v.Kind() != value.KindArray || w.P != intTag {
					break
				}
				items := v.AsArray().Items
				if w.N >= uint64(len(items)) {
					break
				}
				s, d := &items[w.N], &ra[uint8(in>>8)]
				move(d, s)
				continue
			case op.OpGetMemberI:
				v := &ra[uint8(in>>16)]
				if v.Kind() != value.KindArray {
					break
				}
				items := v.AsArray().Items
				i := uint64(int64(int32(in >> 32)))
				if i >= uint64(len(items)) {
					break
				}
				s, d := &items[i], &ra[uint8(in>>8)]
				move(d, s)
				continue
			case op.OpSetMemberV:
				v, w := &ra[uint8(in>>8)], &ra[uint8(in>>16)]
				if v.Kind() != value.KindArray || w.P != intTag || v.Header().Flags != 0 {
					break
				}
				items := v.AsArray().Items
				if w.N >= uint64(len(items)) {
					break
				}
				s, d := &ra[uint8(in>>24)], &items[w.N]
				move(d, s)
				continue
			}
			fp.ip = ip
			vm.fp = fp
			vm.slow(in)
			break
		}
	}
}

// The helpers of the loop are all inlined; they name what a case does.

// move copies a value. The pointer word is stored only when it changes, which
// skips the write barrier.
func move(d, v *value.Value) {
	d.N = v.N
	if d.P != v.P {
		d.P = v.P
	}
}

func setInt(d *value.Value, n uint64) {
	d.N = n
	if tag := value.IntTag(); d.P != tag {
		d.P = tag
	}
}

func setFloat(d *value.Value, f float64) {
	d.N = fbits(f)
	if tag := value.FloatTag(); d.P != tag {
		d.P = tag
	}
}

// jump gives the instruction that a jump leads to.
func jump(ip unsafe.Pointer, in op.Instr) unsafe.Pointer {
	return unsafe.Add(ip, int(int32(in>>32))*8)
}
