# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A server of bytes: says what it is told, or nothing, and remembers what it was sent."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

DONE = b'{ "errorcode": 0, "message": "Done", "severity": "NONE" }'


def http(status: str = "200 OK", body: bytes = DONE, *, headers: str = "", length: int | None = None) -> bytes:
    """A whole answer; ``length`` announces another size than the body has."""
    size = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n{headers}\r\n".encode() + body


@dataclass(frozen=True)
class Step:
    """What to do with one request: read it or not, answer, and then perhaps hang up, politely or by a reset."""

    answer: bytes = b""
    read: bool = True
    hang_up: bool = False
    reset: bool = False


ANSWER = Step(http())


@dataclass
class Server:
    """Where it listens, and what came in: one entry for each request and the number of connections."""

    url: str
    heard: list[bytes] = field(default_factory=list)
    connections: int = 0
    hung_up: threading.Event = field(default_factory=threading.Event)


@contextlib.contextmanager
def served(steps: Sequence[Step], *, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Serve the steps in their order, over as many connections as it takes."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    server = Server(f"{'https' if tls else 'http'}://localhost:{listener.getsockname()[1]}")
    server.url = server.url.replace("localhost", "127.0.0.1")
    stop = threading.Event()
    left = list(steps)

    def accept() -> None:
        while not stop.is_set():
            with contextlib.suppress(OSError):
                plain, _ = listener.accept()
                plain.settimeout(5)
                server.connections += 1
                with tls.wrap_socket(plain, server_side=True) if tls else plain as connection:
                    _talk(connection, left, server, stop)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        stop.set()
        listener.close()
        thread.join(5)


def _talk(connection: socket.socket, left: list[Step], server: Server, stop: threading.Event) -> None:
    while left and not stop.is_set():
        if left[0].read:
            request = _request(connection, stop)
            if not request:
                return
            server.heard.append(request)
        step = left.pop(0)
        if step.reset:
            if not step.read:  # not before the request is on its way
                connection.recv(1, socket.MSG_PEEK)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        connection.sendall(step.answer)
        if step.hang_up:
            connection.shutdown(socket.SHUT_RDWR)
            server.hung_up.set()
            return
    while not stop.wait(0.05):  # say no more
        pass


def _request(connection: socket.socket, stop: threading.Event) -> bytes:
    heard = b""
    connection.settimeout(0.1)
    while not stop.is_set():
        try:
            part = connection.recv(65536)
        except TimeoutError:
            continue
        if not part:
            return b""
        heard += part
        head, found, body = heard.partition(b"\r\n\r\n")
        size = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
        if found and len(body) >= size:
            return heard
    return b""
