# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Servers in processes of their own, and a plain load generator on loopback."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

CONNECTIONS = 4
_URL = re.compile(r"http://([\d.]+):(\d+)")

BARE = """
import sys
from aiohttp import web
body = b"x" * int(sys.argv[1])
async def answer(request): return web.Response(body=body, content_type="application/json")
async def main():
    import asyncio
    server = await asyncio.get_running_loop().create_server(web.Server(answer, access_log=None), "127.0.0.1", 0)
    print("http://127.0.0.1:%d" % server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()
import asyncio
asyncio.run(main())
"""


@contextmanager
def server(*command: str) -> Iterator[tuple[str, int]]:
    """Run a server that prints its URL when it is ready; yields host and port; stops it."""
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        match = _URL.search(process.stdout.readline())
        assert match, f"{command}: no URL"
        yield match.group(1), int(match.group(2))
    finally:
        process.terminate()
        process.wait(10)


def simulator() -> tuple[str, ...]:
    """The command of a simulator."""
    return (
        "-c",
        "from functools import partial; from nitrox.simulator.server import serve; serve(announce=partial(print, flush=True))",
    )


async def _worker(host: str, port: int, request: bytes, number: int) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    for _turn in range(number):
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        await reader.readexactly(int(length.group(1)) if length else 0)
    writer.close()


def requests_per_second(host: str, port: int, request: bytes, number: int = 4000) -> float:
    """Send the same request over a few kept-alive connections."""

    async def run() -> None:
        await asyncio.gather(*(_worker(host, port, request, number // CONNECTIONS) for _n in range(CONNECTIONS)))

    started = time.perf_counter()
    asyncio.run(run())
    return number / (time.perf_counter() - started)
