# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""From a request to an answer: who asks, may they, are the parameters right, and then the command's own behaviour."""

from __future__ import annotations

import hmac
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import listing, signature
from .call import Call, Caller, Hits
from .catalogue import Command, commands
from .parameters import Parameters, check, gather
from .refusal import Refusal, invalid
from .registry import HANDLERS, PLAIN, known
from .store import Row

if TYPE_CHECKING:
    from .cloud import Cloud

OPEN = {"login", "logout"}  # no signature


@dataclass
class Answer:
    """What is sent: the envelope and its members, or an error."""

    envelope: str
    members: dict[str, Any]
    status: int = 200
    as_json: bool = False
    cookies: dict[str, str] = field(default_factory=dict)
    refusal: Refusal | None = None
    caller: str = ""


@dataclass
class Request:
    """The parameters of one request as they came, and what they say about the answer."""

    pairs: signature.Pairs
    trusted: bool = False
    method: str = "GET"
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.given: Parameters = gather(self.pairs)
        self.name = str(self.given.get("command", ""))
        self.command: Command | None = commands().get(self.name.lower())
        self.as_json = str(self.given.get("response", "xml")).lower() == "json"


def execute(cloud: Cloud, request: Request, hits: Hits) -> Answer:
    """Answer one request. Faults of the command itself are in ``hits``; those of the wire are not looked at."""
    cloud.settle()
    command = request.command
    envelope = command.envelope if command is not None else "errorresponse"
    answer = Answer(envelope, {}, as_json=request.as_json)
    try:
        if "reject" in hits:
            raise _told(hits["reject"])
        caller = authenticate(cloud, request)
        answer.caller = str(caller.account["name"]) if caller else ""
        if command is None or not known(command):
            answer.envelope = "errorresponse"
            raise Refusal(432, f"The given command {request.name or '(none)'} does not exist or is not available")
        if caller is not None:
            answer.envelope = "errorresponse"
            _authorise(cloud, command, caller)
            answer.envelope = envelope
        answer.members, answer.cookies = perform(cloud, request, command, caller, hits)
    except Refusal as refusal:
        _refuse(answer, refusal)
    except Exception as error:  # a handler broke: the client is told, the cloud goes on
        traceback.print_exception(error)
        _refuse(answer, Refusal(530, f"internal error: {error}"))
    return answer


def _refuse(answer: Answer, refusal: Refusal) -> None:
    answer.status, answer.members, answer.refusal = refusal.code, refusal.body(), refusal


def _told(fault: dict[str, Any]) -> Refusal:
    cserror = int(fault["cserrorcode"]) if "cserrorcode" in fault else None
    return Refusal(int(fault["errorcode"]), str(fault.get("message", "the command was told to fail")), cserror=cserror)


def perform(
    cloud: Cloud, request: Request, command: Command, caller: Caller | None, hits: Hits
) -> tuple[dict[str, Any], dict[str, str]]:
    """Check the parameters and run the command; returns the members of the answer and cookies to set."""
    check(command, request.given)
    if caller is None:
        opened: tuple[dict[str, Any], dict[str, str]] = HANDLERS[command.name](cloud, request.given)
        return opened
    call = Call(cloud, command, request.given, caller, method=request.method, hits=hits)
    call.check_references()
    handler = _behaviour(command)
    if handler is None:
        return listing.listed(call), {}
    result = handler(call)
    if command.is_async:
        return cloud.jobs.start(call, result, hits), {}
    if isinstance(result, tuple):  # the object that an event is about goes before the members
        row, members = result
        cloud.events.done(call, row if isinstance(row, Row) else None)
        return _at_once(members), {}
    return listing.tampered(_at_once(result), hits, command), {}


def _at_once(members: dict[str, Any]) -> dict[str, Any]:
    """Success told at once is the text "true"; only a job's result has the truth value."""
    return {"success": "true"} if members == {"success": True} else members


def _behaviour(command: Command) -> Callable[..., Any] | None:
    return HANDLERS.get(command.name) or PLAIN.get(command.verb)


def authenticate(cloud: Cloud, request: Request) -> Caller | None:
    """Who asks. Refuses with 401. ``None`` is nobody, for the commands that anybody may call."""
    given = request.given
    if request.name.lower() in OPEN:
        return None
    if "apikey" in given:
        return _by_key(cloud, request, str(given["apikey"]))
    token = str(given.get("sessionkey", ""))
    key = cloud.sessions.get(request.cookies.get("JSESSIONID", ""), "")
    if token and key:
        user, _, wanted = key.partition(" ")
        row = cloud.store.find("user", user)
        if row is not None and hmac.compare_digest(wanted.encode(), token.encode()):
            return _caller(cloud, row)
    first = next(iter(cloud.store.rows("user")), None)
    if request.trusted and first is not None:
        return _caller(cloud, first)
    raise Refusal(401, "unable to verify user credentials and/or request signature")


def _by_key(cloud: Cloud, request: Request, key: str) -> Caller:
    user = cloud.store.first("user", apikey=key)
    if user is None or user.get("state") != "enabled":
        raise Refusal(401, "unable to verify user credentials and/or request signature")
    if not request.trusted or "signature" in request.given:
        signature.verify(request.pairs, str(request.given.get("signature", "")), str(user["secretkey"]))
        expires = request.given.get("expires")
        signature.check_expiry(request.given.get("signatureversion"), str(expires) if expires else None, cloud.now())
    return _caller(cloud, user)


def _caller(cloud: Cloud, user: Row) -> Caller:
    account = cloud.store.find("account", user["accountid"])
    if account is None or account.get("state") != "enabled":
        raise Refusal(401, "the account is not enabled")
    return Caller(user, account)


def _authorise(cloud: Cloud, command: Command, caller: Caller) -> None:
    if command.admin and not caller.is_admin and not caller.is_domain_admin:
        raise Refusal(401, f"{command.name} is not available to {caller.account['name']}")
    limit = int(cloud.options["throttle"])
    if limit:
        window = (caller.account.id, int(cloud.clock()))
        cloud.throttled[window] += 1
        if cloud.throttled[window] > limit:
            raise Refusal(429, f"The given user has reached the limit of {limit} calls a second")


def required(call: Call, *names: str) -> None:
    """Refuses with 431 when none of several parameters was sent."""
    if not any(call.has(name) for name in names):
        raise invalid(f"one of {', '.join(names)} is needed")
