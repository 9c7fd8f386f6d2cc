"""A conversation as a vCon: draft-ietf-vcon-vcon-core, JSON. What is read of it: parties, and dialogs of the types
``text`` and ``recording`` whose content is within it.

Only plain ones: an encrypted one nobody but its addressee reads, and what is around a signed one is not ours to judge.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from sotto.call.contact import Channel, Speaker
from sotto.core.validation import silent, wrong_fields
from sotto.imports.item import LONGEST_MS, ImportItem, ItemMistaken, Reason, Recorded, Spoken
from sotto.imports.reading.manifest import MOST_TURNS, check_times
from sotto.imports.source import ImportSource

LARGEST = 64 * 1024 * 1024
"""Bytes: it is held in memory with what is within it."""
_LETTERS_A_SECOND = 15
"""As people speak: where a text of a call does not say how long it took."""
_AGENT = re.compile(r"\b(agent|employee|advisor|representative)\b", re.IGNORECASE)


class _Part(BaseModel):
    """A vCon may say more than is read of it."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class _Party(_Part):
    tel: str | None = None
    mailto: str | None = None
    name: str | None = None
    role: str | None = None
    meta: Mapping[str, Any] = {}

    @property
    def is_agent(self) -> bool:
        return bool(_AGENT.search(f"{self.role or ''} {self.meta.get('role', '')}"))

    @property
    def number(self) -> str | None:
        return self.tel.removeprefix("tel:") if self.tel else None

    @property
    def username(self) -> str | None:
        """By which a directory may know an agent."""
        address = (self.mailto or "").removeprefix("mailto:").partition("@")[0]
        return address or self.name


class _Dialog(_Part):
    type: str
    start: datetime
    duration: Annotated[float, Field(ge=0, le=LONGEST_MS / 1000)] | None = None
    parties: int | tuple[int | tuple[int, ...], ...] = ()
    originator: int | None = None
    body: Any = None
    encoding: str | None = None
    url: str | None = None

    @property
    def speaks(self) -> int:
        """Which party."""
        if self.originator is not None:
            return self.originator
        first = self.parties if isinstance(self.parties, int) else next(iter(self.parties), 0)
        return first if isinstance(first, int) else next(iter(first), 0)


class _VCon(_Part):
    uuid: Annotated[str, StringConstraints(min_length=1, max_length=512)]
    parties: Annotated[tuple[_Party, ...], Field(max_length=100)] = ()
    dialog: Annotated[tuple[_Dialog, ...], Field(max_length=MOST_TURNS)] = ()


_vcon = silent(_VCon)


def read_vcon(content: bytes, source: ImportSource, *, now_ms: float) -> ImportItem:
    """Raises ItemMistaken."""
    if len(content) > LARGEST:
        raise ItemMistaken(Reason.TOO_LONG)
    try:
        written = json.loads(content)
    except (ValueError, RecursionError):
        raise ItemMistaken(Reason.NOT_A_VCON) from None
    if isinstance(written, dict) and "ciphertext" in written:
        raise ItemMistaken(Reason.ENCRYPTED)
    if isinstance(written, dict) and "payload" in written and "vcon" not in written:
        raise ItemMistaken(Reason.SIGNED)
    if not isinstance(written, dict) or "vcon" not in written:
        raise ItemMistaken(Reason.NOT_A_VCON)
    try:
        vcon = _vcon.validate_python(written)
    except ValidationError as error:
        raise ItemMistaken(Reason.NOT_A_VCON, wrong_fields(error, _vcon)) from None
    return _item(vcon, source, now_ms)


def with_what_the_line_says(item: ImportItem, line: ImportItem) -> ImportItem:
    """Of a vCon that a manifest names: what its line says counts."""
    named: dict[str, Any] = {
        name: value
        for name in ("language", "ended_at_ms", "agent", "queue", "customer", "attributes")
        if (value := getattr(line, name))
    }
    started_at_ms = line.started_at_ms or item.started_at_ms
    return replace(item, external_id=line.external_id, started_at_ms=started_at_ms, **named)


def _item(vcon: _VCon, source: ImportSource, now_ms: float) -> ImportItem:
    recordings = [each for each in vcon.dialog if each.type == "recording"]
    texts = [each for each in vcon.dialog if each.type == "text"]
    if not recordings and not texts:
        raise ItemMistaken(Reason.NO_WORDS)
    agent = _agent(vcon.parties, recordings or texts)
    used = recordings[:1] or texts
    started_at_ms = min(_epoch_ms(each.start) for each in used)
    check_times(started_at_ms, None, now_ms)
    customers = [each.number for at, each in enumerate(vcon.parties) if at != agent and each.number]
    whole = ImportItem(
        external_id=vcon.uuid,
        started_at_ms=started_at_ms,
        channel=Channel.VOICE if recordings else Channel.CHAT,
        language=source.language,
        agent=vcon.parties[agent].username if 0 <= agent < len(vcon.parties) else None,
        customer=customers[0] if customers else None,
    )
    if recordings:
        recorded = Recorded(
            content=_content(recordings[0]), agent_channel=_agents_channel(recordings[0], agent, source)
        )
        return replace(whole, recorded=recorded)
    return replace(whole, spoken=tuple(_turn(each, agent, started_at_ms) for each in texts))


def _agent(parties: Sequence[_Party], dialogs: Sequence[_Dialog]) -> int:
    """Who says so; else, of two, the one who did not begin."""
    named = next((at for at, each in enumerate(parties) if each.is_agent), None)
    if named is not None:
        return named
    began = min(dialogs, key=lambda each: _epoch_ms(each.start)).speaks
    return next((at for at in range(len(parties)) if at != began), -1)


def _agents_channel(recording: _Dialog, agent: int, source: ImportSource) -> int:
    """Parties stand in the order of the channels."""
    parties = () if isinstance(recording.parties, int) else recording.parties
    return parties.index(agent) if len(parties) == 2 and agent in parties else source.agent_channel


def _turn(dialog: _Dialog, agent: int, began_at_ms: int) -> Spoken:
    body = dialog.body if isinstance(dialog.body, str) else ""
    if dialog.encoding == "base64url":
        body = _decoded(body).decode("utf-8", "replace")
    start_ms = max(0, _epoch_ms(dialog.start) - began_at_ms)
    took_ms = dialog.duration * 1000 if dialog.duration is not None else len(body) * 1000 / _LETTERS_A_SECOND
    speaker = Speaker.AGENT if dialog.speaks == agent else Speaker.CUSTOMER
    return Spoken(speaker, start_ms, start_ms + max(1, round(took_ms)), body)


def _content(recording: _Dialog) -> bytes:
    if recording.body is None:
        raise ItemMistaken(Reason.ELSEWHERE if recording.url else Reason.EMPTY)
    if recording.encoding != "base64url" or not isinstance(recording.body, str):
        raise ItemMistaken(Reason.NOT_A_VCON, "dialog.encoding")
    return _decoded(recording.body)


def _decoded(body: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    except (binascii.Error, ValueError):
        raise ItemMistaken(Reason.NOT_A_VCON, "dialog.body") from None


def _epoch_ms(at: datetime) -> int:
    return round((at if at.tzinfo is not None else at.replace(tzinfo=UTC)).timestamp() * 1000)
