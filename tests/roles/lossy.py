# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Runs on a node: a socket before Docker's own that loses the first answer, after Docker gave it. Prints each status."""

from __future__ import annotations

import socket
import sys
from contextlib import suppress


def received(link: socket.socket) -> bytes:
    """A whole request."""
    said = b""
    while b"\r\n\r\n" not in said:
        said += link.recv(4096)
    head, _, body = said.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        body += link.recv(4096)
    return head + b"\r\n\r\n" + body


def asked(request: bytes) -> bytes:
    """Docker's answer."""
    with socket.socket(socket.AF_UNIX) as docker:
        docker.connect("/var/run/docker.sock")
        docker.sendall(request)
        return b"".join(iter(lambda: docker.recv(4096), b""))


def main(place: str) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(place)
        server.listen()
        first = True
        while True:
            link, _ = server.accept()
            with link, suppress(OSError):
                answer = asked(received(link))
                print(answer.split()[1].decode(), flush=True)
                link.sendall(b"" if first else answer)
            first = False


if __name__ == "__main__":
    main(sys.argv[1])
