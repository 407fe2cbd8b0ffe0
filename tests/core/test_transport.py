# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The transport knows whether a request was sent, whatever breaks, and sends each one once."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue, wire
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import OutcomeUnknown, Unreachable
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.transport import IDLE, Answer, Transport

from .wires import ANSWER, DONE, Step, http, served

WRITE = wire.add(catalogue.kind("lbvserver"), {"name": "web a", "servicetype": "HTTP"})
READ = wire.get(catalogue.kind("lbvserver"), "web/a")


def send(transport: Transport, url: str, request: wire.Request = WRITE) -> Answer:
    return transport.send(request, base_url=url, headers={"Cookie": "NITRO_AUTH_TOKEN=##1"})


@pytest.fixture
def transport() -> Iterator[Transport]:
    made = Transport(timeout=2)
    yield made
    made.close()


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_requests_arrive_as_they_were_spelled_over_one_connection(transport: Transport) -> None:
    with served([ANSWER, ANSWER]) as server:
        first = send(transport, server.url)
        send(transport, server.url, READ)
    assert (first.status, first.body) == (200, DONE)
    write, read = server.heard
    assert write.startswith(b"POST /nitro/v1/config/lbvserver HTTP/1.1\r\n")
    assert write.endswith(b'\r\n\r\n{"lbvserver":{"name":"web a","servicetype":"HTTP"}}')
    assert b"Content-Type: application/json\r\n" in write
    assert b"Cookie: NITRO_AUTH_TOKEN=##1\r\n" in write
    assert read.startswith(b"GET /nitro/v1/config/lbvserver/web%252Fa HTTP/1.1\r\n")
    assert server.connections == 1


def test_cookies_of_the_server_are_not_sent_back(transport: Transport) -> None:
    with served([Step(http(headers="Set-Cookie: sessionid=%23%23other; path=/\r\n")), ANSWER]) as server:
        send(transport, server.url)
        send(transport, server.url)
    assert b"other" not in server.heard[1]


def test_redirects_are_answers(transport: Transport) -> None:
    with served([Step(http("302 Found", b"", headers="Location: https://elsewhere.invalid/\r\n")), ANSWER]) as server:
        answer = send(transport, server.url)
    assert (answer.status, answer.headers["location"]) == (302, "https://elsewhere.invalid/")
    assert len(server.heard) == 1


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        pytest.param(f"http://127.0.0.1:{unused_port()}", "Connection refused", id="refused"),
        pytest.param(f"https://127.0.0.1:{unused_port()}", "Connection refused", id="refused with TLS"),
        pytest.param("http://no-such-host.invalid", "no-such-host.invalid", id="no such name"),
    ],
)
def test_nothing_was_sent_where_there_was_no_connection(transport: Transport, url: str, reason: str) -> None:
    with pytest.raises(Unreachable, match=reason) as caught:
        send(transport, url)
    assert str(caught.value).startswith(f"lbvserver web a: cannot reach {url}, nothing was sent: ")


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        pytest.param(
            Step(reset=True), "reset by peer|without response|Connection aborted", id="reset after the request was read"
        ),
        pytest.param(Step(hang_up=True), "closed connection without response", id="closed without an answer"),
        pytest.param(Step(http(length=500), hang_up=True), "IncompleteRead|cut off", id="answer cut off"),
        pytest.param(Step(b"HTTP/1.1 200 OK\r\nContent-Le", hang_up=True), "cut off in its headers", id="cut off in a header"),
        pytest.param(Step(b"HTTP/1.1 200 OK\r\n", hang_up=True), "cut off in its headers", id="cut off between headers"),
        pytest.param(Step(b"garbage\r\n\r\n", hang_up=True), "garbage", id="not HTTP"),
    ],
)
def test_the_outcome_is_unknown_once_the_request_was_sent(transport: Transport, step: Step, reason: str) -> None:
    with served([step, ANSWER]) as server, pytest.raises(OutcomeUnknown, match=reason) as caught:
        send(transport, server.url)
    assert str(caught.value).startswith(f"lbvserver web a: sent to {server.url}, but no whole answer came: ")
    assert len(server.heard) == 1  # not repeated


def test_a_reset_while_the_request_is_written_is_taken_for_sent(transport: Transport) -> None:
    with served([Step(read=False, reset=True)]) as server, pytest.raises(OutcomeUnknown, match="sent to"):
        send(transport, server.url)
    assert server.connections == 1


def test_silence_after_the_request_is_unknown() -> None:
    with served([Step()]) as server, pytest.raises(OutcomeUnknown, match="timed out"):
        send(Transport(timeout=0.3), server.url)
    assert len(server.heard) == 1


def test_silence_during_the_handshake_is_unreachable() -> None:
    with served([Step(read=False)]) as server, pytest.raises(Unreachable, match="nothing was sent"):
        send(Transport(timeout=0.3), server.url.replace("http:", "https:"))


def test_a_plain_server_is_no_tls_server(transport: Transport) -> None:
    with served([ANSWER]) as server, pytest.raises(Unreachable, match="nothing was sent"):
        send(transport, server.url.replace("http:", "https:"))


def test_a_connection_that_the_server_closed_meanwhile_does_not_cost_a_write(transport: Transport) -> None:
    with served([Step(http(), hang_up=True), ANSWER]) as server:
        send(transport, server.url)
        assert server.hung_up.wait(5)
        assert send(transport, server.url).status == 200
    assert (len(server.heard), server.connections) == (2, 2)


def test_an_idle_connection_is_not_trusted_with_another_request() -> None:
    now = [0.0]
    transport = Transport(clock=lambda: now[0], timeout=2)
    with served([ANSWER, ANSWER, ANSWER]) as server:
        send(transport, server.url)
        now[0] += IDLE
        send(transport, server.url)
        assert server.connections == 1
        now[0] += IDLE + 0.1
        send(transport, server.url)
        assert server.connections == 2
    transport.close()


def test_it_works_again_after_a_failure_and_after_closing(transport: Transport) -> None:
    with served([Step(reset=True), ANSWER, ANSWER]) as server:
        with pytest.raises(OutcomeUnknown, match="no whole answer"):
            send(transport, server.url)
        assert send(transport, server.url).status == 200
        transport.close()
        assert send(transport, server.url).status == 200


def test_proxies_are_used_only_if_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with served([ANSWER]) as proxy, served([ANSWER]) as server:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "")
        send(Transport(timeout=2), server.url)
        assert (len(server.heard), len(proxy.heard)) == (1, 0)
        send(Transport(timeout=2, proxies={"http": proxy.url}), "http://appliance.invalid")
    assert proxy.heard[0].startswith(b"POST http://appliance.invalid/nitro/v1/config/lbvserver HTTP/1.1\r\n")


def test_exceptions_from_the_proxy_are_kept(transport: Transport) -> None:
    with served([ANSWER]) as proxy, served([ANSWER]) as server:
        send(Transport(timeout=2, proxies={"http": proxy.url, "no_proxy": "127.0.0.1"}), server.url)
        assert (len(server.heard), len(proxy.heard)) == (1, 0)


def test_a_proxy_that_refuses_the_tunnel_means_that_nothing_was_sent() -> None:
    with served([Step(http("403 Forbidden", b""), hang_up=True)]) as proxy:
        transport = Transport(timeout=2, proxies={"https": proxy.url})
        with pytest.raises(Unreachable, match="403 Forbidden"):
            send(transport, "https://appliance.invalid")
    assert proxy.heard[0].startswith(b"CONNECT appliance.invalid:443")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1 with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "appliance")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path_factory.mktemp("tls") / "appliance.pem"
    path.write_bytes(made.public_bytes(pem) + private)
    return path


def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_an_unknown_certificate_is_refused_before_anything_is_sent(transport: Transport, certificate: Path) -> None:
    with served([ANSWER], tls=tls(certificate)) as server, pytest.raises(Unreachable, match="certificate verify failed"):
        send(transport, server.url)
    assert server.heard == []


def test_a_certificate_for_another_name_is_refused(certificate: Path) -> None:
    transport = Transport(timeout=2, verify=str(certificate))
    with served([ANSWER], tls=tls(certificate)) as server, pytest.raises(Unreachable, match="localhost"):
        send(transport, server.url.replace("127.0.0.1", "localhost"))
    assert server.heard == []


@pytest.mark.parametrize("verified", [pytest.param(True, id="own CA"), pytest.param(False, id="not verified")])
def test_tls_with_the_own_ca_or_without_verification(certificate: Path, *, verified: bool) -> None:
    transport = Transport(timeout=2, verify=str(certificate) if verified else False)
    with served([ANSWER], tls=tls(certificate)) as server:
        assert send(transport, server.url).status == 200
    transport.close()


def test_a_ca_file_that_is_not_there_is_said(certificate: Path) -> None:
    transport = Transport(timeout=2, verify="/no/such/ca.pem")
    with served([ANSWER], tls=tls(certificate)) as server, pytest.raises(Unreachable, match=r"/no/such/ca\.pem"):
        send(transport, server.url)
