# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Which appliance, and how to get in: the options that every front has, checked at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv6Address
from typing import Any
from urllib.parse import urlsplit

PREFIXES = ("NETSCALER_", "NS_")
ALIASES = {"username": ("NS_LOGIN",)}  # as other tools for this appliance call it
TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
PROXY_VARIABLES = ("http_proxy", "https_proxy", "no_proxy")


@dataclass(frozen=True)
class Target:
    """One appliance, or the two nodes of a high availability pair, or an instance behind a NetScaler Console.

    ``urls`` are without a trailing slash. Either ``token`` (a session that somebody else holds) or ``username`` and
    ``password``. ``timeout`` and ``retry_budget`` are seconds; a request is repeated ``retries`` times at most. ``proxies`` is
    empty unless a proxy is wanted. With ``instance_ip``, ``_name`` or ``_id`` the urls are those of a Console, which passes
    requests on (PROTOCOL 16.1); ``console_cloud`` is the one in the cloud, with another form of login. ``page_size`` 0 asks
    for everything at once.
    """

    urls: tuple[str, ...]
    username: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    partition: str = ""
    validate_certs: bool = True
    ca_path: str = ""
    timeout: float = 30.0
    retries: int = 5
    retry_budget: float = 30.0
    page_size: int = 10_000
    proxies: Mapping[str, str] = field(default_factory=dict, repr=False)
    instance_ip: str = ""
    instance_name: str = ""
    instance_id: str = ""
    instance_username: str = ""
    instance_password: str = field(default="", repr=False)
    console_cloud: bool = False

    @classmethod
    def from_options(cls, options: Mapping[str, Any], environment: Mapping[str, str]) -> Target:
        """An option, else ``NETSCALER_<OPTION>``, else ``NS_<OPTION>`` of the environment.

        ``url`` (or ``urls``) is an address or URL, several of them with commas or as a list. Raises `ValueError`, which names
        everything that is missing or wrong.
        """
        given = _Given(options, environment)
        urls = given.urls()
        target = cls(
            urls=urls,
            **{name: given.text(name) for name in _TEXTS},
            validate_certs=given.flag("validate_certs", default=True),
            console_cloud=given.flag("console_cloud", default=False),
            timeout=given.number("timeout", 30.0, above=0),
            retries=int(given.number("retries", 5)),
            retry_budget=given.number("retry_budget", 30.0),
            page_size=int(given.number("page_size", 10_000)),
            proxies=_proxies(environment) if given.flag("use_proxy", default=False) else {},
        )
        if problems := [*given.problems, *_credentials(target)]:
            raise ValueError("; ".join(problems))
        return target

    @property
    def identity(self) -> str:
        """A name for the login, without secrets: the same for all who may share one session token."""
        parts = (*self.urls, self.username, self.partition, self.instance_ip, self.instance_name, self.instance_id)
        from hashlib import sha256

        return sha256("\n".join(parts).encode()).hexdigest()[:24]

    @property
    def behind_console(self) -> bool:
        """Requests go through a NetScaler Console."""
        return bool(self.instance_ip or self.instance_name or self.instance_id)

    @property
    def verify(self) -> bool | str:
        """How to check certificates: the path of CA certificates, or yes or no."""
        return (self.ca_path or True) if self.validate_certs else False

    def instance_headers(self) -> dict[str, str]:
        """What tells a Console which instance is meant: one of address, name and id, and a user if there is one."""
        if not self.behind_console:
            return {}
        one = next(name for name in ("ip", "name", "id") if getattr(self, f"instance_{name}"))
        wanted = (one, "username", "password")
        said = {name: getattr(self, f"instance_{name}") for name in wanted}
        return {f"_MPS_API_PROXY_MANAGED_INSTANCE_{name.upper()}": value for name, value in said.items() if value}


_TEXTS = (
    "username", "password", "token", "partition", "ca_path",
    "instance_ip", "instance_name", "instance_id", "instance_username", "instance_password",
)  # fmt: skip


class _Given:
    """The options as somebody gave them, and the problems with them."""

    def __init__(self, options: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        self._options, self._environment = options, environment
        self.problems: list[str] = []

    def value(self, name: str) -> Any:
        found = self._options.get(name)
        if found is not None and found != "":
            return found
        variables = (*(prefix + name.upper() for prefix in PREFIXES), *ALIASES.get(name, ()))
        return next((self._environment[v] for v in variables if self._environment.get(v)), None)

    def text(self, name: str) -> str:
        value = self.value(name)
        return "" if value is None else str(value)

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.value(name)
        word = str(default if value is None else value).lower()
        if word not in (*TRUE, *FALSE):
            self.problems.append(f"{name}: true or false is wanted, not {value!r}")
        return word in TRUE

    def number(self, name: str, default: float, *, above: float | None = None) -> float:
        value = self.value(name)
        try:
            number = float(default if value is None else value)
        except (TypeError, ValueError):
            number = -1.0
        if not 0 <= number < float("inf") or number == above:
            self.problems.append(f"{name}: a number {'above' if above is not None else 'of at least'} 0 is wanted, not {value!r}")
            return default
        return number

    def urls(self) -> tuple[str, ...]:
        value = self.value("url") or self.value("urls") or ()
        listed: Sequence[Any] = value.split(",") if isinstance(value, str) else value
        found = []
        for each in filter(None, (str(item).strip() for item in listed)):
            try:
                found.append(_base_url(each))
            except ValueError as problem:
                self.problems.append(f"url: {each!r}: {problem}" if "@" not in each else f"url: {problem}")
        if not found and not self.problems:
            self.problems.append("url is missing (or NETSCALER_URL): the management address of the appliance")
        return tuple(dict.fromkeys(found))


def _base_url(given: str) -> str:
    """``10.0.0.1`` → ``https://10.0.0.1``; no trailing slash, no NITRO path."""
    parts = urlsplit(given if "://" in given else f"https://{_bracketed(given)}")
    if parts.scheme not in ("http", "https"):
        raise ValueError("http or https is wanted")
    if parts.username or parts.password:
        raise ValueError("user and password belong into their own options, not into the address")
    if not parts.hostname or any(char.isspace() for char in given) or parts.query or parts.fragment:
        raise ValueError("this is no address")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}{parts.path.partition('/nitro')[0].rstrip('/')}"


def _bracketed(host: str) -> str:
    try:
        return f"[{IPv6Address(host)}]"
    except ValueError:
        return host


def _credentials(target: Target) -> list[str]:
    problems = []
    if not target.token:
        for name in ("username", "password"):
            if not getattr(target, name):
                problems.append(f"{name} is missing (or NETSCALER_{name.upper()}), unless a token is given")
    if sum(map(bool, (target.instance_ip, target.instance_name, target.instance_id))) > 1:
        problems.append("only one of instance_ip, instance_name and instance_id is wanted")
    if (target.instance_username or target.instance_password) and not target.behind_console:
        problems.append("instance_username and instance_password go with one of instance_ip, instance_name and instance_id")
    return problems


def _proxies(environment: Mapping[str, str]) -> dict[str, str]:
    found = {name: environment.get(name) or environment.get(name.upper()) or "" for name in PROXY_VARIABLES}
    return {name if name == "no_proxy" else name.partition("_")[0]: value for name, value in found.items() if value}
