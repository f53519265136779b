package database_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// opened begins a program with a connection db to the server; options follow.
func opened(address, options string) string {
	return fmt.Sprintf("(import genex/postgres)\n(var address %q)\n(var db (genex/postgres/open address %s))\n", address, options)
}

// runPostgres runs a program with a connection that has to print want.
func runPostgres(t *testing.T, options, program, want string) {
	t.Helper()
	head := opened(postgres(t), options)
	nothingLeft(t, func() { run(t, head+program, want) })
}

func TestPostgresQueries(t *testing.T) {
	runPostgres(t, "", `
(println db (db .query "SELECT 1, 'x', NULL, true, 2.50::numeric, $1::text" [1 2]))
(println (db .query ^^typed "SELECT 1, NULL, false, 2.50::numeric, 1.5::float8, 'Infinity'::float4, $1::bytea" ("ab" .bytes)))
(db .exec "CREATE TEMP TABLE t (id serial primary key, x int, y text UNIQUE); INSERT INTO t (x, y) VALUES (1, 'a'), (2, 'b')")
(println (db .query ^as "map" "SELECT * FROM t WHERE x > $1 AND y = $2" 1 "b"))
(println (db .run "UPDATE t SET x = x + $1" 5) (db .run "SELECT 1") (db .query_one "SELECT x FROM t WHERE y = $1" "none"))
(try (db .exec "INSERT INTO t (y) VALUES ($1)" "a") catch e (println (typeof e) e/message e/sql_code))
(try (db .query "SELECT $1::int" "one") catch e (println e/message))
(try (db .query "SELECT 1 AS a, 2 AS a" ^as "map") catch e (println e/message))
(println (db .query_one "INSERT INTO t (x) VALUES ($1) RETURNING x, y" nil))
(db .begin)
(db .exec "DELETE FROM t")
(db .rollback)
(db .begin)
(db .exec "DELETE FROM t WHERE x = 6")
(db .commit)
(println (db .query "SELECT count(*) FROM t"))
(db .close)
(try (db .query "SELECT 1") catch e (println e/message))`, `<postgres connection> [[1 x  t 2.50 [1 2]]]
[[1 nil false 2.50 1.5 inf 0#6162]]
[{^id 2 ^x 2 ^y b}]
{^changes 2} {^changes 0} nil
Exception SQL execution failed: duplicate key value violates unique constraint "t_y_key" (Key (y)=(a) already exists.) 23505
SQL execution failed: invalid input syntax for type integer: "one"
SQL execution failed: two columns are named a; rows as maps require AS to tell them apart
[ ]
[[2]]
Connection is closed
`)
}

func TestPostgresOpenFails(t *testing.T) {
	run(t, `
(import genex/postgres)
(fn show [f] (try (println (f)) catch e (println (typeof e) (e/message .start_with? "Failed to open database: "))))
(show (fn [] (genex/postgres/open "host=/no/such/directory user=x")))
(show (fn [] (genex/postgres/open "host=x nonsense")))
(show (fn [] (genex/postgres/open nil)))
(show (fn [] (genex/postgres/open "host=/tmp" ^pool 0)))
(show (fn [] (await (genex/postgres/open_async "postgres://127.0.0.1:1/x?connect_timeout=5"))))`,
		strings.Repeat("NetworkException true\n", 2)+strings.Repeat("ArgumentException false\n", 2)+"NetworkException true\n")
}

func TestPostgresTransactions(t *testing.T) {
	runPostgres(t, "", `
(db .exec "CREATE TEMP TABLE t (x int)")
(fn count [] ((db .query_one "SELECT count(*) FROM t") .get 0))
(println (db .transaction (fn [tx] (tx .exec "INSERT INTO t VALUES (1)") "done")) (count))
(try (db .transaction (fn [tx] (db .exec "INSERT INTO t VALUES (2)") (throw "no"))) catch e (println e/message (count)))
(try (db .transaction (fn [tx] (try (tx .exec "nonsense") catch * nil))) catch e (println e/message))
(db .transaction (fn [tx]
  (tx .exec "INSERT INTO t VALUES (3)")
  (try (tx .transaction (fn [inner] (inner .exec "nonsense"))) catch e (println "inner fails"))
  (tx .transaction (fn [inner] (inner .exec "INSERT INTO t VALUES (4)")))))
(println (count))
(try (db .transaction ^mode "read_only" (fn [tx] (tx .exec "CREATE TABLE u (x int)"))) catch e (println e/sql_code))
(try (await ^timeout 30 (db .transaction_async (fn [tx] (tx .exec "DELETE FROM t") (tx .query "SELECT pg_sleep(10)")))) catch TimeoutException (println "timed out" (count)))`,
		`done 1
no 1
SQL execution failed: the transaction is rolled back, as a statement in it has failed
inner fails
3
25006
timed out 3
`)
}

// TestPostgresCancel ends a statement on the server and goes on with the same
// session.
func TestPostgresCancel(t *testing.T) {
	runPostgres(t, "", `
(var pid (db .query "SELECT pg_backend_pid()"))
(var f (db .query_async "SELECT pg_sleep(10)"))
(try (await ^timeout 30 f) catch TimeoutException (println "timed out"))
(var task (async (db .query "SELECT pg_sleep(10)")))
(await (gene/sleep_async 5))
(task .cancel)
(println (task .state) ((db .query "SELECT pg_backend_pid()") == pid))
(var other (genex/postgres/open address))
(println (other .query "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep%'"))
(db .query_async "SELECT pg_sleep(10)")
(await (gene/sleep_async 20))
(exit 0)`, "timed out\ncancelled true\n[[0]]\n")
}

func TestPostgresPool(t *testing.T) {
	runPostgres(t, "^pool 2", `
(await (db .query_async "SELECT pg_sleep(0.02)") (db .query_async "SELECT pg_sleep(0.02)")) # both sessions are there
(fn ^^async work [name begun gate]
  (db .transaction (fn [tx] (println name "begins") (begun .complete 1) (await gate) (println name "ends"))))
(var gate_a (new Future))
(var gate_b (new Future))
(var begun (new Future))
(var a (work "a" begun gate_a))
(await begun)
(var both (new Future))
(var b (work "b" both gate_b))
(await both)
(var c (work "c" (new Future) (new Future 1)))
(var impatient (db .query_async "SELECT 1"))
(try (await ^timeout 50 impatient) catch TimeoutException (println "impatient"))
(gate_a .complete 1)
(await a c)
(gate_b .complete 1)
(await b)
(try (db .begin) catch e (println (typeof e) e/message))
(var two [(db .query_async "SELECT pg_backend_pid() FROM pg_sleep(0.05)") (db .query_async "SELECT pg_backend_pid() FROM pg_sleep(0.05)")])
(println ((await two/0) == (await two/1)))
(var st (db .prepare "SELECT $1::int + 1"))
(println (await (st .query_async 1) (st .query_async 2) (st .query_async 3)))
(st .close)
(println (await (db .query_async "SELECT 1") (db .query_async "SELECT 2")))`,
		`a begins
b begins
impatient
a ends
c begins
c ends
b ends
ArgumentException BEGIN requires a connection of one session, this one has 2; use transaction
false
[[[2]] [[3]] [[4]]]
[[[1]] [[2]]]
`)
}

func TestPostgresStreamsInBoundedMemory(t *testing.T) {
	runPostgres(t, "", `
(var before (heap))
(var n 0)
(var most 0)
(for row in (db .rows "SELECT x, rpad(x::text, 1000) FROM generate_series(1, $1::int) x" 100000)
  (n += 1)
  (if ((n % 10000) == 0)
    (db .query "SELECT 'between'")
    (var now (heap))
    (if (now > most) (most = now))))
(println n ((most - before) < 20000000))
(println (db .transaction (fn [tx]
  (var n 0)
  (for row in (tx .rows ^batch 3 "SELECT 1 FROM generate_series(1, 10)") (n += 1))
  (var rows (tx .rows ^batch 1 "SELECT 1 FROM generate_series(1, 10)"))
  (rows .close)
  n)))
(db .each "SELECT 7" (fn [row] (println row)))
(println (db .query "SELECT count(*) FROM pg_cursors WHERE name LIKE 'gene%'"))`, "100000 true\n10\n[7]\n[[0]]\n")
}

func TestPostgresListen(t *testing.T) {
	runPostgres(t, "", `
(var heard (db .listen "gene \"quoted\" channel"))
(db .notify "gene \"quoted\" channel" "one")
(var n (await (heard .recv)))
(println heard n/channel n/payload (typeof n/pid))
(db .transaction (fn [tx] (tx .notify (heard .channel) "two") (tx .notify (heard .channel) "three")))
(for n in heard (println n/payload) (if (n/payload == "three") (break)))
(try (await ^timeout 10 (heard .recv)) catch TimeoutException (println "nothing"))
(db .notify (heard .channel) "four")
(println ((await (heard .recv)) .get "payload"))
(var last (heard .recv))
(heard .close)
(println (await last) (await (heard .recv)) (heard .close))
(var done (new Future))
(var called nil)
(called = (db .listen "calls" (fn [n] (println "called" n/payload) (if (n/payload == "end") (do (called .close) (done .complete "closed"))))))
(db .notify "calls" "first")
(db .notify "calls" "end")
(println (await done))
(try (db .listen "") catch e (println e/message))
(var idle (db .listen "idle"))
(idle .recv)
(println "an idle listener doesn't hold the program")`,
		`<postgres listener gene "quoted" channel> gene "quoted" channel one Int
two
three
nothing
four
nil nil nil
called first
called end
closed
channel must be a string of 1 to 63 bytes
an idle listener doesn't hold the program
`)
}

// TestPostgresSessionEnds ends sessions from the server's side.
func TestPostgresSessionEnds(t *testing.T) {
	runPostgres(t, "", `
(var other (genex/postgres/open address))
(fn pid_of [c] ((c .query_one "SELECT pg_backend_pid()") .get 0))
(fn end [pid] (other .query "SELECT pg_terminate_backend($1::int, 5000)" pid))
(fn show [f] (try (println (f)) catch e (println (typeof e) e/code)))
(fn select [] (db .query "SELECT 1"))
# In a transaction: nothing of it is done elsewhere, and its commit fails.
(show (fn [] (db .transaction (fn [tx]
  (end (pid_of tx))
  (show (fn [] (tx .exec "CREATE TABLE never (x int)")))
  (show select)))))
(show select)
# In one begun by hand.
(db .begin)
(end (pid_of db))
(show select)
(show select)
(show (fn [] (db .commit)))
(db .rollback)
(show select)
# Between two fetches, and while a statement runs.
(var rows (db .rows ^batch 1 "SELECT generate_series(1, 3)"))
(var pid (pid_of db))
(var sleeping (db .query_async "SELECT pg_sleep(10)"))
(end pid)
(show (fn [] (await sleeping)))
(show (fn [] (for row in rows (println row))))
(rows .close)
(show select)
# Of a listener.
(var heard (db .listen "x"))
(var recv (heard .recv))
(other .query "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
(show (fn [] (await recv)))
(heard .close)`, `NetworkException GENE.NET.ERROR
NetworkException GENE.NET.ERROR
NetworkException GENE.NET.ERROR
[[1]]
NetworkException GENE.NET.ERROR
NetworkException GENE.NET.ERROR
NetworkException GENE.NET.ERROR
[[1]]
NetworkException GENE.NET.ERROR
NetworkException GENE.NET.ERROR
[[1]]
NetworkException GENE.NET.ERROR
`)
}

// TestPostgresServerIsKilled kills a server of its own in the middle of a
// transaction, and starts it again.
func TestPostgresServerIsKilled(t *testing.T) {
	needPrograms(t)
	var own server
	own.start()
	defer func() {
		if err := own.stop(); err != nil {
			t.Error(err)
		}
	}()
	if own.err != nil {
		t.Fatal(own.err)
	}
	tool, err := filepath.Abs("../../.ci/postgres")
	if err != nil {
		t.Fatal(err)
	}
	program := fmt.Sprintf("(var tool %q) (var dir %q)\n", tool, own.dir) + opened(own.address, "") + `
(fn show [f] (try (println (f)) catch e (println (typeof e) (e/message .start_with? "Failed to open"))))
(db .exec "CREATE TABLE t (x int)")
(show (fn [] (db .transaction (fn [tx]
  (tx .exec "INSERT INTO t VALUES (1)")
  (var running (tx .query_async "SELECT pg_sleep(60)"))
  (await (gene/sleep_async 20))
  (system/exec tool "kill" dir)
  (await running)))))
(show (fn [] (db .query "SELECT 1")))
(system/exec tool "start" dir)
(println (db .query "SELECT count(*) FROM t"))`
	nothingLeft(t, func() {
		run(t, program, "NetworkException false\nNetworkException true\n[[0]]\n")
	})
}
