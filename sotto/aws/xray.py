"""Subsegments of AWS X-Ray, sent to the daemon that runs beside every traced function.

https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html
"""

from __future__ import annotations

import json
import re
import secrets
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sotto.core.clock import Clock

_HEADER = b'{"format": "json", "version": 1}\n'
_TRACE_ID = re.compile(r"1-[0-9a-f]{8}-[0-9a-f]{24}")


@dataclass(frozen=True, slots=True)
class TraceHeader:
    """Whose segment a function's work belongs to, as Lambda says it for each invocation."""

    trace_id: str
    parent: str

    @classmethod
    def parsed(cls, header: str) -> TraceHeader | None:
        """None for a trace that is not kept, and for what is no header."""
        parts = dict(part.strip().partition("=")[::2] for part in header.split(";"))
        root, parent = parts.get("Root", ""), parts.get("Parent", "")
        if parts.get("Sampled") != "1" or not _TRACE_ID.fullmatch(root) or not parent:
            return None
        return cls(root, parent)


class XRayDaemon:
    """``address``: host:port, as Lambda gives it. A datagram is sent and forgotten: nothing waits for a trace."""

    def __init__(self, address: str, clock: Clock) -> None:
        host, _, port = address.rpartition(":")
        self._to = (host, int(port))
        self._clock = clock
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    @contextmanager
    def subsegment(self, name: str, header: TraceHeader, annotations: Mapping[str, str]) -> Iterator[None]:
        """What happens within, with annotations to find it by. A failure is marked; its message stays in the log."""
        began_ms, failed = self._clock.now_ms(), True
        try:
            yield
            failed = False
        finally:
            with suppress(OSError):
                self._send(name, header, annotations, began_ms, failed)

    def _send(
        self, name: str, header: TraceHeader, annotations: Mapping[str, str], began_ms: float, failed: bool
    ) -> None:
        document = {
            "name": name,
            "id": secrets.token_hex(8),
            "type": "subsegment",
            "trace_id": header.trace_id,
            "parent_id": header.parent,
            "start_time": began_ms / 1000,
            "end_time": self._clock.now_ms() / 1000,
            "annotations": dict(annotations),
            "fault": failed,
        }
        self._socket.sendto(_HEADER + json.dumps(document).encode(), self._to)
