"""One redacted recording, announced once, and no other version of it in our bucket."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.after_call_checks import Seen
from sotto.call.events import RecordingRedacted
from sotto.recordings.record import RecordingState


def problems(seen: Seen) -> Iterator[str]:
    known = seen.sotto.recordings.recordings(seen.tenant, seen.contact_id)
    if [each.state for each in known] != [RecordingState.REDACTED]:
        yield f"lost: the recording is {', '.join(f'{each.state.value} {each.why}' for each in known) or 'not known'}"
        return
    if (announced := len(seen.numbers(RecordingRedacted))) != 1:
        yield f"{'double' if announced else 'lost'}: a redacted recording announced {announced} times"
    if (versions := seen.sotto.kept_recordings.versions(seen.tenant, seen.contact_id)) != 1:
        yield f"{'double' if versions else 'lost'}: {versions} versions of the redacted recording"
