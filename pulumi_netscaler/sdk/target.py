# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The explicit provider: one target, for the resources that name it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi

from pulumi_netscaler import options


class Provider(pulumi.ProviderResource):
    """One appliance, or the nodes of a pair (``url`` with several addresses), or an instance behind a NetScaler Console.

    What is not given comes from the environment (NETSCALER_URL, NETSCALER_PASSWORD …). Secrets are encrypted in the state.
    ``adopt``: resources take over what exists already. Without an explicit provider the stack's configuration
    (``netscaler:url`` …) and the environment say which appliance is meant.
    """

    def __init__(
        self,
        resource_name: str,
        *,
        url: pulumi.Input[str | Sequence[str]] | None = None,
        username: pulumi.Input[str] | None = None,
        password: pulumi.Input[str] | None = None,
        token: pulumi.Input[str] | None = None,
        partition: pulumi.Input[str] | None = None,
        validate_certs: pulumi.Input[bool] | None = None,
        ca_path: pulumi.Input[str] | None = None,
        timeout: pulumi.Input[float] | None = None,
        retries: pulumi.Input[int] | None = None,
        retry_budget: pulumi.Input[float] | None = None,
        page_size: pulumi.Input[int] | None = None,
        use_proxy: pulumi.Input[bool] | None = None,
        instance_ip: pulumi.Input[str] | None = None,
        instance_name: pulumi.Input[str] | None = None,
        instance_id: pulumi.Input[str] | None = None,
        instance_username: pulumi.Input[str] | None = None,
        instance_password: pulumi.Input[str] | None = None,
        console_cloud: pulumi.Input[bool] | None = None,
        adopt: pulumi.Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        named = {**locals()}
        given = {word: named[word] for word in (*options.OPTIONS, options.ADOPT) if named[word] is not None}
        self.given: dict[str, Any] = given  # for lookups, which run in the program
        super().__init__(
            "pulumi-python", resource_name, {options.key(word): _text(word, value) for word, value in given.items()}, opts
        )


def _text(word: str, value: Any) -> pulumi.Output[str]:
    text = pulumi.Output.from_input(value).apply(options.as_text)
    return pulumi.Output.secret(text) if word in options.SECRETS else text
