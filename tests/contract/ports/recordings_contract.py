"""What every RecordingStore must do, as a class of tests to inherit. A subclass gives ``store`` and ``events``, which
says the names of the events that are stored about the contact, sorted (fixtures)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sotto.call.events import RecordingAvailable, RecordingRedacted
from sotto.recordings.record import (
    Beeped,
    Published,
    Recording,
    RecordingChanged,
    RecordingState,
    RecordingStore,
    Source,
)

NOW_MS = 1_790_000_000_000
SOURCE = Source("connect-recordings", "bank/c1_20261130T10:00_UTC.wav", NOW_MS)
AVAILABLE = Recording.available("bank", "c1", SOURCE, NOW_MS)
REDACTED = AVAILABLE.changed(
    state=RecordingState.REDACTED,
    beeped=(Beeped(1_000, 2_500),),
    published=Published("bank/recordings/c1/x.wav", "v1", 60_000, 2, begins_ms=-1_250, peaks=("AAD/", "/wAA")),
    source_version="s1",
)


def available(recording: Recording) -> RecordingAvailable:
    return RecordingAvailable.of("bank", "c1", recording=recording.id, version=recording.version, at_ms=NOW_MS)


class RecordingStoreContract:
    def test_a_contact_of_which_nothing_is_known_has_none(self, store: RecordingStore) -> None:
        assert list(store.recordings("bank", "c1")) == []

    def test_they_come_back_as_they_were_each_contact_its_own(self, store: RecordingStore) -> None:
        other = Recording.available("bank", "c1", Source("connect-recordings", "bank/ivr.wav"), NOW_MS)
        store.store(AVAILABLE)
        store.store(REDACTED)
        store.store(other)
        store.store(Recording.missing("bank", "c10", NOW_MS))
        assert {each.id: each for each in store.recordings("bank", "c1")} == {REDACTED.id: REDACTED, other.id: other}
        assert list(store.recordings("garage", "c1")) == []

    def test_the_same_again_changes_nothing_and_says_nothing(
        self, store: RecordingStore, events: Callable[[], list[str]]
    ) -> None:
        store.store(AVAILABLE, event=available(AVAILABLE))
        with pytest.raises(RecordingChanged):
            store.store(AVAILABLE, event=available(AVAILABLE))
        assert events() == [f"recording.available#{SOURCE.id}#1"]

    def test_of_two_changes_of_one_version_the_first_stays(
        self, store: RecordingStore, events: Callable[[], list[str]]
    ) -> None:
        store.store(AVAILABLE)
        store.store(REDACTED)
        event = RecordingRedacted.of("bank", "c1", recording=AVAILABLE.id, version=2, at_ms=NOW_MS)
        with pytest.raises(RecordingChanged):
            store.store(AVAILABLE.changed(state=RecordingState.FAILED), event=event)
        assert list(store.recordings("bank", "c1")) == [REDACTED]
        assert events() == []

    def test_what_was_erased_meanwhile_does_not_come_back(self, store: RecordingStore) -> None:
        with pytest.raises(RecordingChanged):
            store.store(REDACTED)
        assert list(store.recordings("bank", "c1")) == []
