"""The recordings of a contact."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sotto.api.panel.recordings import RecordingsRequest, recordings
from sotto.api.rest.about import about
from sotto.api.rest.fields import LOWER, AtMs
from sotto.api.rest.route import ApiPorts, Asked, Example, Shown, route
from sotto.api.roles import Action
from sotto.realtime.shapes import Shape
from sotto.recordings.record import RecordingState


class BeepedPart(Shown):
    from_ms: int
    until_ms: int


class Recording(Shown):
    id: str
    state: Annotated[RecordingState, LOWER]
    why: str | None
    duration_ms: int | None
    channels: int | None
    begins_ms: Annotated[int | None, Field(description="Of the call's time, when the recording begins.")]
    peaks: Annotated[
        list[str], Field(description="By channel: how loud each of its equal parts is, a byte each; base64.")
    ]
    beeped: Annotated[list[BeepedPart], Field(description="What is covered by a tone.")]
    url: Annotated[str | None, Field(description="Opens the redacted recording, for whoever has it, until it expires.")]
    expires_at_ms: AtMs | None


class Recordings(Shown):
    data: list[Recording]


@route(
    "GET", "/v1/contacts/{contact_id}/recordings", action=Action.READ_CALL, scope="recordings:read",
    answers=Recordings, example=Example(path={"contact_id": "c1"}, answer={"data": []}),
)  # fmt: skip
def list_recordings(asked: Asked, ports: ApiPorts) -> Shape:
    """Redacted recordings, each with a link for five minutes. A link that is given out is noted in the audit log."""
    return {"data": recordings(about(asked, RecordingsRequest), asked.caller, ports.panel())}
