// The asynchronous benchmarks in Node: node peer.mjs NAME [ARGS].
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const now = () => performance.now();

async function sleeps(count = 1000, ms = 100) {
  const start = now();
  const naps = [];
  for (let i = 0; i < count; i++) naps.push(sleep(ms));
  for (const nap of naps) await nap;
  console.log("wall_ms", now() - start);
}

async function spawnAwait(count = 1000000) {
  const start = now();
  let sum = 0;
  for (let i = 0; i < count; i++) sum += await (async () => 1)();
  if (sum !== count) throw new Error(`sum ${sum}, want ${count}`);
  console.log("ns_per_op", ((now() - start) * 1e6) / count);
}

async function switches(rounds = 1000000) {
  let ping = deferred();
  let pong = deferred();
  const start = now();
  const echo = (async () => {
    for (let i = 0; i < rounds; i++) {
      await ping.promise;
      ping = deferred();
      pong.resolve(1);
    }
  })();
  for (let i = 0; i < rounds; i++) {
    ping.resolve(1);
    await pong.promise;
    pong = deferred();
  }
  await echo;
  console.log("ns_per_op", ((now() - start) * 1e6) / (rounds * 2));
}

function deferred() {
  let resolve;
  const promise = new Promise((done) => { resolve = done; });
  return { promise, resolve };
}

async function millionSleepers(count = 1000000, ms = 5000) {
  let woken = 0;
  let outOfOrder = 0;
  const start = now();
  const tasks = [];
  for (let id = 0; id < count; id++) {
    tasks.push((async () => {
      await sleep(ms);
      if (id !== woken) outOfOrder += 1;
      woken += 1;
    })());
  }
  const startMs = now() - start;
  for (const task of tasks) await task;
  console.log("woken", woken);
  console.log("out_of_order", outOfOrder);
  console.log("start_ms", startMs);
  console.log("wall_ms", now() - start);
}

async function fifoReads(...paths) {
  const start = now();
  const texts = await Promise.all(paths.map((path) => readFile(path)));
  console.log("wall_ms", now() - start);
  console.log("size", texts.reduce((sum, text) => sum + text.length, 0));
}

const benchmarks = {
  sleeps, spawn_await: spawnAwait, switch: switches, million_sleepers: millionSleepers, fifo_reads: fifoReads,
};
const [name, ...args] = process.argv.slice(2);
await benchmarks[name](...(name === "fifo_reads" ? args : args.map(Number)));
