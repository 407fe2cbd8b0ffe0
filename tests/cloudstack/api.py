# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A bare client of the API: signs by the book, sends, gives back what came. Nothing of the simulator's own is used to sign."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import quote, quote_plus

import requests

from nitrox.cloudstack.testing import Simulator

ISOLATED = "DefaultIsolatedNetworkOfferingWithSourceNatService"
TIER = "DefaultIsolatedNetworkOfferingForVpcNetworks"


class Refused(Exception):
    """An error of the API."""

    def __init__(self, body: dict[str, Any]) -> None:
        super().__init__(body["errortext"])
        self.code, self.cserror, self.text = body["errorcode"], body["cserrorcode"], body["errortext"]


def encoded(value: str, *, java: bool = True) -> str:
    """As Java's URLEncoder does it, with %20 for a blank; ``java=False`` leaves ``~`` alone."""
    text = quote(value, safe="*")
    return text.replace("~", "%7E") if java else text


def signature(parameters: dict[str, str], secret: str, *, java: bool = True) -> str:
    """HMAC-SHA1 over the sorted, encoded, lower-cased parameters."""
    text = "&".join(f"{name}={encoded(parameters[name], java=java)}" for name in sorted(parameters)).lower()
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha1).digest()).decode()


class Api:
    """Calls as one user, the root admin unless told otherwise."""

    def __init__(self, cloud: Simulator, username: str = "admin") -> None:
        self.cloud = cloud
        self.key, self.secret = cloud.credentials(username)
        self.http = requests.Session()

    def send(
        self, command: str, *, method: str = "POST", java: bool = True, raw: dict[str, str] | None = None, **parameters: Any
    ) -> requests.Response:
        """One signed request. ``raw`` is signed as it is."""
        given = {"command": command, "response": "json", "apiKey": self.key, **(raw or {})}
        given |= {name: _spelt(value) for name, value in parameters.items()}
        body = "&".join(f"{name}={quote_plus(value)}" for name, value in given.items())
        body += f"&signature={quote_plus(signature(given, self.secret, java=java))}"
        if method == "GET":
            return self.http.get(f"{self.cloud.endpoint}?{body}", timeout=20)
        return self.http.post(
            self.cloud.endpoint, data=body, headers={"Content-Type": "application/x-www-form-urlencoded"}, timeout=20
        )

    def call(self, command: str, **parameters: Any) -> dict[str, Any]:
        """The members of the answer. Raises `Refused`."""
        answer = self.send(command, **parameters)
        (members,) = answer.json().values()
        if answer.status_code != 200:
            assert members["errorcode"] == answer.status_code
            raise Refused(members)
        return dict(members)

    def job(self, command: str, **parameters: Any) -> dict[str, Any]:
        """The whole job of an asynchronous command, ended."""
        return self.poll(self.call(command, **parameters)["jobid"])

    def poll(self, job: str) -> dict[str, Any]:
        """What queryAsyncJobResult says."""
        return self.call("queryAsyncJobResult", jobid=job)

    def do(self, command: str, **parameters: Any) -> dict[str, Any]:
        """The object that a job made or changed. Fails when the job did."""
        job = self.job(command, **parameters)
        assert job["jobstatus"] == 1, job
        result = job["jobresult"]
        objects = [value for value in result.values() if isinstance(value, dict)]
        return dict(objects[0] if objects else result)

    def list(self, command: str, **parameters: Any) -> list[dict[str, Any]]:
        """The items of a list."""
        members = self.call(command, **parameters)
        return next((value for value in members.values() if isinstance(value, list)), [])

    def one(self, command: str, **parameters: Any) -> dict[str, Any]:
        """The only item of a list."""
        (found,) = self.list(command, **parameters)
        return dict(found)

    def zone(self, kind: str = "Advanced") -> str:
        """The id of the first zone of a kind."""
        return str(self.list("listZones", networktype=kind)[0]["id"])

    def offering(self, command: str, name: str) -> str:
        """The id of an offering."""
        return str(self.one(command, name=name)["id"])

    def network(self, name: str = "front", offering: str = ISOLATED, **more: Any) -> dict[str, Any]:
        """A new network."""
        offering_id = self.offering("listNetworkOfferings", offering)
        made = self.call("createNetwork", name=name, zoneid=self.zone(), networkofferingid=offering_id, **more)["network"]
        return dict(made)

    def machine_parameters(self, zone: str = "Advanced", **more: Any) -> dict[str, Any]:
        """What a small machine needs."""
        where = self.zone(zone)
        template = self.list("listTemplates", templatefilter="featured", zoneid=where)[0]["id"]
        return {
            "zoneid": where,
            "templateid": template,
            "serviceofferingid": self.offering("listServiceOfferings", "Small Instance"),
            **more,
        }

    def machine(self, name: str = "web1", zone: str = "Advanced", **more: Any) -> dict[str, Any]:
        """A new machine."""
        return self.do("deployVirtualMachine", **self.machine_parameters(zone, name=name, **more))


def _spelt(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
