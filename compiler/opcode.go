package compiler

// Instr is one instruction: opcode, three register operands and a signed
// 32-bit operand.
//
//	bits 0–7   8–15  16–23  24–31  32–63
//	opcode      a      b      c      d
//
// Registers are numbered from the frame's window, R[0] … R[255]. K[n] is a
// constant of the function. Jumps are relative to the next instruction. The
// fused comparisons with a small integer keep it in b and c (16 bits, signed).
type Instr uint64

// Op is an opcode.
type Op uint8

// May says what executing an opcode can do besides its effect; the verifier
// and the interpreter rely on it.
type May uint8

// What an instruction may do.
const (
	MayThrow May = 1 << iota // raise an exception: its pc must be in the line table
	MayCall                  // push a frame: the call window must lie above all live registers
	MayPark                  // suspend the task
	MayJump                  // go elsewhere than to the next instruction
)

// Operand letters of the table: a A window or register written, r register
// read, w register written, k constant, i immediate in d, s 16-bit immediate
// in b and c, n a count, j jump in d, - unused. One letter each for a, b, c, d.

// OpInfo is one row of the opcode table.
type OpInfo struct {
	Name     string
	Operands string // four letters, for a, b, c, d
	Does     string
	May      May
}

// The opcodes. The table below gives operands and meaning; order matters only
// to keep related ones together.
const (
	OpInvalid Op = iota

	// Moving values.
	OpMove
	OpLoadK
	OpCopyK
	OpLoadInt
	OpLoadNil
	OpLoadVoid
	OpLoadBool
	OpNewBox
	OpGetBox
	OpSetBox
	OpGetUp
	OpGetUpBox
	OpSetUpBox
	OpGetFn
	OpGetCell
	OpSetCell
	OpDefCell
	OpClear
	OpPeekCell

	// Arithmetic and logic.
	OpAdd
	OpSub
	OpMul
	OpDiv
	OpMod
	OpPow
	OpAddI
	OpSubI
	OpMulI
	OpModI
	OpAddK
	OpSubK
	OpMulK
	OpDivK
	OpNeg
	OpShl
	OpShr
	OpConcat
	OpLt
	OpLe
	OpGt
	OpGe
	OpEq
	OpNe
	OpIs
	OpNot
	OpAnd
	OpOr
	OpXor

	// Jumps.
	OpJmp
	OpJmpF
	OpJmpT
	OpJmpOr
	OpJmpSet
	OpJmpNotVoid
	OpLtJF
	OpLeJF
	OpGtJF
	OpGeJF
	OpEqJF
	OpNeJF
	OpLtIJF
	OpLeIJF
	OpGtIJF
	OpGeIJF
	OpEqIJF
	OpNeIJF
	OpEqKJF
	OpLoop
	OpLoopT
	OpLtLoop
	OpLeLoop
	OpGtLoop
	OpGeLoop
	OpLtILoop
	OpLeILoop
	OpGtILoop
	OpGeILoop

	// Iteration.
	OpForIter
	OpForPrep
	OpForRange
	OpForNext
	OpForCheck
	OpRepPrep
	OpRepNext

	// Calls.
	OpCall
	OpCallCell
	OpCallM
	OpCallKw
	OpCallMKw
	OpCallV
	OpCallMV
	OpCallDyn
	OpCallSuper
	OpTailCall
	OpTailCallCell
	OpTailCallM
	OpNew
	OpNewKw
	OpNewV
	OpRet
	OpRetNil
	OpClosure
	OpMakeEnv
	OpCallMacro
	OpEval
	OpRender
	OpIntrinsic

	// Making values.
	OpNewArray
	OpArrayPush
	OpArraySpread
	OpNewMap
	OpMapSpread
	OpMapSet
	OpNewHashMap
	OpNewGene
	OpSeal
	OpText
	OpRange
	OpUnpack

	// Members.
	OpGetMember
	OpGetMemberI
	OpGetMemberV
	OpGetMemberImplicit
	OpSetMember
	OpSetMemberI
	OpSetMemberV
	OpAssertMember

	// Types and patterns.
	OpTypeCheck
	OpVariant

	// Errors, tasks, generators.
	OpThrow
	OpRethrow
	OpCatchIs
	OpGetEx
	OpSetEx
	OpAsync
	OpAwait
	OpAwaitAll
	OpYield

	// Only made by the VM.
	OpNativeCont
	OpHalt

	NumOps
)

// Ops is the table of all opcodes.
var Ops = [NumOps]OpInfo{
	OpInvalid: {"invalid", "----", "never emitted", 0},

	OpMove:     {"move", "wr--", "R[a] = R[b]", 0},
	OpLoadK:    {"loadk", "w--k", "R[a] = K[d]", 0},
	OpCopyK:    {"copyk", "w--k", "R[a] = deep copy of the mutable literal K[d]", 0},
	OpLoadInt:  {"loadint", "w--i", "R[a] = Int d", 0},
	OpLoadNil:  {"loadnil", "w---", "R[a] = nil", 0},
	OpLoadVoid: {"loadvoid", "w---", "R[a] = void", 0},
	OpLoadBool: {"loadbool", "wn--", "R[a] = b != 0", 0},
	OpNewBox:   {"newbox", "w---", "R[a] = new cell holding R[a]", 0},
	OpGetBox:   {"getbox", "wr--", "R[a] = content of the cell R[b]", MayThrow},
	OpSetBox:   {"setbox", "rr--", "content of the cell R[a] = R[b]", 0},
	OpGetUp:    {"getup", "wn--", "R[a] = upvalue b", 0},
	OpGetUpBox: {"getupbox", "wn--", "R[a] = content of the cell in upvalue b", MayThrow},
	OpSetUpBox: {"setupbox", "nr--", "content of the cell in upvalue a = R[b]", 0},
	OpGetFn:    {"getfn", "w---", "R[a] = the running function", 0},
	OpGetCell:  {"getcell", "w--k", "R[a] = content of the cell K[d]; unset: a built-in of its name, else 'x is not defined'", MayThrow},
	OpSetCell:  {"setcell", "r--k", "content of the cell K[d] = R[a]", 0},
	OpDefCell:  {"defcell", "r--k", "as setcell, for a definition", 0},
	OpClear:    {"clear", "w---", "R[a] = unset", 0},
	OpPeekCell: {"peekcell", "w--k", "R[a] = content of the cell K[d], unset when its var has not run", 0},

	OpAdd:    {"add", "wrr-", "R[a] = R[b] + R[c]", MayThrow},
	OpSub:    {"sub", "wrr-", "R[a] = R[b] - R[c]", MayThrow},
	OpMul:    {"mul", "wrr-", "R[a] = R[b] * R[c]", MayThrow},
	OpDiv:    {"div", "wrr-", "R[a] = R[b] / R[c]", MayThrow},
	OpMod:    {"mod", "wrr-", "R[a] = R[b] % R[c]", MayThrow},
	OpPow:    {"pow", "wrr-", "R[a] = R[b] ** R[c]", MayThrow},
	OpAddI:   {"addi", "wr-i", "R[a] = R[b] + d", MayThrow},
	OpSubI:   {"subi", "wr-i", "R[a] = R[b] - d", MayThrow},
	OpMulI:   {"muli", "wr-i", "R[a] = R[b] * d", MayThrow},
	OpModI:   {"modi", "wr-i", "R[a] = R[b] % d; d != 0", MayThrow},
	OpAddK:   {"addk", "wrnk", "R[a] = R[b] + K[d]; c != 0: K[d] stood on the left", MayThrow},
	OpSubK:   {"subk", "wr-k", "R[a] = R[b] - K[d]", MayThrow},
	OpMulK:   {"mulk", "wrnk", "R[a] = R[b] * K[d]; c != 0: K[d] stood on the left", MayThrow},
	OpDivK:   {"divk", "wr-k", "R[a] = R[b] / K[d]", MayThrow},
	OpNeg:    {"neg", "wr--", "R[a] = -R[b]", MayThrow},
	OpShl:    {"shl", "wrr-", "R[a] = R[b] << R[c]", MayThrow},
	OpShr:    {"shr", "wrr-", "R[a] = R[b] >> R[c]", MayThrow},
	OpConcat: {"concat", "wrr-", "R[a] = R[b] ++ R[c]", MayThrow},
	OpLt:     {"lt", "wrr-", "R[a] = R[b] < R[c]", MayThrow},
	OpLe:     {"le", "wrr-", "R[a] = R[b] <= R[c]", MayThrow},
	OpGt:     {"gt", "wrr-", "R[a] = R[b] > R[c]", MayThrow},
	OpGe:     {"ge", "wrr-", "R[a] = R[b] >= R[c]", MayThrow},
	OpEq:     {"eq", "wrr-", "R[a] = R[b] == R[c]; an instance's own == is called in a window above all registers", MayThrow | MayCall},
	OpNe:     {"ne", "wrr-", "R[a] = R[b] != R[c]", MayThrow | MayCall},
	OpIs:     {"is", "wrr-", "R[a] = R[b] is R[c]", MayThrow},
	OpNot:    {"not", "wr--", "R[a] = ! R[b] (bitwise on Int and Bytes)", 0},
	OpAnd:    {"and", "wrr-", "R[a] = R[b] && R[c], R[b] being true: bitwise on Ints or Bytes, else R[c]", MayThrow},
	OpOr:     {"or", "wrr-", "R[a] = R[b] || R[c]: bitwise on Ints or Bytes, else the first true one", MayThrow},
	OpXor:    {"xor", "wrr-", "R[a] = R[b] &|& R[c]", MayThrow},

	OpJmp:        {"jmp", "---j", "pc += d; forwards only", MayJump},
	OpJmpF:       {"jmpf", "r--j", "if R[a] is false, nil or void: pc += d", MayJump},
	OpJmpT:       {"jmpt", "r--j", "if R[a] is true: pc += d", MayJump},
	OpJmpOr:      {"jmpor", "r--j", "if R[a] is true and neither Int nor Bytes: pc += d", MayJump},
	OpJmpSet:     {"jmpset", "r--j", "if R[a] is set: pc += d", MayJump},
	OpJmpNotVoid: {"jmpnotvoid", "r--j", "if R[a] is not void: pc += d", MayJump},
	OpLtJF:       {"ltjf", "rr-j", "if not R[a] < R[b]: pc += d", MayThrow | MayJump},
	OpLeJF:       {"lejf", "rr-j", "if not R[a] <= R[b]: pc += d", MayThrow | MayJump},
	OpGtJF:       {"gtjf", "rr-j", "if not R[a] > R[b]: pc += d", MayThrow | MayJump},
	OpGeJF:       {"gejf", "rr-j", "if not R[a] >= R[b]: pc += d", MayThrow | MayJump},
	OpEqJF:       {"eqjf", "rr-j", "if not R[a] == R[b]: pc += d", MayThrow | MayCall | MayJump},
	OpNeJF:       {"nejf", "rr-j", "if not R[a] != R[b]: pc += d", MayThrow | MayCall | MayJump},
	OpLtIJF:      {"ltijf", "rs-j", "if not R[a] < s: pc += d", MayThrow | MayJump},
	OpLeIJF:      {"leijf", "rs-j", "if not R[a] <= s: pc += d", MayThrow | MayJump},
	OpGtIJF:      {"gtijf", "rs-j", "if not R[a] > s: pc += d", MayThrow | MayJump},
	OpGeIJF:      {"geijf", "rs-j", "if not R[a] >= s: pc += d", MayThrow | MayJump},
	OpEqIJF:      {"eqijf", "rs-j", "if not R[a] == s: pc += d", MayThrow | MayCall | MayJump},
	OpNeIJF:      {"neijf", "rs-j", "if not R[a] != s: pc += d", MayThrow | MayCall | MayJump},
	OpEqKJF:      {"eqkjf", "rkkj", "if not R[a] == K[b + 256*c], a constant: pc += d", MayThrow | MayCall | MayJump},
	OpLoop:       {"loop", "---j", "safepoint; pc += d, backwards", MayCall | MayJump},
	OpLoopT:      {"loopt", "r--j", "if R[a] is true: safepoint, pc += d", MayCall | MayJump},
	OpLtLoop:     {"ltloop", "rr-j", "if R[a] < R[b]: safepoint, pc += d", MayThrow | MayCall | MayJump},
	OpLeLoop:     {"leloop", "rr-j", "if R[a] <= R[b]: safepoint, pc += d", MayThrow | MayCall | MayJump},
	OpGtLoop:     {"gtloop", "rr-j", "if R[a] > R[b]: safepoint, pc += d", MayThrow | MayCall | MayJump},
	OpGeLoop:     {"geloop", "rr-j", "if R[a] >= R[b]: safepoint, pc += d", MayThrow | MayCall | MayJump},
	OpLtILoop:    {"ltiloop", "rs-j", "if R[a] < s: safepoint, pc += d", MayThrow | MayCall | MayJump},
	OpLeILoop:    {"leiloop", "rs-j", "if R[a] <= s: safepoint, pc += d", MayThrow | MayCall | MayJump},
	OpGtILoop:    {"gtiloop", "rs-j", "if R[a] > s: safepoint, pc += d", MayThrow | MayCall | MayJump},
	OpGeILoop:    {"geiloop", "rs-j", "if R[a] >= s: safepoint, pc += d", MayThrow | MayCall | MayJump},

	OpForIter:  {"foriter", "ar--", "R[a] = R[b], or what its iter method gives when it is an instance", MayThrow | MayCall},
	OpForPrep:  {"forprep", "an--", "turn the collection R[a] into loop state R[a..a+2]; b: number of targets", MayThrow},
	OpForRange: {"forrange", "wrr-", "R[a..a+2] = loop state over the Ints R[b] .. R[c], for one target", MayThrow},
	OpForNext:  {"fornext", "an-j", "next of the loop state R[a..a+2] into R[a+3] (b=1) or key and value into R[a+3..a+4] (b=2), safepoint, pc += d (backwards); at the end skip the forcheck that follows", MayThrow | MayCall | MayJump},
	OpForCheck: {"forcheck", "an-j", "after a called next put its result into R[a+3]: unless it is not_found, split a pair when b=2, pc += d (backwards)", MayThrow | MayJump},
	OpRepPrep:  {"repprep", "w--j", "R[a] is the count of a repeat: Int or throw; if < 1: pc += d", MayThrow | MayJump},
	OpRepNext:  {"repnext", "w--j", "R[a] -= 1; if > 0: safepoint, pc += d (backwards)", MayCall | MayJump},

	OpCall:         {"call", "arn-", "R[a] = call R[b] with R[a..a+c-1]", MayThrow | MayCall},
	OpCallCell:     {"callcell", "an-k", "R[a] = call the content of the cell K[d] with R[a..a+b-1]; may set pc to the callee", MayThrow | MayCall},
	OpCallM:        {"callm", "an-k", "R[a] = call the method of site K[d] on R[a] with R[a+1..a+b]", MayThrow | MayCall},
	OpCallKw:       {"callkw", "an-k", "R[a] = call R[a] with positionals R[a+1..a+b] and the keywords of site K[d] in R[a+b+1..]", MayThrow | MayCall},
	OpCallMKw:      {"callmkw", "an-k", "as callm; the keywords of site K[d] stand in R[a+b+1..]", MayThrow | MayCall},
	OpCallV:        {"callv", "a---", "R[a] = call R[a] with the positionals of the array R[a+1] and the keywords of R[a+2] (map or nil)", MayThrow | MayCall},
	OpCallMV:       {"callmv", "a--k", "R[a] = call the method of site K[d] on R[a] with the array R[a+1] and the keywords of R[a+2] (map or nil)", MayThrow | MayCall},
	OpCallDyn:      {"calldyn", "a---", "as callmv; R[a+3] holds the method's name (String or Symbol)", MayThrow | MayCall},
	OpCallSuper:    {"callsuper", "a--k", "as callmv on the parent of the class that defines the running method; site name ctor: its constructor", MayThrow | MayCall},
	OpTailCall:     {"tailcall", "arn-", "return call R[b] with R[a..a+c-1], reusing the frame", MayThrow | MayCall},
	OpTailCallCell: {"tailcallcell", "an-k", "return call of the cell K[d] with R[a..a+b-1], reusing the frame", MayThrow | MayCall},
	OpTailCallM:    {"tailcallm", "an-k", "return callm, reusing the frame", MayThrow | MayCall},
	OpNew:          {"new", "an--", "R[a] = new instance of the class R[a], constructed with R[a+1..a+b]", MayThrow | MayCall},
	OpNewKw:        {"newkw", "an-k", "as new; the keywords of site K[d] stand in R[a+b+1..]", MayThrow | MayCall},
	OpNewV:         {"newv", "a---", "as new, with the array R[a+1] and the keywords of R[a+2] (map or nil)", MayThrow | MayCall},
	OpRet:          {"ret", "r---", "return R[a]", MayJump},
	OpRetNil:       {"retnil", "----", "return nil", MayJump},
	OpClosure:      {"closure", "w--k", "R[a] = function of the proto K[d], its upvalues captured as the proto says", 0},
	OpMakeEnv:      {"makeenv", "w--k", "R[a] = environment of the scope K[d]: the cells of all visible variables", 0},
	OpCallMacro:    {"callmacro", "a--k", "R[a] = call R[a] as a macro with the unevaluated arguments of K[d] (*MacroSite) and the environment R[a+1]", MayThrow | MayCall},
	OpEval:         {"eval", "arr-", "R[a] = compile and run the form R[c] in the environment R[b] (nil: error of $caller_eval)", MayThrow | MayCall},
	OpRender:       {"render", "arr-", "R[a] = the template R[c] with its unquotes evaluated in the environment R[b]", MayThrow | MayCall},
	OpIntrinsic:    {"intrinsic", "an-i", "R[a] = intrinsic d with R[a..a+b-1]", MayThrow | MayCall},

	OpNewArray:    {"newarray", "wrn-", "R[a] = array of R[b..b+c-1]", 0},
	OpArrayPush:   {"arraypush", "rrn-", "append R[b..b+c-1] to the array R[a]", 0},
	OpArraySpread: {"arrayspread", "rr--", "append the elements of R[b] (array, nil) to the array R[a]", MayThrow},
	OpNewMap:      {"newmap", "wr-k", "R[a] = map of the keys K[d] (*KeyList) with values R[b..]", 0},
	OpMapSpread:   {"mapspread", "rr--", "add the entries of R[b] (map, nil) to the map R[a]", MayThrow},
	OpMapSet:      {"mapset", "rr-k", "entry K[d] (symbol) of the map R[a] = R[b]", 0},
	OpNewHashMap:  {"newhashmap", "ar--", "R[a] = hash map of the alternating keys and values in the array R[b]", MayThrow | MayCall},
	OpNewGene:     {"newgene", "wr--", "R[a] = Gene of type R[b], properties R[b+1] (map or nil), children R[b+2] (array)", 0},
	OpSeal:        {"seal", "r---", "mark the collection R[a] as sealed", 0},
	OpText:        {"text", "arn-", "R[a] = interpolated text of R[b..b+c-1]", MayThrow | MayCall},
	OpRange:       {"range", "wrr-", "R[a] = range R[b] .. R[c]", 0},
	OpUnpack:      {"unpack", "wr-k", "destructure R[b] by the pattern K[d] (*Pattern) into R[a..], unset where a default must step in", MayThrow},

	OpGetMember:         {"getmember", "wr-k", "R[a] = R[b]/name, name and cache in site K[d] (*MemberSite)", MayThrow | MayCall},
	OpGetMemberI:        {"getmemberi", "wr-i", "R[a] = R[b]/d", MayThrow | MayCall},
	OpGetMemberV:        {"getmemberv", "wrr-", "R[a] = R[b]/<R[c]>", MayThrow | MayCall},
	OpGetMemberImplicit: {"getmemberimplicit", "wrrk", "as getmember; where 5.8's second rule says so, the variable's value R[c] (may be unset) is the segment", MayThrow | MayCall},
	OpSetMember:         {"setmember", "rr-k", "R[a]/name = R[b], name and cache in site K[d]", MayThrow},
	OpSetMemberI:        {"setmemberi", "rr-i", "R[a]/d = R[b]", MayThrow},
	OpSetMemberV:        {"setmemberv", "rrr-", "R[a]/<R[b]> = R[c]", MayThrow},
	OpAssertMember:      {"assertmember", "r---", "throw if R[a] is void or nil", MayThrow},

	OpTypeCheck: {"typecheck", "wr-k", "check and convert R[a] by K[d] (*TypeSpec); b: register of a local class, or 255", MayThrow},
	OpVariant:   {"variant", "arnj", "if R[a] is a value of the variant R[b] with c binders: payload into R[a+1..]; else pc += d", MayThrow | MayJump},

	OpThrow:    {"throw", "r---", "throw R[a], normalised", MayThrow | MayJump},
	OpRethrow:  {"rethrow", "r---", "throw the exception R[a] again, its trace and location kept", MayThrow | MayJump},
	OpCatchIs:  {"catchis", "wrr-", "R[a] = the exception R[b] is of class R[c] (or one of an array of classes)", MayThrow},
	OpGetEx:    {"getex", "w---", "R[a] = the exception being handled ($ex), or nil", 0},
	OpSetEx:    {"setex", "r---", "the exception being handled = R[a]", 0},
	OpAsync:    {"async", "ar--", "R[a] = future of the function R[b], run at once as a task of its own", MayCall},
	OpAwait:    {"await", "ar--", "R[a] = value of the future R[b]", MayThrow | MayPark},
	OpAwaitAll: {"awaitall", "ann-", "R[a] = value of the futures R[a..a+b-1] (b > 1: an array); c != 0: within the time R[a+b]", MayThrow | MayPark},
	OpYield:    {"yield", "wr--", "hand R[b] to the consumer; when resumed R[a] = nil", MayThrow | MayPark},

	OpNativeCont: {"nativecont", "----", "go on with a native that called back", MayThrow | MayCall | MayPark},
	OpHalt:       {"halt", "----", "the task's first function has returned", MayJump},
}

// Make builds an instruction from its operands.
func Make(op Op, a, b, c int, d int32) Instr {
	return Instr(uint8(op)) | Instr(uint8(a))<<8 | Instr(uint8(b))<<16 | Instr(uint8(c))<<24 | Instr(uint32(d))<<32
}

// Op is the opcode.
func (i Instr) Op() Op { return Op(uint8(i)) }

// A is the first register operand.
func (i Instr) A() int { return int(uint8(i >> 8)) }

// B is the second register operand.
func (i Instr) B() int { return int(uint8(i >> 16)) }

// C is the third register operand.
func (i Instr) C() int { return int(uint8(i >> 24)) }

// D is the wide operand.
func (i Instr) D() int32 { return int32(i >> 32) }

// S is the small integer in b and c.
func (i Instr) S() int16 { return int16(i >> 16) }
