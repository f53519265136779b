package database

import (
	"context"
	"slices"
	"sync"
	"time"

	"gene/backends"
	"gene/value"
	"gene/vm"
)

// database is what one open call made.
type database struct {
	m       *vm.VM
	dialect *dialect
	ctx     context.Context // ends with the VM
	dial    dialer
	path    string // or address; it may hold a password
	name    string // in texts
	lanes   []*lane
	classes *classes
	forget  func() // takes it off the list of what the VM closes
}

// lane is the place of one session, which is dialled when the lane is first used
// and again after it was lost.
type lane struct {
	holder *scope // whose turn it is to use the lane
	begun  error  // why a transaction that the program had begun itself was undone, until it calls rollback

	mu      sync.Mutex // guards working, shut and, against shutdown, the rest
	working bool
	shut    bool
	session session  // nil while there is none
	stale   []string // prepared statements that were closed
}

// shutdown closes the session, now or when the work that uses it has ended. It
// is for the end of the VM.
func (l *lane) shutdown() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.shut = true
	if !l.working {
		l.drop()
	}
}

// drop closes the session. The caller holds mu or is the lane's work.
func (l *lane) drop() {
	if l.session != nil {
		l.session.close()
		l.session = nil
	}
	l.stale = nil
}

// scope is what statements are asked of: a connection, or a transaction that has
// taken a lane from the scope it was begun in and gives it back at its end.
type scope struct {
	db       *database
	parent   *scope   // nil for a connection
	owner    *vm.Task // runs the transaction's function
	depth    int      // of transactions
	size     int      // number of lanes
	free     []*lane
	queue    []*job
	children []*scope // transactions under way
	closed   bool     // takes no more jobs
	watched  bool     // a timer of watch runs
	closer   *job     // ends a connection once all lanes are free
}

// newDatabase makes a connection of n lanes.
func newDatabase(m *vm.VM, ctx context.Context, d *dialect, c *classes, dial dialer, path, name string, n int) *scope {
	db := &database{m: m, ctx: ctx, dialect: d, dial: dial, path: path, name: name, classes: c}
	s := &scope{db: db, size: n}
	for range n {
		l := &lane{holder: s}
		db.lanes = append(db.lanes, l)
		s.free = append(s.free, l)
	}
	db.forget = c.open(db)
	return s
}

// GeneText is the printed form.
func (s *scope) GeneText() string {
	if s.parent != nil {
		return "<" + s.db.dialect.name + " transaction>"
	}
	return "<" + s.db.dialect.name + " " + s.db.name + ">"
}

// route gives the scope a statement of the running task belongs to: inside of the
// function of a transaction, what the transaction was begun in means the
// transaction. Anything else would wait for itself.
func (s *scope) route() *scope {
	task := s.db.m.CurrentTask()
	for _, c := range s.children {
		if c.owner == task {
			return c.route()
		}
	}
	return s
}

// job is one thing to be done on a lane. All fields belong to the VM's goroutine
// but those that work uses while it runs.
type job struct {
	scope  *scope
	need   *lane // the only one it can run on, or nil
	lane   *lane // it runs on
	future *vm.Future
	loose  bool // it keeps the program alive only while its future is observed
	resets bool // allowed on a lane whose transaction was lost
	ends   bool // ends a transaction or a cursor, so one that is undone already is no error
	over   bool // the future is finished or cancelled
	done   bool // Complete has run
	held   bool // it keeps the program alive, until Complete
	ctx    context.Context
	cancel context.CancelFunc
	work   func(ctx context.Context, l *lane) error
	err    error
	// finish makes the value of what work did.
	finish func() (Value, error)
	// after, if set, decides what becomes of the lane instead of its release.
	after func()
}

// submit queues a job and gives its future.
func (s *scope) submit(j *job) Value {
	m := s.db.m
	if s.closed {
		if s.parent != nil {
			return m.Failed(s.db.exception(errOver))
		}
		return m.Failed(s.db.exception(errClosed))
	}
	j.enter(s)
	s.queue = append(s.queue, j)
	s.pump()
	s.watch()
	return j.future.Value()
}

// watchEvery is how often jobs behind transactions are looked at. Tasks that wait
// for each other do so for ever, so it may be slow.
const watchEvery = 100 * time.Millisecond

// watch looks for jobs that wait for themselves, for as long as jobs wait for
// transactions.
func (s *scope) watch() {
	if s.watched || len(s.queue) == 0 || len(s.children) < s.size {
		return
	}
	s.watched = true
	s.db.m.Loop().AfterFunc(watchEvery, backends.Func(func() {
		s.watched = false
		s.unlock()
		s.watch()
	}))
}

// unlock fails the jobs that can never start: all lanes are with transactions, and
// the functions of all of them wait for the task that waits for the job.
func (s *scope) unlock() {
	m := s.db.m
	for _, j := range slices.Clone(s.queue) {
		stuck := len(s.children) == s.size
		for _, t := range s.children {
			stuck = stuck && t.owner.WaitsFor(j.future)
		}
		if stuck {
			j.abandon()
			m.Fail(j.future, m.Raise(m.Errors.Concurrency, vm.CodeDeadlock, "%s", errItself.Error()))
		}
	}
}

// enter gives a job its future.
func (j *job) enter(s *scope) {
	j.scope = s
	j.future = s.db.m.NewQueued()
	j.ctx, j.cancel = context.WithCancel(s.db.ctx)
	j.future.OnCancel(j.abandon)
}

// abandon ends a job that nobody wants the outcome of any more. Work under way
// notices, and until then those who wait for its lane are not waiting in vain.
func (j *job) abandon() {
	j.over = true
	j.cancel()
	if j.lane != nil {
		j.hold()
		return
	}
	j.scope.queue = slices.DeleteFunc(j.scope.queue, func(q *job) bool { return q == j })
}

// pump starts the jobs that can start.
func (s *scope) pump() {
	for i := 0; i < len(s.queue); {
		j := s.queue[i]
		l := s.take(j.need)
		if l == nil {
			i++
			continue
		}
		s.queue = slices.Delete(s.queue, i, i+1)
		j.start(l)
	}
	if s.closer != nil && len(s.queue) == 0 && len(s.free) == s.size {
		j := s.closer
		s.closer = nil
		j.start(s.take(nil))
	}
}

// take takes a free lane, need if that is not nil.
func (s *scope) take(need *lane) *lane {
	i := len(s.free) - 1
	if need != nil {
		i = slices.Index(s.free, need)
	}
	if i < 0 {
		return nil
	}
	l := s.free[i]
	s.free = slices.Delete(s.free, i, i+1)
	return l
}

// release gives a lane to the scope.
func (s *scope) release(l *lane) {
	l.holder = s
	s.free = append(s.free, l)
	s.pump()
}

// hold keeps the program alive until the job has ended.
func (j *job) hold() {
	if !j.held {
		j.held = true
		j.scope.db.m.KeepAlive(1)
	}
}

func (j *job) start(l *lane) {
	j.lane = l
	j.future.Begin()
	if !j.loose {
		j.hold()
	}
	loop := j.scope.db.m.Loop()
	var err error
	if j.scope.db.dialect.parks {
		err = loop.Background(j.run, j)
	} else {
		err = loop.Offload(backends.PoolOther, j.run, j)
	}
	if err != nil {
		j.err = j.scope.db.m.Raise(j.scope.db.m.Errors.Runtime, vm.CodeRuntime, "%s", err.Error())
		loop.Post(j)
	}
}

// run is the job's work on a worker.
func (j *job) run() {
	l := j.lane
	l.mu.Lock()
	if l.shut {
		l.mu.Unlock()
		j.err = context.Canceled
		return
	}
	l.working = true
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.working = false
		if l.shut {
			l.drop()
		}
	}()
	if j.err = context.Cause(j.ctx); j.err == nil {
		j.err = j.do(l)
	}
}

// do makes sure that there is a session, and works.
func (j *job) do(l *lane) error {
	switch {
	case j.resets: // needs none
	case l.begun != nil:
		return l.begun
	case l.session == nil && j.scope.parent != nil:
		return errLost
	case j.scope.parent != nil && !j.ends && !l.session.inTransaction():
		return errUndone
	case l.session == nil:
		s, err := j.scope.db.dial(j.ctx)
		if err != nil {
			return openError{err}
		}
		l.session = s
	}
	within := l.session != nil && l.session.inTransaction()
	err := l.sweep(j.ctx)
	if err == nil {
		err = j.work(j.ctx, l)
	}
	return l.look(j, within, err)
}

// look sees what has become of the session, and of the transaction it may have
// been within, when work has ended with err. It gives the error to report.
func (l *lane) look(j *job, within bool, err error) error {
	s := l.session
	if s == nil {
		return err
	}
	begun := j.scope.parent == nil && within
	if s.lost() {
		if j.ctx.Err() == nil && err != nil {
			err = lostError{err}
		}
		if begun && s.inTransaction() {
			l.begun = errLostBegun
		}
		l.drop()
	} else if begun && err != nil && j.scope.db.dialect.undoes && !s.inTransaction() {
		l.begun = errBegun
	}
	return err
}

// sweep ends the prepared statements that were closed meanwhile.
func (l *lane) sweep(ctx context.Context) error {
	l.mu.Lock()
	stale := l.stale
	l.stale = nil
	l.mu.Unlock()
	if l.session == nil {
		return nil
	}
	for _, sql := range stale {
		if err := l.session.forget(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

// Complete hands the outcome to the future and the lane to the next job. The
// loop calls it.
func (j *job) Complete() {
	j.cancel()
	j.done = true
	if j.held {
		j.scope.db.m.KeepAlive(-1)
	}
	if !j.over {
		j.settle()
	}
	if j.after != nil {
		j.after()
		return
	}
	j.scope.release(j.lane)
}

func (j *job) settle() {
	m := j.scope.db.m
	v, err := value.Nil, j.err
	if err == nil && j.finish != nil {
		v, err = j.finish()
	}
	if err != nil {
		m.Fail(j.future, j.scope.db.exception(err))
		return
	}
	m.Resolve(j.future, v)
}
