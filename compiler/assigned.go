package compiler

// regSet is a set of registers.
type regSet [4]uint64

func (s *regSet) has(r int) bool { return s[r>>6]&(1<<(r&63)) != 0 }

func (s *regSet) add(from, n int) {
	for r := from; r < from+n; r++ {
		s[r>>6] |= 1 << (r & 63)
	}
}

// drop removes all registers from a number on.
func (s *regSet) drop(from int) {
	for r := from; r < 256; r++ {
		s[r>>6] &^= 1 << (r & 63)
	}
}

// meet keeps what is in both sets and tells whether s changed.
func (s *regSet) meet(o *regSet) bool {
	old := *s
	for i := range s {
		s[i] &= o[i]
	}
	return *s != old
}

// flow is the search for registers that are certainly written, forwards
// through the code until nothing changes any more.
type flow struct {
	p       *Proto
	before  []regSet // at each instruction
	reached []bool
	todo    []int
}

// assignment checks that no instruction reads a register that may not have
// been written: because no path to it does, or because a call in between has
// used the register for its own frame.
func (v *verifier) assignment() {
	f := &flow{p: v.p, before: make([]regSet, len(v.p.Code)), reached: make([]bool, len(v.p.Code))}
	f.run()
	for pc, i := range v.p.Code {
		if !f.reached[pc] {
			continue
		}
		for _, s := range effectsOf(v.p, i).reads {
			for r := s.from; r < s.from+s.n; r++ {
				if !f.before[pc].has(r) {
					v.pc = pc
					v.fail("reads register %d, which may hold nothing of this frame", r)
					return
				}
			}
		}
	}
}

func (f *flow) run() {
	var entry regSet
	params := paramSpan(f.p)
	entry.add(params.from, params.n)
	if f.p.Flags&FlagMacro != 0 {
		entry.add(f.p.EnvReg, 1)
	}
	f.arrive(0, entry)
	for len(f.todo) > 0 {
		pc := f.todo[len(f.todo)-1]
		f.todo = f.todo[:len(f.todo)-1]
		f.step(pc)
	}
}

// arrive notes that a path with the set s leads to pc.
func (f *flow) arrive(pc int, s regSet) {
	if pc >= len(f.before) {
		return
	}
	if !f.reached[pc] {
		f.reached[pc] = true
		f.before[pc] = s
	} else if !f.before[pc].meet(&s) {
		return
	}
	f.todo = append(f.todo, pc)
}

// step follows all ways out of an instruction.
func (f *flow) step(pc int) {
	i := f.p.Code[pc]
	op := i.Op()
	e := effectsOf(f.p, i)
	s := f.before[pc]
	if e.clobbers >= 0 {
		s.drop(e.clobbers)
	}
	if Ops[op].May != 0 && op != OpJmp {
		f.thrown(pc, s)
	}
	for _, w := range e.writes {
		s.add(w.from, w.n)
	}
	target := pc + 1 + int(i.D())
	switch {
	case op == OpForNext:
		f.arrive(pc+1, with(s, i.A()+3, 1))
		f.arrive(pc+2, s)
		f.arrive(target, with(s, i.A()+3, i.B()))
		return
	case op == OpVariant:
		f.arrive(pc+1, with(s, i.A()+1, i.C()))
		f.arrive(target, s)
		return
	case Ops[op].Operands[3] == 'j':
		f.arrive(target, s)
	}
	if !ends(op) {
		f.arrive(pc+1, s)
	}
}

func with(s regSet, from, n int) regSet {
	s.add(from, n)
	return s
}

// thrown follows an exception to its handler.
func (f *flow) thrown(pc int, s regSet) {
	for _, h := range f.p.Handlers {
		if int(h.Start) <= pc && pc < int(h.End) {
			f.arrive(int(h.Target), with(s, int(h.Reg), 1))
			return
		}
	}
}
