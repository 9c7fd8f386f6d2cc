"""Connect's recordings: begun when the agent has the contact, suspended and resumed by API, and put into the instance's
bucket after the contact's end.

As documented: 8 kHz, 16 bits, the customer on the left and the agent on the right; what is spoken while recording is
suspended is silence. Connect's record of the contact says where a recording is, and may say so before it is there. The
two operations refuse contacts that are not recorded at that moment, and are throttled as most of Connect's are.
https://docs.aws.amazon.com/connect/latest/APIReference/API_SuspendContactRecording.html
"""

from __future__ import annotations

import io
import json
import random
import threading
import time
import wave
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.aws.connect.contacts import ConnectContact, ConnectContacts, error_response
from local.aws.lambda_timetable import Timetable
from sotto.media.stereo import SAMPLE_RATE_HZ

BUCKET = "connect-recordings"
RATE, BURST = 2.0, 5
"""Requests a second of each operation, and at once: what Connect grants where its quotas name no others."""
MOST_CALLS = 64
_BYTES_A_MS = SAMPLE_RATE_HZ // 1000 * 4


@dataclass(frozen=True, slots=True)
class RecordingFaults:
    """A recording is there up to ``late_s`` after its contact has ended. In AWS it is minutes."""

    late_s: float = 0.5
    seed: int = 0


@dataclass(slots=True)
class _Recorded:
    """A conversation's audio, and how fast it is played from ``began_s`` on (monotonic)."""

    audio: bytes
    started_at_ms: float
    speed: float = 0.0
    began_s: float = 0.0

    def position_ms(self) -> float:
        """How far it is played by now; what is played at once has ended before anybody could ask."""
        length_ms = len(self.audio) / _BYTES_A_MS
        return min(length_ms, (time.monotonic() - self.began_s) * 1000 * self.speed) if self.speed else length_ms


@dataclass(slots=True)
class _Throttle:
    left: float = BURST
    at_s: float = field(default_factory=time.monotonic)

    def admits(self) -> bool:
        now_s = time.monotonic()
        self.left, self.at_s = min(BURST, self.left + (now_s - self.at_s) * RATE), now_s
        if self.left < 1:
            return False
        self.left -= 1
        return True


class ConnectRecordings:
    """Thread-safe. ``s3``: a client of whoever owns the instances' bucket. ``unrecorded``: instances whose flows set no
    recording behaviour."""

    def __init__(self, contacts: ConnectContacts, s3: Callable[[], Any], faults: RecordingFaults | None = None) -> None:
        self.unrecorded: set[str] = set()
        self._contacts = contacts
        self._s3 = s3
        self._faults = faults or RecordingFaults()
        self._chance = random.Random(self._faults.seed)
        self._lock = threading.Lock()
        self._calls: OrderedDict[str, _Recorded] = OrderedDict()
        self._suspended: dict[str, list[list[float]]] = {}
        self._throttles: dict[str, _Throttle] = {}
        self._pending = 0
        self._timetable: Timetable | None = None
        contacts.app.router.routes += [
            Route("/contact/suspend-recording", self._suspend, methods=["POST"]),
            Route("/contact/resume-recording", self._resume, methods=["POST"]),
        ]

    def create_bucket(self) -> None:
        s3 = self._s3()
        s3.create_bucket(Bucket=BUCKET)
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})

    def begin(self, conversation_id: str, audio: bytes, started_at_ms: float) -> None:
        with self._lock:
            self._calls[conversation_id] = _Recorded(audio, started_at_ms)
            while len(self._calls) > MOST_CALLS:
                self._calls.popitem(last=False)

    def play(self, conversation_id: str, speed: float) -> None:
        if conversation_id in self._calls:
            self._calls[conversation_id].speed = speed
            self._calls[conversation_id].began_s = time.monotonic()

    def location_of(self, contact: ConnectContact) -> str | None:
        """Bucket and key; None for what is not recorded."""
        if contact.connected_at_ms is None or contact.instance_id in self.unrecorded:
            return None
        if contact.initial_contact_id not in self._calls:
            return None
        began = datetime.fromtimestamp(contact.connected_at_ms / 1000, UTC)
        day, minute = began.strftime("%Y/%m/%d"), began.strftime("%Y%m%dT%H:%M_UTC")
        return f"{BUCKET}/connect/{contact.instance_id}/CallRecordings/{day}/{contact.contact_id}_{minute}.wav"

    def ended(self, contact: ConnectContact) -> None:
        """It is put where it belongs, in a while."""
        location = self.location_of(contact)
        if location is None:
            return
        with self._lock:
            self._pending += 1
            self._timetable = self._timetable or Timetable()
            wait_s = self._chance.uniform(0, self._faults.late_s)
        self._timetable.after(wait_s, lambda: self._put(contact, location))

    def suspended_ms(self, contact_id: str) -> list[tuple[float, float]]:
        """In ms of the conversation's audio."""
        return [(from_ms, until_ms) for from_ms, until_ms in self._suspended.get(contact_id, ())]

    def busy(self) -> bool:
        with self._lock:
            return self._pending > 0

    def stop(self) -> None:
        if self._timetable is not None:
            self._timetable.stop()

    def _put(self, contact: ConnectContact, location: str) -> None:
        bucket, _, key = location.partition("/")
        try:
            self._s3().put_object(Bucket=bucket, Key=key, Body=self._recording(contact), ContentType="audio/wav")
        finally:
            with self._lock:
                self._pending -= 1

    def _recording(self, contact: ConnectContact) -> bytes:
        call = self._calls[contact.initial_contact_id]
        length_ms = len(call.audio) / _BYTES_A_MS
        from_ms = min(max(0.0, (contact.connected_at_ms or 0.0) - call.started_at_ms), length_ms)
        until_ms = min((contact.disconnected_at_ms or float("inf")) - call.started_at_ms, length_ms)
        audio = bytearray(call.audio)
        for begins_ms, ends_ms in self.suspended_ms(contact.contact_id):
            first, end = _place(begins_ms), _place(min(ends_ms, length_ms))
            audio[first:end] = bytes(max(0, end - first))
        return _wav(bytes(audio[_place(from_ms) : _place(until_ms)]))

    async def _suspend(self, request: Request) -> Response:
        return self._changed("suspend", json.loads(await request.body()))

    async def _resume(self, request: Request) -> Response:
        return self._changed("resume", json.loads(await request.body()))

    def _changed(self, operation: str, asked: dict[str, Any]) -> Response:
        found = self._contacts.known(asked["InstanceId"], asked["ContactId"])
        if isinstance(found, Response):
            return found
        with self._lock:
            throttle = self._throttles.setdefault(f"{found.instance_id} {operation}", _Throttle())
            if not throttle.admits():
                return error_response(429, "ThrottlingException", "Rate exceeded")
            if asked["InitialContactId"] != found.initial_contact_id:
                return error_response(404, "ResourceNotFoundException", "The initial contact was not found")
            if self.location_of(found) is None or found.disconnected_at_ms is not None:
                return error_response(400, "InvalidRequestException", "The contact is not being recorded")
            spans = self._suspended.setdefault(found.contact_id, [])
            is_suspended = bool(spans) and spans[-1][1] == float("inf")
            if is_suspended is (operation == "suspend"):
                return error_response(400, "InvalidRequestException", f"The recording is not to {operation} now")
            at_ms = self._calls[found.initial_contact_id].position_ms()
            if operation == "suspend":
                spans.append([at_ms, float("inf")])
            else:
                spans[-1][1] = at_ms
        return JSONResponse({})


def _place(ms: float) -> int:
    return int(ms) * _BYTES_A_MS


def _wav(audio: bytes) -> bytes:
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(audio)
    return held.getvalue()
