"""The asynchronous benchmarks in asyncio: python3 peer.py [--uvloop] NAME [ARGS]."""
import asyncio
import os
import sys
import time


async def sleeps(count=1000, ms=100):
    start = time.perf_counter()
    naps = [asyncio.create_task(asyncio.sleep(ms / 1000)) for _ in range(count)]
    for nap in naps:
        await nap
    print("wall_ms", (time.perf_counter() - start) * 1e3)


async def spawn_await(count=1000000):
    async def one():
        return 1

    start = time.perf_counter()
    total = 0
    for _ in range(count):
        total += await asyncio.create_task(one())
    assert total == count
    print("ns_per_op", (time.perf_counter() - start) * 1e9 / count)


async def switch(rounds=1000000):
    new_future = asyncio.get_running_loop().create_future
    ping, pong = new_future(), new_future()

    async def echo():
        nonlocal ping
        for _ in range(rounds):
            await ping
            ping = new_future()
            pong.set_result(1)

    start = time.perf_counter()
    other = asyncio.create_task(echo())
    for _ in range(rounds):
        ping.set_result(1)
        await pong
        pong = new_future()
    await other
    print("ns_per_op", (time.perf_counter() - start) * 1e9 / (rounds * 2))


async def million_sleepers(count=1000000, ms=5000):
    woken = 0
    out_of_order = 0

    async def sleeper(index):
        nonlocal woken, out_of_order
        await asyncio.sleep(ms / 1000)
        if index != woken:
            out_of_order += 1
        woken += 1

    start = time.perf_counter()
    tasks = [asyncio.create_task(sleeper(i)) for i in range(count)]
    start_ms = (time.perf_counter() - start) * 1e3
    for task in tasks:
        await task
    print("woken", woken)
    print("out_of_order", out_of_order)
    print("start_ms", start_ms)
    print("wall_ms", (time.perf_counter() - start) * 1e3)


async def read_fifo(path):
    # Opened without waiting for a writer: the loop is what waits.
    pipe = open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0)
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), pipe)
    text = await reader.read()
    transport.close()
    return len(text)


async def fifo_reads(*paths):
    start = time.perf_counter()
    sizes = await asyncio.gather(*map(read_fifo, paths))
    print("wall_ms", (time.perf_counter() - start) * 1e3)
    print("size", sum(sizes))


async def read_all(host, port):
    reader, writer = await asyncio.open_connection(host, port)
    text = await reader.read()
    writer.close()
    return len(text)


async def socket_reads(address, count):
    host, port = address.rsplit(":", 1)
    start = time.perf_counter()
    sizes = await asyncio.gather(*(read_all(host, int(port)) for _ in range(int(count))))
    print("wall_ms", (time.perf_counter() - start) * 1e3)
    print("size", sum(sizes))


async def echo(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


async def echo_client(port, rounds, message):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(rounds):
        writer.write(message)
        assert await reader.readexactly(len(message)) == message
    writer.close()
    await writer.wait_closed()


async def tcp_echo(count=10, rounds=2000):
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    message = b"x" * 64
    start = time.perf_counter()
    await asyncio.gather(*(echo_client(port, rounds, message) for _ in range(count)))
    print("ns_per_op", (time.perf_counter() - start) * 1e9 / (count * rounds))
    server.close()


def main(args):
    run = asyncio.run
    if args[0] == "--uvloop":
        import uvloop
        run, args = asyncio.Runner(loop_factory=uvloop.new_event_loop).run, args[1:]
    name, *rest = args
    texts = {f.__name__: f for f in (fifo_reads, socket_reads)}
    numbers = {f.__name__: f for f in (sleeps, spawn_await, switch, million_sleepers, tcp_echo)}
    run(texts[name](*rest) if name in texts else numbers[name](*map(int, rest)))


main(sys.argv[1:])
