package vm

import (
	"fmt"
	"unsafe"

	"gene/compiler"
	"gene/value"
)

// bind spreads n positional arguments, which stand at[base:], and keywords over
// the parameters' registers by the rules of 4.2. Missing optionals stay unset.
func (vm *VM) bind(p *compiler.Proto, at *window, base, n int, kw *value.Map) error {
	var few [16]value.Value
	args := append(few[:0], unsafe.Slice(&at[base], max(n, 0))...)
	if n < 0 {
		return vm.Raise(vm.Errors.Exception, CodeArguments, "Expected 1 arguments, got 0")
	}
	ignore := p.Flags&compiler.FlagIgnoreExtra != 0
	// A method's counts include self, a constructor's do not.
	extra := base
	if p.Flags&compiler.FlagCtor != 0 {
		extra = 0
	}
	msg := spreadParams(p.Params, unsafe.Slice(&at[base], len(p.Params)), args, kw, ignore, extra)
	if msg != "" {
		return vm.Raise(vm.Errors.Exception, CodeArguments, "%s", msg)
	}
	return nil
}

// spreadParams puts positional and keyword parts into slots, one per
// parameter. It gives the message of what does not fit, or "". The counts in
// messages are raised by extra.
func spreadParams(params []compiler.Param, slots, args []value.Value, kw *value.Map, ignore bool, extra int) string {
	required, rest := 0, false
	most := 0
	for i := range params {
		switch params[i].Kind {
		case compiler.ParamRequired:
			required++
			most++
		case compiler.ParamOptional:
			most++
		case compiler.ParamRest:
			rest = true
		}
	}
	if len(args) > most && !rest && !ignore {
		return fmt.Sprintf("Expected %d arguments, got %d", most+extra, len(args)+extra)
	}
	spare := len(args) - required // for optionals, then the rest
	if spare < 0 {
		return fmt.Sprintf("Expected %d arguments, got %d", missingAt(params, len(args))+extra, len(args)+extra)
	}
	optionals := most - required
	next := 0
	for i := range params {
		switch params[i].Kind {
		case compiler.ParamRequired:
			slots[i] = args[next]
			next++
		case compiler.ParamOptional:
			optionals--
			if spare > 0 {
				slots[i] = args[next]
				next++
				spare--
			} else {
				slots[i] = value.Value{}
			}
		case compiler.ParamRest:
			take := max(spare-optionals, 0)
			slots[i] = newArray(args[next : next+take])
			next += take
			spare -= take
		}
	}
	return spreadKeywords(params, slots, kw)
}

// missingAt is the position of the first required parameter that n arguments
// leave unfilled.
func missingAt(params []compiler.Param, n int) int {
	pos := 0
	for i := range params {
		if params[i].Kind == compiler.ParamRequired {
			pos++
			if pos > n {
				return pos
			}
		}
	}
	return pos
}

func spreadKeywords(params []compiler.Param, slots []value.Value, kw *value.Map) string {
	claimed := 0
	restAt := -1
	for i := range params {
		switch params[i].Kind {
		case compiler.ParamKw, compiler.ParamKwOptional:
			v, ok := kw.Get(params[i].Name)
			switch {
			case ok:
				slots[i] = v
				claimed++
			case params[i].Kind == compiler.ParamKw:
				return "Missing keyword argument: " + params[i].Name.Name
			default:
				slots[i] = value.Value{}
			}
		case compiler.ParamKwRest:
			restAt = i
		}
	}
	if restAt < 0 && claimed == kw.Len() {
		return ""
	}
	rest := value.NewMap(0)
	for _, e := range kw.Entries() {
		if e.Key == nil || claims(params, e.Key) {
			continue
		}
		if restAt < 0 {
			return "Unexpected keyword argument: " + e.Key.Name
		}
		rest.Set(e.Key, e.Val)
	}
	slots[restAt] = rest.Value()
	return ""
}

func claims(params []compiler.Param, key *value.Symbol) bool {
	for i := range params {
		k := params[i].Kind
		if (k == compiler.ParamKw || k == compiler.ParamKwOptional) && params[i].Name == key {
			return true
		}
	}
	return false
}

// unpack destructures v by a pattern into registers from a.
func (vm *VM) unpack(p *compiler.Pattern, v value.Value, f *frame, a int) error {
	args := []value.Value{v}
	var kw *value.Map
	switch v.Kind() {
	case value.KindArray:
		args = append([]value.Value(nil), v.AsArray().Items...)
	case value.KindGene:
		args = append([]value.Value(nil), v.AsGene().Children...)
		kw = v.AsGene().Props
	case value.KindMap:
		args, kw = nil, v.AsMap()
	}
	if msg := spreadParams(p.Params, f.args(a, len(p.Params)), args, kw, false, 0); msg != "" {
		return vm.Raise(vm.Errors.Exception, CodeArguments, "Destructuring pattern mismatch: %s", msg)
	}
	return nil
}
