# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The way to an appliance: log in once, stay logged in, find the primary node, enter the partition (PROTOCOL 2, 13, 14, 16.1).

One request goes in, its result comes out. Only an expired session is dealt with here: the appliance refused the request, so
after one new login it is sent again.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from . import answer, wire
from .errors import NitroError, NotReady, OutcomeUnknown, Rejected, TargetChanged, Unauthorized, Unreachable
from .target import Target
from .transport import Answer

ROLE_AGE = 30.0  # seconds for which a node is trusted to have kept its role
LOGGED = 500


class Sends(Protocol):
    """What `transport.Transport` does; tests hand in their own."""

    def send(self, request: wire.Request, *, base_url: str, headers: dict[str, str]) -> Answer:
        """See `transport.Transport.send`."""

    def close(self) -> None:
        """Close every connection."""


class TokenStore(Protocol):
    """Where several processes keep one login. What is kept is one opaque line of text."""

    def get(self) -> str | None:
        """What was put last, or None."""

    def put(self, token: str) -> None:
        """Keep this."""

    def drop(self) -> None:
        """Forget it: it is no longer valid."""


@dataclass(frozen=True)
class Node:
    """Where requests go. ``primary`` is None where nobody asked yet, ``seen`` is when it was asked."""

    url: str
    token: str
    primary: bool | None = None
    seen: float = 0.0


class Link:
    """Sends requests to ``target`` over ``transport``.

    ``log`` has the latest requests, masked, with the status of their answers; ``counts`` is by HTTP method.
    """

    def __init__(
        self, target: Target, transport: Sends, *, clock: Callable[[], float], token_store: TokenStore | None = None
    ) -> None:
        self._target, self._transport, self._clock, self._store = target, transport, clock, token_store
        self._pair = len(target.urls) > 1
        self._node: Node | None = None
        self._entered: list[Node] = []
        self._lock = threading.RLock()
        self._pinning = False
        self._pinned = ""
        self.log: deque[dict[str, Any]] = deque(maxlen=LOGGED)
        self.counts: Counter[str] = Counter()
        self.logins = 0

    def exchange(self, request: wire.Request) -> answer.Result:
        """Send ``request`` where it belongs. Raises what `transport.Transport.send` and `answer.parse` raise."""
        node = self._node_for(request)
        try:
            return self._call(request, node)
        except Unauthorized as error:
            if self._target.token or not _session_gone(error):
                raise
            self._forget(node, valid=False)
        except (Unreachable, OutcomeUnknown):
            if self._pair:  # perhaps it failed over: the other node may be the one to ask
                self._forget(node)
            raise
        except NotReady as error:
            if error.errorcode == answer.NOT_PRIMARY:
                self._forget(node)
            raise
        return self._call(request, self._node_for(request))

    def pin(self, *, on: bool = True) -> None:
        """From now on write only in the session that is used next: in another one `TargetChanged` is raised."""
        with self._lock:
            self._pinning, self._pinned = on, ""

    def close(self, *, keep: bool) -> None:
        """Log out of every session that was opened here, unless it is to be kept, and close the connections."""
        with self._lock:
            for node in () if keep else tuple(self._entered):
                self._leave(node)
            self._node = None
        self._transport.close()

    def _node_for(self, request: wire.Request) -> Node:
        with self._lock:
            node = self._node or self._resumed()
            if node and self._pair and not request.safe:
                node = self._still_primary(node)
            self._node = node or self._found(request)
            self._check_pin(request, self._node)
            return self._node

    def _check_pin(self, request: wire.Request, node: Node) -> None:
        if self._pinning and not self._pinned:
            self._pinned = node.token
        elif self._pinning and not request.safe and node.token != self._pinned:
            raise TargetChanged(f"{request.subject}: not done, the session was lost: the appliance restarted or failed over")

    def _still_primary(self, node: Node) -> Node | None:
        if node.primary and self._clock() - node.seen <= ROLE_AGE:
            return node
        try:
            asked = self._asked(node)
        except NitroError:
            asked = node
        if not asked.primary:
            self._forget(node)
            return None
        return asked

    def _resumed(self) -> Node | None:
        """The login that another process left in the store, if it fits."""
        token, _space, url = ((self._store and self._store.get()) or "").partition(" ")
        return Node(url, token) if token and url in self._target.urls else None

    def _found(self, request: wire.Request) -> Node:
        """Log in: at the only node, or at the primary of a pair. A read is content with a secondary."""
        failures: list[NitroError] = []
        secondary: Node | None = None
        for url in self._target.urls:
            try:
                node = self._entered_at(url)
            except (Unreachable, NotReady) as error:
                failures.append(error)
                continue
            if node.primary is not False:
                return self._kept(node)
            if secondary:
                self._leave(node)
            secondary = secondary or node
        if secondary and request.safe:
            return secondary
        if secondary:
            self._leave(secondary)
            raise _only_secondary(request, secondary, failures)
        raise failures[0] if len(failures) == 1 else _none_reachable(failures)

    def _entered_at(self, url: str) -> Node:
        """A session at ``url``, with the node's role in a pair; anew, once, where it was lost right after the login."""
        try:
            return self._role_at(url)
        except Unauthorized as error:
            if self._target.token or not _session_gone(error):
                raise
        return self._role_at(url)

    def _role_at(self, url: str) -> Node:
        node = self._entry(url)
        return self._asked(node) if self._pair else node

    def _entry(self, url: str) -> Node:
        """A session at ``url``, in the wanted partition. A lost answer did no harm here: nothing was changed."""
        target = self._target
        try:
            node = Node(url, target.token or self._logged_in(url))
            if target.partition:
                self._call(wire.switch_partition(target.partition), node)
        except OutcomeUnknown as error:
            raise Unreachable(f"no session at {url}, nothing was changed: {error}") from error
        return node

    def _logged_in(self, url: str) -> str:
        target = self._target
        request = wire.login(target.username, target.password, console=target.behind_console, cloud=target.console_cloud)
        result = self._call(request, Node(url, ""))
        said = result.payload.get("sessionid") or _first(result.payload.get("login")).get("sessionid")
        if result.status not in (200, 201) or not said:
            raise Unauthorized(request.subject, 0, f"{url} gave no session token", status=result.status)
        self.logins += 1
        self._entered.append(Node(url, str(said)))
        return str(said)

    def _asked(self, node: Node) -> Node:
        """The node with its role. One that knows nothing of a pair stands alone and is as good as a primary."""
        try:
            row = _first(self._call(wire.role(), node).payload.get("hanode"))
        except OutcomeUnknown as error:
            raise Unreachable(f"the role of {node.url} could not be read: {error}") from error
        state = str(row.get("state") or "primary").lower()
        return replace(node, primary=state == "primary", seen=self._clock())

    def _kept(self, node: Node) -> Node:
        if self._store and not self._target.token:
            self._store.put(f"{node.token} {node.url}")
        return node

    def _forget(self, node: Node, *, valid: bool = True) -> None:
        """Do not use this login again. What others put into the store meanwhile stays."""
        with self._lock:
            if not valid:
                self._entered = [one for one in self._entered if one.token != node.token]
            if self._node and self._node.token == node.token:
                self._node = None
            if self._store and self._store.get() == f"{node.token} {node.url}":
                self._store.drop()

    def _leave(self, node: Node) -> None:
        """Free the session's slot; should that fail, the appliance frees it when it has been idle for long enough."""
        if self._target.token:
            return
        self._entered = [one for one in self._entered if one.token != node.token]
        try:
            self._call(wire.logout(console_token=node.token if self._target.behind_console else ""), node)
        except NitroError:
            return

    def _call(self, request: wire.Request, node: Node) -> answer.Result:
        entry = request.masked()
        self.log.append(entry)
        self.counts[request.method] += 1
        reply = self._transport.send(request, base_url=node.url, headers=self._headers(request, node))
        entry["status"] = reply.status
        return answer.parse(request, reply)

    def _headers(self, request: wire.Request, node: Node) -> dict[str, str]:
        cookie = "SESSID" if self._target.console_cloud else "NITRO_AUTH_TOKEN"
        session = {"Cookie": f"{cookie}={node.token}"} if node.token else {}
        return session if request.kind in ("login", "logout") else {**session, **self._target.instance_headers()}


def _session_gone(error: Rejected) -> bool:
    return error.errorcode in answer.SESSION_GONE or (error.errorcode == 0 and error.status == 401)


def _first(rows: Any) -> dict[str, Any]:
    row = rows[0] if isinstance(rows, list) and rows else rows
    return row if isinstance(row, dict) else {}


def _only_secondary(request: wire.Request, node: Node, failures: list[NitroError]) -> NotReady:
    others = "".join(f"; {failure}" for failure in failures)
    message = f"{node.url} is a secondary node and no primary is reachable, nothing was sent{others}"
    return NotReady(request.subject, answer.NOT_PRIMARY, message, status=503)


def _none_reachable(failures: list[NitroError]) -> NitroError:
    waiting = next((failure for failure in failures if isinstance(failure, NotReady)), None)
    return waiting or Unreachable("; ".join(str(failure) for failure in failures))
