"""The asynchronous benchmarks in asyncio: python3 peer.py NAME [ARGS]."""
import asyncio
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


benchmarks = {f.__name__: f for f in (sleeps, spawn_await, switch, million_sleepers)}
asyncio.run(benchmarks[sys.argv[1]](*map(int, sys.argv[2:])))
