# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""One appliance for a whole provider process: a session that logs in once, its reads, its writes, and its claims."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Iterable

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.session import Session
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.target import Target

from .claims import Claims, Identity
from .commit import Commits
from .seen import Seen

_appliances: dict[str, Appliance] = {}
_lock = threading.Lock()


class Appliance:
    """Made once for a target and process; the session connects when first needed and logs out at the end of the process."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.session = Session(target)
        self.claims = Claims()
        self.commits = Commits(self)
        self._seen = Seen(self.session)
        self._touched: set[Identity] = set()

    def reader(self, identities: Iterable[Identity]) -> Session:
        """What to read these objects with: remembered reads, unless this process has written one of them, or something with
        which one of them may have come into being."""
        asked = set(identities)
        grown = bool(self._touched) and any(catalogue.kind(kind).implicit for kind, unused in asked)
        return self.session if grown or self._touched.intersection(asked) else self._seen

    def touch(self, identities: Iterable[Identity]) -> None:
        """These objects are about to be written: what was read of them is no longer true."""
        self._touched.update(identities)

    def forget(self) -> None:
        """Anything may have been written: nothing that was read is true any more."""
        self._seen = Seen(self.session)


def appliance(target: Target) -> Appliance:
    """The one for this target. No network."""
    with _lock:
        known = _appliances.get(target.identity)
        if known is None or known.target != target:
            known = _appliances[target.identity] = Appliance(target)
            atexit.register(known.session.close)
        return known
