# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Who calls: login, logout, and the ways a request proves its session (PROTOCOL 2, 16.1, 20 #1–2)."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from .appliance import Appliance
from .call import Call
from .engine import Answer
from .refusal import Refusal, text_of
from .session import LIMIT, Session
from .table import Row

_COOKIES = ("NITRO_AUTH_TOKEN", "sessionid", "SESSID")


def is_login(call: Call) -> bool:
    """Does the call log in?"""
    return call.method == "POST" and call.group == "config" and call.type_name.lower() == "login"


def login(appliance: Appliance, call: Call) -> tuple[Answer, list[str]]:
    """The answer to a login and its Set-Cookie lines: 201 exactly, the token at the top level (PROTOCOL 20 #1)."""
    given = call.body.get("login")
    if not isinstance(given, dict):
        raise Refusal(1233)
    lowered = {str(key).lower(): value for key, value in given.items()}
    unknown = set(lowered) - {"username", "password", "timeout", "new_password", "session_timeout"}
    if unknown:
        raise Refusal(278, sorted(unknown)[0])
    user = _check(appliance, str(lowered.get("username", "")), str(lowered.get("password", "")))
    _first_password(appliance, user, lowered.get("new_password"))
    session = _open(appliance, user, _timeout(lowered.get("timeout", lowered.get("session_timeout"))))
    appliance.counters.logins += 1
    session.challenge = str(user.get("_challenge", ""))
    encoded = quote(session.token, safe="")
    cookies = [
        "SESSID=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0; path=/",
        f"NITRO_AUTH_TOKEN={encoded}; path=/nitro/v1",
        f"sessionid={encoded}; path=/nitro/v1",
    ]
    if session.challenge:
        return Answer(201, {"sessionid": session.token}, 1034, text_of(1034)), cookies
    return Answer(201, {"sessionid": session.token}), cookies


def about_session(appliance: Appliance, session: Session, call: Call) -> Answer | None:
    """The answer to what concerns the session itself; None for all else. Refused with 450 while a challenge is open [I]."""
    what = call.type_name.lower()
    if what == "logout":
        return logout(appliance, session)
    if what == "loginchallengeresponse":
        return respond(appliance, session, call)
    if session.challenge:
        raise Refusal(450)
    return None


def respond(appliance: Appliance, session: Session, call: Call) -> Answer:
    """``POST loginchallengeresponse {"response": …}`` completes a login that answered 1034 with a token (PROTOCOL 2.4 [C:1]).

    Which users are challenged, and for what, tells ``_challenge`` in their row: the control endpoint sets it. That a wrong
    response is 354 and ends the session, and that there must be a challenge (450), is [I].
    """
    given = call.body.get("loginchallengeresponse", call.body)
    response = str(given.get("response", "")) if isinstance(given, dict) else ""
    if call.method != "POST" or not session.challenge:
        raise Refusal(450)
    if not hmac.compare_digest(response.encode(), session.challenge.encode()):
        appliance.sessions.close(session)
        raise Refusal(354)
    session.challenge = ""
    return Answer(201)


def logout(appliance: Appliance, session: Session) -> Answer:
    """Logging out frees the slot (PROTOCOL 2.5 [D])."""
    appliance.sessions.close(session)
    return Answer(200)


def authenticate(appliance: Appliance, call: Call) -> tuple[Session, bool]:
    """The session of a call, and whether it is for this call alone. Refused as in PROTOCOL 2.4."""
    headers = call.headers
    token = _token(headers, call.body)
    if token:
        return appliance.sessions.find(token), False
    user, password = headers.get("X-NITRO-USER"), headers.get("X-NITRO-PASS")
    if user is None:
        user, password = _basic(appliance, headers.get("Authorization", ""))
    if user is None:
        raise Refusal(1026)
    row = _check(appliance, user, password or "")
    if row.get("_challenge"):
        raise Refusal(1034, status=401)  # nobody is there to respond [I]
    appliance.counters.logins += 1  # each such request logs in and out (PROTOCOL 2.1 [D])
    return _open(appliance, row, None), True


def _open(appliance: Appliance, user: Row, timeout: float | None) -> Session:
    """A session within the limits: of the box (PROTOCOL 20 #16), and of a user where one was set; both 445 [I]."""
    sessions, name = appliance.sessions, str(user["username"])
    sessions.limit = int(_parameter(appliance, "maxclient", LIMIT))
    own = user.get("maxsession", _parameter(appliance, "maxsessionperuser", None))
    if own is not None and sum(session.username == name for session in sessions) >= int(own):
        raise Refusal(445)
    session = sessions.open(name, _idle(appliance, user, timeout), "API")
    bound = appliance.partition().table("systemuser_nspartition_binding").of_parent(name)
    if bound:  # a partition's user starts in it [D]
        session.partition = str(bound[0]["partitionname"])
    return session


def _first_password(appliance: Appliance, user: Row, wanted: Any) -> None:
    """nsroot must change its first password where that is asked for: 1046, or 278 when it was changed already (PROTOCOL 2.4)."""
    forced = str(_parameter(appliance, "forcepasswordchange", "DISABLED")).upper() == "ENABLED"
    if not (forced and user["username"] == "nsroot" and user.get("password") == "nsroot"):
        if wanted is not None:
            raise Refusal(278)  # [L]
        return
    if not wanted:
        raise Refusal(1046)
    if wanted == "nsroot":
        raise Refusal(1047)
    user["password"] = str(wanted)
    appliance.touch()


def _token(headers: Mapping[str, str], body: Mapping[str, Any]) -> str:
    """The token from Cookie, from a request header named Set-Cookie, or from the body (PROTOCOL 2.2, 1.2)."""
    for line in (headers.get("Cookie", ""), headers.get("Set-Cookie", "")):
        found = dict(part.strip().partition("=")[::2] for part in line.split(";"))
        for name in _COOKIES:
            if found.get(name) and found[name] != "deleted":
                return found[name].strip('"')
    return str(body.get("sessionid") or "")


def _basic(appliance: Appliance, header: str) -> tuple[str | None, str | None]:
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() != "basic":
        return None, None
    if str(_parameter(appliance, "basicauth", "ENABLED")).upper() == "DISABLED":
        raise Refusal(1244)
    try:
        user, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Refusal(354) from None
    return user, password


def _check(appliance: Appliance, username: str, password: str) -> Row:
    user = appliance.partition().table("systemuser").get({"username": username})
    if user is None or not password or user.get("password") != password:
        raise Refusal(354)
    return user


def _timeout(value: Any) -> float | None:
    """Seconds; may arrive as a float or as text (PROTOCOL 20 #2)."""
    if value in (None, ""):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        raise Refusal(1097, "timeout", value) from None


def _parameter(appliance: Appliance, name: str, default: Any) -> Any:
    row = next(iter(appliance.partition().table("systemparameter")), {})
    return row.get(name, default)


def _idle(appliance: Appliance, user: Row, wanted: float | None) -> float | None:
    """With restrictedtimeout the user's own timeout is default and ceiling, else 1800 s is the default (PROTOCOL 2.3 [D])."""
    if str(_parameter(appliance, "restrictedtimeout", "DISABLED")).upper() != "ENABLED":
        return wanted
    own = float(user.get("timeout") or _parameter(appliance, "timeout", 900))
    return min(wanted, own) if wanted else own
