# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Files of the appliance (PROTOCOL 15, 20 #17–18, 21.4)."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from nitrox.simulator.testing import Simulator, running

from .nitro import Nitro

SSL = "args=filelocation:%2Fnsconfig%2Fssl"
CONTENT = base64.b64encode(b"hello").decode()


@pytest.fixture(scope="module", name="box")
def _box() -> Iterator[Simulator]:
    with running() as simulator:
        yield simulator


@pytest.fixture(name="nitro")
def _nitro(box: Simulator) -> Nitro:
    box.reset()
    return Nitro(box.url)


def upload(nitro: Nitro, **changes: Any) -> Any:
    file = {"filename": "a.txt", "filelocation": "/nsconfig/ssl", "filecontent": CONTENT, "fileencoding": "BASE64", **changes}
    return nitro.post("systemfile", {"systemfile": file})


def test_a_file_is_read_with_its_content_and_listed_without(nitro: Nitro) -> None:
    assert upload(nitro).status == 201
    named = nitro.rows(f"systemfile/a.txt?{SSL}")
    assert [(row["filecontent"], row["filesize"]) for row in named] == [(CONTENT, "5")]
    by_args = nitro.rows("systemfile?args=filename:a.txt,filelocation:%2Fnsconfig%2Fssl%2F")
    assert by_args == named
    listed = {row["filename"]: row for row in nitro.rows(f"systemfile?{SSL}")}
    assert "filecontent" not in listed["a.txt"]
    assert {"ns-root.cert", "ns-root.key", "ns-root.srl"} <= set(listed)


@pytest.mark.parametrize("given", ["/nsconfig/ssl/", "/nsconfig/ssl", "/flash/nsconfig/ssl"])
def test_a_folder_has_one_place_however_it_is_spelled(nitro: Nitro, given: str) -> None:
    assert upload(nitro, filelocation=given).status == 201
    assert nitro.rows(f"systemfile/a.txt?{SSL}")[0]["filelocation"] == "/nsconfig/ssl"
    assert nitro.delete(f"systemfile/a.txt?args=filelocation:{quote(given, safe='')}").status == 200
    assert nitro.get(f"systemfile/a.txt?{SSL}").errorcode == 3441


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"filecontent": "no base64!"}, 599, 3443),
        ({"fileencoding": "HEX"}, 599, 3444),
        ({"filelocation": "/nsconfig/nowhere"}, 599, 3440),
        ({"filename": "x" * 64}, 400, 1106),
        ({"filelocation": "/var/" + "x" * 127}, 400, 1106),
        ({"filecontent": None}, 400, 1095),
        ({"filecontent": base64.b64encode(bytes(2 * 1024 * 1024 + 1)).decode()}, 599, 284),
    ],
    ids=["not base64", "other encoding", "no such folder", "long name", "long folder", "no content", "too large"],
)
def test_what_an_upload_may_not_be(nitro: Nitro, changes: dict[str, Any], status: int, code: int) -> None:
    answer = upload(nitro, **changes)
    assert (answer.status, answer.errorcode) == (status, code)


def test_two_megabytes_and_line_breaks_are_fine(nitro: Nitro) -> None:
    assert upload(nitro, filecontent=base64.encodebytes(bytes(2 * 1024 * 1024)).decode()).status == 201


def test_nothing_is_overwritten(nitro: Nitro) -> None:
    upload(nitro)
    again = upload(nitro)
    assert (again.status, again.errorcode) == (599, 1642)
    assert nitro.delete(f"systemfile/a.txt?{SSL}").status == 200
    assert upload(nitro).status == 201


def test_what_is_not_there_is_404_and_a_folder_must_be_named(nitro: Nitro) -> None:
    for answer in (nitro.get(f"systemfile/nope?{SSL}"), nitro.delete(f"systemfile/nope?{SSL}")):
        assert (answer.status, answer.errorcode) == (404, 3441)
    assert nitro.get("systemfile?args=filelocation:%2Fnope").errorcode == 3440
    assert nitro.get("systemfile").errorcode == 1095
    assert nitro.delete("systemfile/ns-root.key").errorcode == 1095


def test_ns_conf_is_one_of_several_and_holds_what_was_saved(nitro: Nitro) -> None:
    nitro.add("lbvserver", name="web", servicetype="HTTP", comment="two words")
    nitro.add("systemuser", username="ops", password="hidden-word")
    assert len(nitro.rows("systemfile?args=filelocation:%2Fnsconfig")) >= 2
    path = "systemfile?args=filelocation:%2Fnsconfig,filename:ns.conf"
    assert "web" not in base64.b64decode(nitro.rows(path)[0]["filecontent"]).decode()
    nitro.post("nsconfig?action=save", {"nsconfig": {}})
    saved = base64.b64decode(nitro.rows(path)[0]["filecontent"]).decode()
    assert 'add lb vserver web -servicetype HTTP -comment "two words"' in saved
    assert "add system user ops" in saved
    assert "hidden-word" not in saved


def test_files_outlive_a_reboot_and_do_not_count_as_unsaved_changes(box: Simulator, nitro: Nitro) -> None:
    upload(nitro)
    assert nitro.get("nsconfig").body["nsconfig"]["configchanged"] is False
    nitro.post("reboot", {"reboot": {"warm": True}})
    assert Nitro(box.url).rows(f"systemfile/a.txt?{SSL}")[0]["filecontent"] == CONTENT


def test_the_root_of_the_factory_is_a_real_pair(nitro: Nitro) -> None:
    def content(name: str) -> bytes:
        return base64.b64decode(nitro.rows(f"systemfile/{name}?{SSL}")[0]["filecontent"])

    certificate = x509.load_pem_x509_certificate(content("ns-root.cert"))
    key: Any = serialization.load_pem_private_key(content("ns-root.key"), None)
    certificate.verify_directly_issued_by(certificate)
    assert key.public_key() == certificate.public_key()


def test_keys_requests_and_certificates_are_made_as_real_files(nitro: Nitro) -> None:
    assert nitro.post("sslrsakey?action=create", {"sslrsakey": {"keyfile": "s.key", "bits": 1024}}).status == 200
    request = {"reqfile": "s.req", "keyfile": "s.key", "countryname": "CH", "statename": "ZH", "organizationname": "Example"}
    request |= {"commonname": "www.example.com", "subjectaltname": "DNS:www.example.com"}
    assert nitro.post("sslcertreq?action=create", {"sslcertreq": request}).status == 200
    made = {"certfile": "s.cert", "reqfile": "s.req", "certtype": "SRVR_CERT", "days": 10}
    made |= {"cacert": "ns-root.cert", "cakey": "ns-root.key", "caserial": "ns-root.srl"}
    assert nitro.post("sslcert?action=create", {"sslcert": made}).status == 200
    nitro.add("sslcertkey", certkey="made", cert="s.cert", key="s.key")
    row = nitro.rows("sslcertkey/made")[0]
    assert (row["subject"], row["sandns"]) == (" C=CH,ST=ZH,O=Example,CN=www.example.com", "www.example.com")
    assert row["daystoexpiration"] in (9, 10)
    again = nitro.post("sslrsakey?action=create", {"sslrsakey": {"keyfile": "s.key", "bits": 1024}})
    assert (again.status, again.errorcode) == (599, 1642)
    missing = nitro.post("sslcertreq?action=create", {"sslcertreq": {**request, "reqfile": "t.req", "keyfile": "nope"}})
    assert (missing.status, missing.errorcode) == (599, 1647)
