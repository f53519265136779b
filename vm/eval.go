package vm

import (
	"gene/compiler"
	"gene/value"
)

func (vm *VM) compileOptions() compiler.Options {
	return compiler.Options{Contracts: !vm.opts.NoContracts, TypeCheck: !vm.opts.NoTypeCheck, StrictNil: vm.opts.StrictNil, REPL: vm.opts.Inspect}
}

// evalIn is the instruction: run the form in an environment. Code made at run
// time is compiled as a function whose captured variables are the
// environment's cells, so it sees and assigns them.
func (vm *VM) evalIn(f *frame, a int, envV, form value.Value) error {
	if envV.Kind() != value.KindInternal {
		return vm.Raise(vm.Errors.Exception, CodeRuntime, "$caller_eval can only be used within macros or macro-like functions")
	}
	if isData(form) {
		f.ra[a] = form
		return nil
	}
	e := (*env)(envV.P)
	p, err := compiler.CompileEval(form, e.scope, vm.compileOptions())
	if err != nil {
		return err
	}
	return vm.callCode(e.function(p), f.sub(a), 0, nil)
}

// renderIn is the instruction: the template with its unquotes evaluated.
func (vm *VM) renderIn(f *frame, a int, envV, template value.Value) error {
	e := (*env)(envV.P)
	p, err := compiler.CompileRender(template, e.scope, vm.compileOptions())
	if err != nil {
		return err
	}
	return vm.callCode(e.function(p), f.sub(a), 0, nil)
}

// isData tells whether evaluating v gives v itself.
func isData(v value.Value) bool {
	switch v.Kind() {
	case value.KindSymbol, value.KindPath, value.KindGene, value.KindArray, value.KindMap, value.KindUnquote:
		return false
	}
	return true
}

// function makes a function of code compiled against the environment's scope.
func (e *env) function(p *compiler.Proto) *Function {
	fn := newFunction(p)
	for i := range p.Upvals { // in the order of the scope
		*fn.up(i) = e.cells[i]
	}
	fn.home = e.home
	return fn
}

// callMacro calls R[a] with arguments as they were read and the caller's
// environment R[a+1].
func (vm *VM) callMacro(s *compiler.MacroSite, f *frame, a int) error {
	fn, envV := f.ra[a], f.ra[a+1]
	args := copyLiterals(s.Args)
	var kw *value.Map
	if s.Kw != nil {
		kw = copyMap(s.Kw)
	}
	if !isCode(fn) || asFunction(fn).Proto.Flags&compiler.FlagMacro == 0 {
		return vm.callArgs(fn, f.sub(a), args, kw)
	}
	depth := vm.frameIndex(vm.fp)
	if err := vm.callArgs(fn, f.sub(a), args, kw); err != nil {
		return err
	}
	callee := &vm.st.frames[depth+1]
	callee.ra[callee.fn.Proto.EnvReg] = envV
	return nil
}
