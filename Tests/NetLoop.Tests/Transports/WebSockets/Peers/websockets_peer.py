"""python3-websockets as client or echo server.

websockets_peer.py URL      sends COUNT messages of mixed sizes and compares what comes back
websockets_peer.py server   prints its port and sends everything back
"""
import asyncio
import sys

import websockets

COUNT = 10_000
WINDOW = 32
BORDERS = [1, 2, 124, 125, 126, 127, 128, 1000, 4096, 16384, 65535, 65536]
SOURCE = bytes(range(251)) * 263


def message(i):
    size = BORDERS[i // 50 % len(BORDERS)] if i % 50 == 0 else 1 + i * 37 % 400
    return SOURCE[i % 251:i % 251 + size]


async def client(url):
    async with websockets.connect(url) as socket:
        sent = 0
        for received in range(COUNT):
            while sent < COUNT and sent - received < WINDOW:
                await socket.send(message(sent))
                sent += 1
            if await socket.recv() != message(received):
                print(f"message {received} came back changed", flush=True)
                return
        await socket.close(4321, "done")
        print(f"received {COUNT}, closed {socket.close_code} clean", flush=True)


async def echo(socket, path=None):
    async for data in socket:
        await socket.send(data)


async def server():
    async with websockets.serve(echo, "127.0.0.1", 0) as listening:
        print(f"port {listening.sockets[0].getsockname()[1]}", flush=True)
        await asyncio.Future()


asyncio.run(server() if sys.argv[1] == "server" else client(sys.argv[1]))
