"""The recordings of a call, with links that open the redacted ones for a few minutes."""

from __future__ import annotations

from sotto.api.caller import Caller
from sotto.api.panel.ports import AgentPorts
from sotto.api.panel.request_models import About
from sotto.api.recordings.play import Playable, play, recordings_of
from sotto.realtime.shapes import Shape


class RecordingsRequest(About):
    with_links: bool = True


def recordings(asked: RecordingsRequest, caller: Caller, ports: AgentPorts) -> list[Shape]:
    """What became of them is nothing that was listened to, and is noted nowhere; a link is."""
    if asked.with_links:
        return [_shape(each) for each in play(caller, asked.contact_id, ports.playback)]
    return [_shape(Playable(each)) for each in recordings_of(caller, asked.contact_id, ports.playback)]


def _shape(playable: Playable) -> Shape:
    about, at = playable.recording, playable.recording.published
    return {
        "id": about.id,
        "state": about.state.value.upper(),
        "why": about.why or None,
        "durationMs": at.duration_ms if at else None,
        "channels": at.channels if at else None,
        "beginsMs": at.begins_ms if at else None,
        "peaks": list(at.peaks) if at else [],
        "beeped": [{"fromMs": each.from_ms, "untilMs": each.until_ms} for each in about.beeped],
        "url": playable.url,
        "expiresAtMs": playable.expires_at_ms,
    }
