// The asynchronous benchmarks in Node: node peer.mjs NAME [ARGS].
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
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

async function readAll(port, host) {
  let size = 0;
  for await (const chunk of connect(port, host)) size += chunk.length;
  return size;
}

async function socketReads(address, count) {
  const { hostname, port } = new URL(`tcp://${address}`);
  const start = now();
  const reads = [];
  for (let i = 0; i < Number(count); i++) reads.push(readAll(Number(port), hostname));
  const sizes = await Promise.all(reads);
  console.log("wall_ms", now() - start);
  console.log("size", sizes.reduce((sum, size) => sum + size, 0));
}

async function tcpEcho(count = 10, rounds = 2000) {
  const server = createServer({ noDelay: true }, (socket) => socket.pipe(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const message = Buffer.alloc(64, "x");
  const start = now();
  const clients = [];
  for (let i = 0; i < count; i++) clients.push(echoClient(server.address().port, rounds, message));
  await Promise.all(clients);
  console.log("ns_per_op", ((now() - start) * 1e6) / (count * rounds));
  server.close();
}

// Sends the message and waits for it to come back, so many times.
async function echoClient(port, rounds, message) {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  let left = rounds;
  let came = Buffer.alloc(0);
  socket.write(message);
  for await (const chunk of socket) {
    came = came.length === 0 ? chunk : Buffer.concat([came, chunk]);
    if (came.length < message.length) continue;
    if (!came.equals(message)) throw new Error("what comes back is not what was sent");
    came = Buffer.alloc(0);
    left -= 1;
    if (left === 0) return; // leaving the loop closes the socket
    socket.write(message);
  }
  throw new Error(`the server closed with ${left} rounds left`);
}

const benchmarks = {
  sleeps, spawn_await: spawnAwait, switch: switches, million_sleepers: millionSleepers,
  fifo_reads: fifoReads, socket_reads: socketReads, tcp_echo: tcpEcho,
};
const texts = new Set(["fifo_reads", "socket_reads"]); // whose arguments are no numbers
const [name, ...args] = process.argv.slice(2);
await benchmarks[name](...(texts.has(name) ? args : args.map(Number)));
