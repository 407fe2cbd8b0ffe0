# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What all providers of this package have in common: their target, from whichever configuration the engine hands over."""

from __future__ import annotations

from typing import Any

from pulumi.dynamic import CheckFailure, CheckResult, ConfigureRequest

from pulumi_netscaler import options
from pulumi_netscaler.provider import NitroProvider

from .appliance import Appliance, appliance
from .failure import NetScalerError
from .workers import widen

NAME, ADOPT, GOT, ADOPTED = "__name", "__adopt", "__get", "__adopted"


class Managed(NitroProvider):
    """A provider with a target. The target is worked out when it is needed, so that a missing one is a failed check."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self._options: dict[str, Any] = {}
        self._appliance: Appliance | None = None

    def configure(self, req: ConfigureRequest) -> None:
        """Options from an explicit provider, or from the stack's configuration: both come under the same names."""
        self._options = options.collected(req.config.get)
        self._appliance = None
        widen()

    @property
    def appliance(self) -> Appliance:
        """The appliance that the options and the environment name. No network yet. Raises `NetScalerError`."""
        if self._appliance is None:
            try:
                self._appliance = appliance(options.target(self._options))
            except ValueError as error:
                text = f"which appliance? {error}; give a pulumi_netscaler.Provider, or pulumi config set netscaler:url …"
                raise NetScalerError(text) from None
        return self._appliance

    def adopts(self, properties: dict[str, Any]) -> bool:
        """Is an object that exists taken over? The resource says so, else its provider."""
        own = properties.get(ADOPT)
        return options.adopts(self._options) if own is None else bool(own)

    def target_failures(self) -> list[CheckFailure]:
        """A missing or wrong target as a failed check."""
        try:
            _ = self.appliance
        except NetScalerError as error:
            return [CheckFailure("provider", str(error))]
        return []

    def checked(self, inputs: dict[str, Any], news: dict[str, Any], failures: list[CheckFailure]) -> CheckResult:
        """The answer to a check: what is ours to remember goes along."""
        kept = {name: news[name] for name in (NAME, ADOPT, GOT) if news.get(name) is not None}
        return CheckResult({**inputs, **kept}, [*self.target_failures(), *failures])
