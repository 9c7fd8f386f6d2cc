"""What a recorded session says of itself: RFC 7865's XML, as session border controllers really write it.

Elements are found by their local names, since vendors leave the namespace out or make up their own. The text comes from
a telephone network: a document type, which is where entities would be defined, is refused, and so is what is larger
than any session needs. https://www.rfc-editor.org/rfc/rfc7865
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.parsers.expat import ExpatError, ParserCreate

from sotto.core.errors import Rejected

MOST_CHARACTERS = 256 * 1024
"""EventBridge carries no more."""
MOST_ELEMENTS = 2_000
DEEPEST = 32
LONGEST_TEXT = 1_024
FIELDS = ("AmznConnectAgentUserId", "AmznConnectQueueId", "AmznConnectParticipantOrder")
"""Of Amazon Connect's own connector, which the same controllers may feed.
https://docs.aws.amazon.com/connect/latest/adminguide/call-metadata-contact-lens-integration.html"""
_KNOWN_FIELDS = {name.lower(): name for name in FIELDS}
_SCHEMES = ("sip:", "sips:", "tel:")


class MetadataRefused(Rejected):
    """The metadata cannot be read; the message says why and quotes none of it."""


@dataclass(frozen=True, slots=True)
class Participant:
    """``names``: the user parts of the participant's addresses, such as ``emma`` of ``sip:emma@pbx``."""

    id: str
    names: tuple[str, ...] = ()
    sends: tuple[str, ...] = ()
    """Ids of streams."""


@dataclass(frozen=True, slots=True)
class SessionMetadata:
    """``labels``: of the session's streams, by id. ``fields``: those of FIELDS that are there."""

    participants: tuple[Participant, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)

    def sender_of(self, label: str) -> Participant | None:
        """Who speaks in the stream with this label; None where it does not say, or says several."""
        streams = {stream for stream, named in self.labels.items() if named == label}
        found = [each for each in self.participants if streams.intersection(each.sends)]
        return found[0] if len(found) == 1 else None

    @property
    def labels_in_order(self) -> tuple[str, ...]:
        """By number, where they are numbers, as they mostly are."""
        return tuple(sorted(set(self.labels.values()), key=lambda each: (not each.isdecimal(), each.zfill(12))))


def read_metadata(text: str) -> SessionMetadata:
    """Raises MetadataRefused."""
    if len(text) > MOST_CHARACTERS:
        raise MetadataRefused(f"the metadata has more than {MOST_CHARACTERS:,} characters")
    reader = _Reader()
    parser = ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(text.strip(), True)
    except ExpatError as error:
        raise MetadataRefused(f"the metadata is not XML: line {error.lineno}, column {error.offset}") from None
    return reader.found()


def _refuse_doctype(*_: object) -> None:
    raise MetadataRefused("the metadata has a document type: entities are not read")


def user_of(address: str) -> str:
    """``emma`` of ``sip:emma@pbx;transport=tcp``; "" where there is none."""
    bare = next((address[len(scheme) :] for scheme in _SCHEMES if address.lower().startswith(scheme)), address)
    return unquote(bare.partition("@")[0].partition(";")[0]).strip()


class _Reader:
    """Takes the elements as they come."""

    def __init__(self) -> None:
        self._path: list[tuple[str, Mapping[str, str]]] = []
        self._text: list[str] = []
        self._elements = 0
        self._names: dict[str, list[str]] = {}
        self._sends: dict[str, list[str]] = {}
        self._labels: dict[str, str] = {}
        self._fields: dict[str, str] = {}

    def found(self) -> SessionMetadata:
        everybody = dict.fromkeys((*self._names, *self._sends))
        participants = tuple(
            Participant(each, tuple(self._names.get(each, ())), tuple(self._sends.get(each, ()))) for each in everybody
        )
        return SessionMetadata(participants, self._labels, self._fields)

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS or len(self._path) >= DEEPEST:
            raise MetadataRefused(f"the metadata has more than {MOST_ELEMENTS:,} elements, or {DEEPEST} in each other")
        known = {_local(key): value[:LONGEST_TEXT] for key, value in attributes.items()}
        self._path.append((_local(name), known))
        self._text = []
        if _local(name) == "participant" and (who := _id(known, "participant")):
            self._names.setdefault(who, [])
        elif _local(name) == "nameid" and (user := user_of(known.get("aor", ""))) and (who := self._of("participant")):
            self._names.setdefault(who, []).append(user)

    def text(self, piece: str) -> None:
        if sum(map(len, self._text)) < LONGEST_TEXT:
            self._text.append(piece)

    def end(self, name: str) -> None:
        text, self._text = "".join(self._text).strip()[:LONGEST_TEXT], []
        self._path.pop()
        local = _local(name)
        if not text:
            return
        if local in _KNOWN_FIELDS:
            self._fields.setdefault(_KNOWN_FIELDS[local], text)
        elif local == "label" and (stream := self._of("stream")):
            self._labels[stream] = text
        elif local == "send" and (who := self._of("participantstreamassoc", "participant") or self._of("participant")):
            self._sends.setdefault(who, []).append(text)

    def _of(self, element: str, kind: str = "") -> str:
        """The id that the open ``element`` has, or refers to."""
        return next((_id(known, kind or element) for name, known in reversed(self._path) if name == element), "")


def _id(attributes: Mapping[str, str], kind: str) -> str:
    return attributes.get(f"{kind}_id") or attributes.get("id", "")


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()
