# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The resource that saves the configuration: once at its creation, and again whenever its triggers change."""

from __future__ import annotations

from typing import Any

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import wire
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import OutcomeUnknown

from . import checking
from .failure import reported
from .managed import Managed


class SavedProvider(Managed):
    """``triggers`` may be anything."""

    @reported
    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Anything goes, as long as there is a target."""
        return self.checked(checking.plain(news), news, [])

    @reported
    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Offline: other triggers, or triggers that are not known yet."""
        old, new = _olds.get("triggers"), _news.get("triggers")
        return DiffResult(changes=checking.is_unknown(new) or old != new, replaces=[], delete_before_replace=False)

    @reported
    def create(self, props: dict[str, Any]) -> CreateResult:
        """Save."""
        self._save()
        return CreateResult("saved", checking.plain(props))

    @reported
    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Save again."""
        self._save()
        return UpdateResult(checking.plain(_news))

    @reported
    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """What is saved stays saved."""

    @reported
    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Nothing to compare."""
        return ReadResult(id_, checking.plain(props))

    def _save(self) -> None:
        """Saving twice does no harm, so a lost answer is asked for again, once."""
        try:
            self.appliance.session.send(wire.save())
        except OutcomeUnknown:
            self.appliance.session.send(wire.save())
