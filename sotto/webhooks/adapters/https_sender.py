"""Posts over TLS to public addresses and to nobody else: a tenant's address is a stranger's, and this runs inside.

The name is resolved once, every address that it has must be public, and the connection is made to one of those: what a
name leads to a moment later does not matter. Nobody is followed. In all there are so many seconds and bytes, however
slowly they come.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from sotto.webhooks.send import Outcome

WITHIN_S = 15.0
MOST_HEAD_BYTES = 16_384
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})(?: |\r|$)")
_RETRY_AFTER = re.compile(rb"^retry-after:\s*(\d{1,7})\s*$", re.IGNORECASE | re.MULTILINE)


def is_public(address: Address) -> bool:
    """Whatever an address hides: IPv4 within IPv6, 6to4, Teredo, NAT64."""
    if isinstance(address, ipaddress.IPv6Address):
        hidden = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64 or int(address) < 1 << 33:
            hidden.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if any(each is not None and not is_public(each) for each in hidden):
            return False
    return address.is_global and not address.is_multicast


def resolved(host: str, port: int) -> list[str]:
    """Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class HttpsSender:
    """A Sender. What it is given in tests: a resolver, whom their server is signed by, and whether its address will
    do."""

    def __init__(
        self,
        resolve: Callable[[str, int], Sequence[str]] = resolved,
        *,
        context: ssl.SSLContext | None = None,
        permits: Callable[[Address], bool] = is_public,
        within_s: float = WITHIN_S,
    ) -> None:
        self._resolve = resolve
        self._context = context or ssl.create_default_context()
        self._permits = permits
        self._within_s = within_s

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
        if parts.scheme != "https":
            return Outcome(None, why="not-https")
        try:
            addresses = [ipaddress.ip_address(each.partition("%")[0]) for each in self._resolve(host, port)]
        except (OSError, ValueError):
            return Outcome(None, why="not-resolved")
        if not addresses or not all(map(self._permits, addresses)):
            return Outcome(None, why="not-public")
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        named = host if port == 443 else f"{host}:{port}"
        head = {"host": named, **headers, "content-length": str(len(body)), "connection": "close"}
        lines = [f"POST {target} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
        try:
            return self._exchanged(str(addresses[0]), host, port, "\r\n".join(lines).encode("ascii") + body)
        except (TimeoutError, ssl.SSLError, OSError) as error:
            return Outcome(None, why=_why(error))

    def _exchanged(self, address: str, host: str, port: int, request: bytes) -> Outcome:
        ends_at = time.monotonic() + self._within_s

        def left_s() -> float:
            left = ends_at - time.monotonic()
            if left <= 0:
                raise TimeoutError
            return left

        with socket.create_connection((address, port), timeout=left_s()) as plain:
            plain.settimeout(left_s())
            with self._context.wrap_socket(plain, server_hostname=host) as connection:
                connection.settimeout(left_s())
                connection.sendall(request)
                answer = b""
                while b"\r\n\r\n" not in answer and len(answer) < MOST_HEAD_BYTES:
                    connection.settimeout(left_s())
                    received = connection.recv(4_096)
                    if not received:
                        break
                    answer += received
        return _outcome(answer[:MOST_HEAD_BYTES])


def _outcome(answer: bytes) -> Outcome:
    """What follows the head is nobody's business."""
    status = _STATUS.match(answer)
    if status is None:
        return Outcome(None, why="no-http")
    retry = _RETRY_AFTER.search(answer.replace(b"\r\n", b"\n"))
    return Outcome(int(status[1]), int(retry[1]) * 1_000 if retry else None)


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "too-slow"
    return "not-trusted" if isinstance(error, ssl.SSLError) else "not-reached"
