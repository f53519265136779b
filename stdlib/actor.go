package stdlib

import (
	"slices"
	"strconv"
	"time"

	"gene/backends"
	"gene/value"
	"gene/vm"
)

const (
	// mailboxMax is the number of messages that wait for an actor; who sends one
	// more waits too.
	mailboxMax = 10_000
	// workersMax bounds ^workers.
	workersMax = 64
	// replyWait is how long send_expect_reply_sync waits by default.
	replyWait = 2000 * time.Millisecond
)

// actors is what a VM's actors share. They are tasks of the VM: each message is
// handled in a task of its own, so a handler may await while other actors go
// on. What passes between actors, and what a handler captures, is copied or
// frozen all the same, so that nothing but the time it takes tells whether
// they run in parallel.
type actors struct {
	l       *library
	enabled bool
	count   int
	class   *value.Class // Actor
	context *value.Class // ActorContext
}

// actor is one actor. Idle, it has no task and no message; with the first
// message it is busy until its mailbox is empty.
type actor struct {
	all     *actors
	number  int
	object  *value.Instance
	handler Value
	own     *vm.Isolation // of the handler, nil for natives
	state   Value
	mailbox []*message
	blocked []blockedSend // in sending order; only while the mailbox is full
	turn    Value         // the native that handles the next message
	busy    bool          // a turn is under way or arranged
	stopped bool
}

// message is a message and, towards the handler, its context.
type message struct {
	to       *actor
	body     Value
	reply    *vm.Future // nil for a plain send
	replied  bool
	thenStop bool // the handler asked for the end
}

// blockedSend is a message that finds the mailbox full; room is finished when
// it is in.
type blockedSend struct {
	msg  *message
	room *vm.Future
}

// GeneText is the printed form.
func (a *actor) GeneText() string { return "<actor " + strconv.Itoa(a.number) + ">" }

// GeneText is the printed form of the context.
func (m *message) GeneText() string { return "<actor-context " + strconv.Itoa(m.to.number) + ">" }

// defineActors defines gene/actor and the classes Actor and ActorContext (10.7).
func (l *library) defineActors() {
	s := &actors{l: l, class: l.m.NewClass("Actor", nil), context: l.m.NewClass("ActorContext", nil)}
	l.actors = s
	l.kwFunctions(l.m.Namespace("gene/actor"), []kwEntry{
		{"enable", "Lets the program have actors; ^workers is how many may run at once.", s.enable},
		{"spawn", "Makes an actor of a handler and its first state.", s.spawn},
	})
	l.methods(s.class, []entry{
		{"send", "Sends a message.", s.send},
		{"send_expect_reply", "Sends a message; a future of the reply.", asyncNative(s.sendExpectReply)},
		{"stop", "Ends the actor; messages that wait are not handled.", s.stop},
	})
	l.kwMethods(s.class, []kwEntry{{"send_expect_reply_sync", "Sends a message and waits for the reply, at most ^timeout.", s.sendSync}})
	l.methods(s.context, []entry{
		{"reply", "Answers the sender of the message.", s.reply},
		{"actor", "The actor that handles the message.", s.self},
		{"stop", "Ends the actor after this message.", s.stopAfter},
	})
	for c, advice := range map[*value.Class]string{s.class: "; use gene/actor/spawn", s.context: ""} {
		constructor(c, func(m *VM, args []Value, kw *value.Map) (Value, error) {
			return argError(m, "%s cannot be made with new%s", c.Name, advice)
		})
	}
}

// await parks the calling task until f is finished; it is for natives to end with.
func (l *library) await(f Value) (Value, error) {
	return l.m.Invoke(l.prelude("await"), []Value{f}, nil)
}

func (s *actors) enable(m *VM, args []Value, kw *value.Map) (Value, error) {
	workers := keyword(kw, "workers")
	switch {
	case s.enabled:
		return runtimeError(m, "gene/actor/enable can only be called once")
	case !workers.IsSet():
	case !workers.IsInt():
		return argError(m, "gene/actor/enable ^workers expects an integer")
	case workers.AsInt() < 1:
		return argError(m, "gene/actor/enable requires at least one worker")
	case workers.AsInt() > workersMax:
		return argError(m, "gene/actor/enable exceeds the configured worker pool (%d workers)", workersMax)
	}
	s.enabled = true
	return value.Nil, nil
}

func (s *actors) spawn(m *VM, args []Value, kw *value.Map) (Value, error) {
	if !s.enabled {
		return runtimeError(m, "gene/actor/spawn requires gene/actor/enable first")
	}
	if len(args) == 0 || !m.Callable(args[0]) {
		return argError(m, "gene/actor/spawn expects a callable handler")
	}
	state, err := s.transport(orNil(keyword(kw, "state")))
	if err != nil {
		return Value{}, err
	}
	a := &actor{all: s, handler: args[0], state: state}
	z := &freezer{seen: map[Value]bool{}, modules: true}
	if err := z.freeze(m, &step{v: a.handler}); err != nil {
		return Value{}, err
	}
	if f, ok := vm.FunctionOf(a.handler); ok {
		a.own = vm.NewIsolation()
		a.handler = a.own.Function(f).Value()
	}
	s.count++
	a.number = s.count
	a.turn = vm.NewNative("actor", a.handle).Value()
	a.object = value.NewInstance(s.class)
	a.object.Data = a
	return a.object.Value(), nil
}

func actorOf(m *VM, v Value) (*actor, error) {
	if v.Kind() == value.KindInstance {
		if a, ok := v.AsInstance().Data.(*actor); ok {
			return a, nil
		}
	}
	return nil, m.ArgError("expected an Actor, got %s", value.TypeName(v))
}

func contextOf(m *VM, v Value) (*message, error) {
	if v.Kind() == value.KindInstance {
		if msg, ok := v.AsInstance().Data.(*message); ok {
			return msg, nil
		}
	}
	return nil, m.ArgError("expected an ActorContext, got %s", value.TypeName(v))
}

func (s *actors) stoppedError() error {
	return s.l.m.Raise(s.l.m.Errors.Exception, vm.CodeRuntime, "Actor is stopped")
}

// prepare makes the message that a sending method was given.
func (s *actors) prepare(m *VM, args []Value, method string) (*message, error) {
	a, err := actorOf(m, args[0])
	if err != nil {
		return nil, err
	}
	if len(args) < 2 {
		return nil, m.ArgError("Actor.%s requires a message", method)
	}
	if a.stopped {
		return nil, s.stoppedError()
	}
	body, err := s.transport(args[1])
	if err != nil {
		return nil, err
	}
	return &message{to: a, body: body}, nil
}

func (s *actors) send(m *VM, args []Value) (Value, error) {
	msg, err := s.prepare(m, args, "send")
	if err != nil {
		return Value{}, err
	}
	return msg.post(value.Nil)
}

func (s *actors) sendExpectReply(m *VM, args []Value) (Value, error) {
	msg, err := s.prepare(m, args, "send_expect_reply")
	if err != nil {
		return Value{}, err
	}
	msg.reply = m.NewPromise()
	return msg.post(msg.reply.Value())
}

// post puts the message into the mailbox, waiting for room if need be; the
// native that sends it gives result then.
func (msg *message) post(result Value) (Value, error) {
	a := msg.to
	if len(a.mailbox) < mailboxMax {
		a.accept(msg)
		return result, nil
	}
	m := a.all.l.m
	room := m.NewPromise()
	a.blocked = append(a.blocked, blockedSend{msg, room})
	return m.InvokeTry(a.all.l.prelude("await"), []Value{room.Value()},
		func(Value) (Value, error) { return result, nil },
		func(e *vm.Exception) (Value, error) {
			a.forget(msg)
			return Value{}, e
		})
}

func (a *actor) accept(msg *message) {
	a.mailbox = append(a.mailbox, msg)
	a.wake()
}

// forget drops a message that is not in the mailbox yet.
func (a *actor) forget(msg *message) {
	a.blocked = slices.DeleteFunc(a.blocked, func(b blockedSend) bool { return b.msg == msg })
}

// sendSync is (a .send_expect_reply_sync msg ^timeout limit).
func (s *actors) sendSync(m *VM, args []Value, kw *value.Map) (Value, error) {
	limit := replyWait
	if v := keyword(kw, "timeout"); v.IsSet() {
		d, ok := duration(v, time.Millisecond)
		if !ok {
			return argError(m, "Actor.send_expect_reply_sync ^timeout must be int milliseconds or float seconds, got %s", value.TypeName(v))
		}
		limit = max(d, 0)
	}
	msg, err := s.prepare(m, args, "send_expect_reply_sync")
	if err != nil {
		return Value{}, err
	}
	// The reply counts as external: the time limit will finish it.
	msg.reply = m.NewFuture()
	timer := m.Loop().AfterFunc(limit, backends.Func(func() {
		msg.to.forget(msg)
		m.Fail(msg.reply, m.Raise(m.Errors.Timeout, vm.CodeTimeout, "Actor.send_expect_reply_sync timed out"))
	}))
	if a := msg.to; len(a.mailbox) < mailboxMax {
		a.accept(msg)
	} else {
		a.blocked = append(a.blocked, blockedSend{msg, m.NewPromise()})
	}
	return m.InvokeTry(s.l.prelude("await"), []Value{msg.reply.Value()},
		func(v Value) (Value, error) {
			timer.Stop()
			return v, nil
		},
		func(e *vm.Exception) (Value, error) {
			timer.Stop()
			msg.to.forget(msg)
			return Value{}, e
		})
}

// wake arranges a turn when there is something to do. Each message gets a task
// of its own at the end of the queue, so that other tasks and other actors go
// on between two messages of an actor that always has more.
func (a *actor) wake() {
	if a.busy || len(a.mailbox) == 0 {
		return
	}
	a.busy = true
	a.all.l.m.Go(a.turn)
}

// handle is a turn: one message.
func (a *actor) handle(m *VM, _ []Value) (Value, error) {
	if a.stopped {
		a.busy = false
		return value.Nil, nil
	}
	m.EnterActor()
	msg := a.take()
	if err := a.bindLate(); err != nil {
		a.handled(msg, m.Exception(err))
		return value.Nil, nil
	}
	ctx := value.NewInstance(a.all.context)
	ctx.Data = msg
	return m.InvokeTry(a.handler, []Value{ctx.Value(), msg.body, a.state},
		func(state Value) (Value, error) {
			a.state = state
			a.handled(msg, nil)
			return value.Nil, nil
		},
		func(e *vm.Exception) (Value, error) {
			a.handled(msg, e)
			return value.Nil, nil
		})
}

// take gives the next message and lets in one that waits for room.
func (a *actor) take() *message {
	msg := a.mailbox[0]
	a.mailbox[0] = nil
	if a.mailbox = a.mailbox[1:]; len(a.mailbox) == 0 {
		a.mailbox = nil
	}
	if len(a.blocked) > 0 {
		b := a.blocked[0]
		a.blocked = slices.Delete(a.blocked, 0, 1)
		a.mailbox = append(a.mailbox, b.msg)
		a.all.l.m.Resolve(b.room, value.Nil)
	}
	return msg
}

// bindLate gives the handler variables that were declared after spawn, such as
// the actor's own.
func (a *actor) bindLate() error {
	if a.own == nil {
		return nil
	}
	return a.own.BindLate(func(v vm.Variable) error {
		if v.Module && isDefinition(v.Val) {
			return nil
		}
		z := &freezer{seen: map[Value]bool{}, modules: true}
		return z.freeze(a.all.l.m, &step{v.Val, &step{}, "." + v.Name})
	})
}

// handled ends a turn. A failure goes to who waits for the reply; when nobody
// does, it is reported like a future's that nobody looks at.
func (a *actor) handled(msg *message, failure *vm.Exception) {
	m := a.all.l.m
	waits := msg.reply != nil && !msg.replied && msg.reply.State() == vm.FuturePending
	msg.replied = true
	switch {
	case failure == nil && waits:
		m.Resolve(msg.reply, value.Nil)
	case failure == nil:
	case vm.IsInterruption(failure):
		// The program was meant; what this actor had still to do must not keep
		// it from hearing of it.
		m.Interrupt()
		msg.thenStop = true
	case waits:
		m.Fail(msg.reply, m.ReplyFailure(failure))
	default:
		m.Failed(failure)
	}
	a.busy = false
	if msg.thenStop {
		a.end()
	}
	a.wake()
}

// end stops the actor. Messages that wait are answered with an error.
func (a *actor) end() {
	m := a.all.l.m
	waiting := a.mailbox
	for _, b := range a.blocked {
		if b.msg.reply == nil {
			m.Fail(b.room, a.all.stoppedError())
			continue
		}
		m.Resolve(b.room, value.Nil)
		waiting = append(waiting, b.msg)
	}
	a.stopped, a.mailbox, a.blocked = true, nil, nil
	for _, msg := range waiting {
		if msg.reply != nil {
			m.Fail(msg.reply, a.all.stoppedError())
		}
	}
}

func (s *actors) stop(m *VM, args []Value) (Value, error) {
	a, err := actorOf(m, args[0])
	if err != nil {
		return Value{}, err
	}
	a.end()
	return value.Nil, nil
}

func (s *actors) reply(m *VM, args []Value) (Value, error) {
	msg, err := contextOf(m, args[0])
	switch {
	case err != nil:
		return Value{}, err
	case len(args) < 2:
		return argError(m, "ActorContext.reply requires a value")
	case msg.reply == nil:
		return runtimeError(m, "ActorContext.reply requires send_expect_reply")
	case msg.replied:
		return runtimeError(m, "ActorContext.reply can only be called once per message")
	}
	msg.replied = true
	v, err := s.transport(args[1])
	if err != nil {
		m.Fail(msg.reply, err)
	} else {
		m.Resolve(msg.reply, v)
	}
	return value.Nil, nil
}

func (s *actors) self(m *VM, args []Value) (Value, error) {
	msg, err := contextOf(m, args[0])
	if err != nil {
		return Value{}, err
	}
	return msg.to.object.Value(), nil
}

func (s *actors) stopAfter(m *VM, args []Value) (Value, error) {
	msg, err := contextOf(m, args[0])
	if err != nil {
		return Value{}, err
	}
	msg.thenStop = true
	return value.Nil, nil
}
