package database_test

import (
	"bytes"
	"testing"
	"time"
)

const endless = `"WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"`

func TestSqliteLeavesNothingBehind(t *testing.T) {
	t.Chdir(t.TempDir())
	nothingLeft(t, func() {
		run(t, `
(import genex/sqlite)
(for i in (range 1 5)
  (var db (genex/sqlite/open #"db#{i}"))
  (db .exec "CREATE TABLE t (x); INSERT INTO t VALUES (1), (2)")
  (db .rows ^batch 1 "SELECT x FROM t")
  (db .prepare "SELECT x FROM t WHERE x = ?")
  (try (db .exec "nonsense") catch * nil)
  (try (genex/sqlite/open "no/such/directory") catch * nil)
  (if (i == 5)
    (println "last")
    (await (db .transaction_async (fn [tx] (tx .exec "DELETE FROM t") (exit 0)))))
  (if (i > 3) (db .close)))
(println "not reached")`, "last\n")
	})
}

// TestSqliteEndOfTheProgram ends programs while a statement runs.
func TestSqliteEndOfTheProgram(t *testing.T) {
	for name, last := range map[string]string{
		"exit":      `(db .query_async ` + endless + `) (await (gene/sleep_async 10)) (exit 130)`,
		"interrupt": `(db .query ` + endless + `)`,
	} {
		t.Run(name, func(t *testing.T) {
			nothingLeft(t, func() {
				var out, errs bytes.Buffer
				m := machine(t, &out, &errs)
				time.AfterFunc(50*time.Millisecond, m.Interrupt)
				code := m.RunMain("main.gene", []byte(`(import genex/sqlite) (var db (genex/sqlite/open ":memory:")) `+last))
				if err := m.Close(); err != nil || code != 130 {
					t.Errorf("exit code %d, Close: %v\n%s", code, err, errs.String())
				}
			})
		})
	}
}

// TestSqliteDroppedCursor shows that a cursor nobody can reach any more is closed:
// while it is open, its table can't be dropped.
func TestSqliteDroppedCursor(t *testing.T) {
	run(t, `
(import genex/sqlite)
(var db (genex/sqlite/open ":memory:"))
(db .exec "CREATE TABLE t (x); INSERT INTO t VALUES (1), (2), (3)")
(fn leave [] (println (((db .rows ^batch 1 "SELECT x FROM t") .iter) .next)) nil)
(leave)
(try (db .exec "DROP TABLE t") catch e (println e/message))
(fn drop [] (try (db .exec "DROP TABLE t") true catch e false))
# Registers of calls that have ended keep what they hold until others use them.
(fn deep [n] (if (n > 0) (1 + (deep (n - 1))) else 0))
(while (! (drop)) (deep 100) (heap) (await (gene/sleep_async 1)))
(println (db .query "SELECT count(*) FROM sqlite_master"))`,
		"[1]\nSQL execution failed: database table is locked\n[[0]]\n")
}

// TestSqliteStreamsInBoundedMemory reads 100 MB of rows.
func TestSqliteStreamsInBoundedMemory(t *testing.T) {
	run(t, `
(import genex/sqlite)
(var db (genex/sqlite/open ":memory:"))
(var before (heap))
(var n 0)
(var most 0)
(for row in (db .rows "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100000) SELECT x, printf('%1000d', x) FROM n")
  (n += 1)
  (if ((n % 10000) == 0)
    (var now (heap))
    (if (now > most) (most = now))))
(println n ((most - before) < 20000000))`, "100000 true\n")
}

// TestSqliteTasksShareAConnection lets many tasks use one connection at once.
func TestSqliteTasksShareAConnection(t *testing.T) {
	run(t, `
(import genex/sqlite)
(var db (genex/sqlite/open ":memory:"))
(db .exec "CREATE TABLE t (k INTEGER PRIMARY KEY, v INTEGER); INSERT INTO t VALUES (1, 0)")
(fn ^^async add []
  (db .transaction (fn [tx]
    (var v ((tx .query_one ^^typed "SELECT v FROM t") .get 0))
    (await (gene/sleep_async 0))
    (tx .exec "UPDATE t SET v = ?" (v + 1)))))
(var tasks [])
(for i in (range 1 200) (tasks .push (add)))
(for f in tasks (await f))
(println (db .query "SELECT v FROM t"))`, "[[200]]\n")
}

// TestSqliteDamagedFile begins a transaction in what is no database any more.
func TestSqliteDamagedFile(t *testing.T) {
	t.Chdir(t.TempDir())
	run(t, `
(import genex/sqlite)
(var db (genex/sqlite/open "a.db"))
(db .exec "CREATE TABLE t (x)")
(db .close)
(File/write "a.db" "this is no database, but a text that is long enough to be taken for the header of one .............")
(var broken (genex/sqlite/open "a.db"))
(try (broken .transaction (fn [tx] (tx .exec "INSERT INTO t VALUES (1)"))) catch e (println (typeof e) e/message e/sql_code))
(var memory (genex/sqlite/open "file:b.db?mode=memory"))
(println (memory .query "SELECT 1"))`, "Exception SQL execution failed: file is not a database 26\n[[1]]\n")
}
