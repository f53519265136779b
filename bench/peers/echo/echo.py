# A TCP server that sends back what it gets, in asyncio.
import asyncio


async def echo(reader, writer):
    try:
        while piece := await reader.read(4096):
            writer.write(piece)
            await writer.drain()
    except ConnectionError:
        pass
    writer.close()


async def main():
    server = await asyncio.start_server(echo, "127.0.0.1", 0, backlog=1024)
    host, port = server.sockets[0].getsockname()
    print(f"ready {host}:{port}", flush=True)
    await server.serve_forever()


asyncio.run(main())
