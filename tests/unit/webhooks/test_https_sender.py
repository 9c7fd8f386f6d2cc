"""Unit: posts over real TLS to a server of this machine, and to nobody inside."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from sotto.webhooks.adapters.https_sender import MOST_HEAD_BYTES, HttpsSender, is_public

NAME = "receiver.example.com"
INSIDE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1",
    "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "2002:7f00:1::1", "2002:a9fe:a9fe::1", "2001:0:7f00:1::1", "::127.0.0.1", "2001:db8::1",
]  # fmt: skip


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of NAME, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "receiver.pem"
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    file.write_bytes(key.private_bytes(pem, *private) + made.public_bytes(pem))
    return file


class Server:
    """Answers one connection after the other. ``requests``: what it was sent; ``connections``: how many there were."""

    def __init__(self, certificate: Path, answer: Callable[[ssl.SSLSocket], None]) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self._answer = answer
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @contextmanager
    def serving(self) -> Iterator[Server]:
        self._thread.start()
        try:
            yield self
        finally:
            # A thread in accept is not woken by a close.
            with closing(socket.create_connection(("127.0.0.1", self.port))):
                self._listening.close()
            self._thread.join(timeout=20)

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            try:
                with self._context.wrap_socket(plain, server_side=True) as connection:
                    self.requests.append(_whole_request(connection))
                    self._answer(connection)
            except OSError:
                plain.close()
            if self._listening.fileno() == -1:
                return


def _whole_request(connection: ssl.SSLSocket) -> bytes:
    found = b""
    while b"\r\n\r\n" not in found:
        received = connection.recv(4_096)
        if not received:
            return found
        found += received
    head, _, body = found.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    while len(body) < length:
        body += connection.recv(4_096)
    return head + b"\r\n\r\n" + body


def says(text: bytes) -> Callable[[ssl.SSLSocket], None]:
    return lambda connection: connection.sendall(text)


def sender(certificate: Path, port: int, **more: float) -> HttpsSender:
    """As deployed, but that it trusts the certificate, finds the server and may reach this machine."""
    context = ssl.create_default_context(cafile=str(certificate))
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT

    class ToTheServer(HttpsSender):
        def _exchanged(self, address: str, host: str, _: int, request: bytes) -> object:  # type: ignore[override]
            return super()._exchanged(address, host, port, request)

    return ToTheServer(lambda host, _: ["127.0.0.1"], context=context, permits=lambda address: True, **more)


def test_a_post_arrives_whole_and_its_answer_counts(certificate: Path) -> None:
    with Server(certificate, says(b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok")).serving() as server:
        outcome = sender(certificate, server.port).post(f"https://{NAME}/a/b?c=d", {"webhook-id": "m"}, b'{"a":1}')
    assert outcome.is_taken and outcome.status == 202
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /a/b?c=d HTTP/1.1\r\nhost: " + NAME.encode() + b"\r\n") and body == b'{"a":1}'
    assert b"webhook-id: m" in head


def test_nobody_is_followed(certificate: Path) -> None:
    redirect = b"HTTP/1.1 307 Moved\r\nLocation: https://169.254.169.254/latest/meta-data/\r\n\r\n"
    with Server(certificate, says(redirect)).serving() as server:
        outcome = sender(certificate, server.port).post(f"https://{NAME}/", {}, b"{}")
        assert (outcome.status, outcome.is_taken, server.connections) == (307, False, 1)


def test_a_certificate_of_another_name_is_not_trusted(certificate: Path) -> None:
    with Server(certificate, says(b"HTTP/1.1 200 OK\r\n\r\n")).serving() as server:
        outcome = sender(certificate, server.port).post("https://other.example.com/", {}, b"{}")
        assert outcome.why == "not-trusted" and not server.requests


def test_who_answers_no_http_or_without_end_is_read_to_a_bound(certificate: Path) -> None:
    for answer, why in ((b"220 mail\r\n\r\n", "no-http"), (b"", "no-http"), (b"x" * (2 * MOST_HEAD_BYTES), "no-http")):
        with Server(certificate, says(answer)).serving() as server:
            outcome = sender(certificate, server.port).post(f"https://{NAME}/", {}, b"{}")
            assert (outcome.status, outcome.why) == (None, why)


def test_who_answers_byte_by_byte_is_left_when_the_time_is_over(certificate: Path) -> None:
    def drips(connection: ssl.SSLSocket) -> None:
        while True:
            connection.sendall(b"H")
            over.wait(0.05)
            if over.is_set():
                return

    over = threading.Event()
    with Server(certificate, drips).serving() as server:
        outcome = sender(certificate, server.port, within_s=0.5).post(f"https://{NAME}/", {}, b"{}")
        over.set()
    assert outcome.why in ("too-slow", "no-http")


def test_when_to_come_again_is_heeded(certificate: Path) -> None:
    answer = b"HTTP/1.1 503 Busy\r\nretry-after: 120\r\n\r\n"
    with Server(certificate, says(answer)).serving() as server:
        outcome = sender(certificate, server.port).post(f"https://{NAME}/", {}, b"{}")
    assert (outcome.status, outcome.retry_after_ms) == (503, 120_000)


@pytest.mark.parametrize("address", INSIDE)
def test_nothing_inside_is_asked_whatever_a_name_leads_to(address: str) -> None:
    asked: list[str] = []

    class Watched(HttpsSender):
        def _exchanged(self, address: str, host: str, port: int, request: bytes) -> object:  # type: ignore[override]
            asked.append(address)
            raise AssertionError("asked")

    assert Watched(lambda host, port: [address]).post("https://crm.example.com/", {}, b"{}").why == "not-public"
    assert (
        Watched(lambda host, port: ["93.184.215.14", address]).post("https://a.example/", {}, b"{}").why == "not-public"
    )
    literal = f"[{address}]" if ":" in address else address
    assert Watched().post(f"https://{literal}/", {}, b"{}").why in ("not-public", "not-resolved")
    assert not asked


@given(st.ip_addresses(v=4))
def test_what_is_inside_stays_inside_within_ipv6(address: ipaddress.IPv4Address) -> None:
    if not is_public(address):
        assert not is_public(ipaddress.IPv6Address(f"::ffff:{address}"))
        assert not is_public(ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) | int(address)))
        assert not is_public(ipaddress.IPv6Address((0x2002 << 112) | (int(address) << 80) | 1))


def test_public_addresses_are_public() -> None:
    for address in ("93.184.215.14", "8.8.8.8", "2606:4700::6810:84e5"):
        assert is_public(ipaddress.ip_address(address))


def test_a_name_that_leads_nowhere_is_said_to(certificate: Path) -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise socket.gaierror

    assert HttpsSender(nowhere).post("https://nobody.example/", {}, b"{}").why == "not-resolved"
    assert HttpsSender().post("http://crm.example.com/", {}, b"{}").why == "not-https"
