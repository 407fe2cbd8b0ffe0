# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""One simulated appliance: its configuration (running and saved), sessions, clock, role and counters."""

from __future__ import annotations

import copy
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import behaviour, boot, registry
from .connections import Connections
from .faults import Faults
from .session import Sessions
from .statistics import Activity
from .table import Store

DEFAULT_PARTITION = "default"
LOG_LENGTH = 20_000
Dump = dict[str, Any]

# What builds differ in, and what a test may want of a box.
HABITS: Mapping[str, Any] = {
    "save_seconds": 0.0,
    "boot_seconds": 0.0,
    "done_body": False,
    "hold_sync": False,  # the peer gets no changes: after a failover it is stale
    "secondary_errorcode": 0,  # 0: writes on a secondary are accepted, with 1028 (PROTOCOL 13 [D]); else refused so
}

# Not in ns.conf: they outlive a reboot without a save.
ON_DISK = ("systemfile", "systembackup", "sslcertfile", "sslkeyfile", "sslcrlfile", "ssldhfile", "sslcertbundle")
# Each node of a pair has its own (PROTOCOL 13 [D]: node configuration, interfaces, channels; the others [I]).
_OF_THE_NODE = ("hanode", "hanode_routemonitor_binding", "interface", "channel", "nshostname", "nsrpcnode", "nsconfig")


def _localised(data: Dump, own: dict[str, list[dict[str, Any]]]) -> Dump:
    """The primary's configuration with what a node keeps for itself."""
    tables = data.setdefault(DEFAULT_PARTITION, {})
    for kind in _OF_THE_NODE:
        tables.pop(kind, None)
        if kind in own:
            tables[kind] = own[kind]
    mine = [row for row in own.get("nsip", ()) if row.get("type") == "NSIP"]
    tables["nsip"] = mine + [row for row in tables.get("nsip", ()) if row.get("type") != "NSIP"]
    return data


class Clock:
    """Wall-clock time that tests may move forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass
class Counters:
    """What the control endpoint reports; all integers."""

    requests_total: int = 0
    logins: int = 0
    connections: int = 0
    saves: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    requests: Counter[str] = field(default_factory=Counter)

    def report(self) -> dict[str, Any]:
        """Plain data; ``requests`` maps method → kind → number."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        nested: dict[str, dict[str, int]] = {}
        for named, number in sorted(self.requests.items()):
            method, _, kind = named.partition(" ")
            nested.setdefault(method, {})[kind] = number
        return plain | {"requests": nested}


class Appliance:
    """State of one box. ``options`` are its build-dependent habits, set through the control endpoint."""

    def __init__(self, *, name: str = "netscaler", nsip: str = "192.0.2.10", state: Dump | None = None) -> None:
        behaviour.load()
        self.name, self.nsip = name, nsip
        self.clock = Clock()
        self.initial = copy.deepcopy(state)
        self.peer: Appliance | None = None
        self.url = ""  # where it listens
        self.fleet: Mapping[str, Appliance] = {name: self}  # all appliances of the process
        self.latency = 0.0
        self.on_restart: Callable[[float], None] | None = None  # stop to listen for so many seconds
        self.reset()

    def reset(self) -> None:
        """Back to the state of the start: factory configuration plus the loaded state, nothing counted, no faults, no habits."""
        self.options: dict[str, Any] = dict(HABITS)
        self.counters = Counters()
        self.log: deque[dict[str, Any]] = deque(maxlen=LOG_LENGTH)
        self.logged = 0
        self.faults = Faults()
        self.clock.ahead = 0.0
        self.activity = Activity()
        self.connections = Connections()
        self.primary = True
        self.started = self.clock()
        self.booting_until = self.saving_until = 0.0
        self.version = self.changed_at = self.saved_at = 0.0
        self.unsaved: set[str] = set()
        self.off = False  # shut down; a reset switches it on
        self.synced = -1.0
        self.partitions: dict[str, Store] = {}
        self.sessions = Sessions(self.clock)
        self.load(self.initial or {})
        self.saved = self.dump()

    def partition(self, name: str = DEFAULT_PARTITION) -> Store:
        """The store of a partition; it is made on first use, with what every partition has at boot."""
        store = self.partitions.get(name)
        if store is None:
            store = self.partitions[name] = Store()
            boot.furnish(store, self.nsip, default=name == DEFAULT_PARTITION)
        return store

    def touch(self, partition: str = DEFAULT_PARTITION) -> None:
        """The running configuration of a partition has changed."""
        self.version += 1
        self.changed_at = self.clock()
        self.unsaved.add(partition)

    @property
    def dirty(self) -> bool:
        """Are there changes that are not saved?"""
        return bool(self.unsaved)

    def save(self, partition: str | None = None) -> None:
        """Running configuration → saved configuration, of one partition or (None) of all (PROTOCOL 11 [D])."""
        running = self.dump()
        still = {name: tables for name, tables in self.saved.items() if name in running}
        self.saved = running if partition is None else {**still, partition: running.get(partition, {})}
        self.unsaved = set() if partition is None else self.unsaved - {partition}
        self.saved_at = self.clock()
        self.saving_until = self.saved_at + float(self.options["save_seconds"])
        self.counters.saves += 1

    def reboot(self) -> None:
        """Unsaved configuration and all sessions are lost (PROTOCOL 11 [D])."""
        files = {name: {kind: list(store.table(kind)) for kind in ON_DISK} for name, store in self.partitions.items()}
        self.load(self.saved, furnish=False)
        for name in files.keys() & self.partitions.keys():
            for kind, rows in files[name].items():
                self.partitions[name].replace(kind, rows)
        self.sessions = Sessions(self.clock)
        self.started = self.clock()
        self.activity = Activity()
        self.booting_until = self.started + float(self.options["boot_seconds"])
        self.unsaved, self.off = set(), False
        for hook in registry.BOOTED:
            hook(self)

    def empty(self) -> None:
        """Replaced by a factory-new box: nothing configured, nothing saved, nobody logged in."""
        self.load({})
        self.saved = self.dump()
        self.unsaved = set()
        self.sessions = Sessions(self.clock)

    def dump(self) -> Dump:
        """Plain data of the running configuration: partition → kind → rows."""
        return copy.deepcopy({name: store.dump() for name, store in self.partitions.items()})

    def load(self, data: Dump, *, furnish: bool = True) -> None:
        """Replace the running configuration. ``data`` is like `dump`, or kind → rows for the default partition alone;
        kinds that it does not name keep what is there at boot, unless ``furnish`` is off."""
        if data and not any(isinstance(rows, dict) for rows in data.values()):
            data = {DEFAULT_PARTITION: data}
        data = copy.deepcopy(data)
        self.partitions = {}
        for name in {DEFAULT_PARTITION, *data}:
            at_boot = self.partition(name).dump() if furnish else {}
            store = self.partitions.setdefault(name, Store())
            store.load({**at_boot, **data.get(name, {})})
            for hook in registry.LOADED:
                hook(store)
        self.version += 1

    def fail_over(self) -> None:
        """Swap roles with the peer. Sessions are not shared (PROTOCOL 13 [I])."""
        if self.peer is None:
            return
        self.replicate()
        for node in (self, self.peer):
            node.primary = not node.primary
            node.sessions = Sessions(node.clock)
            node.synced = -1.0
        for hook in registry.FAILED_OVER:
            hook(self)

    def replicate(self, *, force: bool = False) -> None:
        """Bring the secondary of the pair to the primary's configuration (PROTOCOL 13: haprop, hasync).

        It is done when somebody looks at the secondary or the roles swap: what was written on it alone lasts until then.
        """
        source, sink = (self, self.peer) if self.primary else (self.peer, self)
        held = self.options["hold_sync"] or (self.peer is not None and self.peer.options["hold_sync"])
        if held and not force:
            return
        if source is None or sink is None or not (force or (sink.synced != source.version and source.propagates())):
            return
        own = sink.dump()[DEFAULT_PARTITION]
        saved = sink.saved.get(DEFAULT_PARTITION, {})
        sink.load(_localised(source.dump(), own), furnish=False)
        sink.saved, sink.synced = _localised(copy.deepcopy(source.saved), saved), source.version

    def propagates(self) -> bool:
        """Does this node send its commands to its peer (hanode haprop, PROTOCOL 13 [D])?"""
        own: dict[str, Any] = self.partition().find("hanode", 0) or {}
        return str(own.get("haprop", "ENABLED")).upper() != "DISABLED"

    def record(self, entry: dict[str, Any]) -> None:
        """Add to the request log that the control endpoint shows; entries are numbered."""
        self.logged += 1
        self.log.append({"number": self.logged, "time": round(self.clock(), 3), **entry})
