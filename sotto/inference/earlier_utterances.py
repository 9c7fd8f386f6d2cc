"""What was said on a call before an utterance, for the models that want to know."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.core.errors import SottoError
from sotto.graph.node import NodeCall

MOST_UTTERANCES = 20
"""About two minutes: what a caller speaks of was named in them, if at all. One page of the store."""


LONGEST_MS = 100.0
"""A store that takes longer is not waited for: the question alone is answered instead."""
READS_AT_ONCE = 4


class Transcript(Protocol):
    def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Utterance]:
        """Finals with a sequence number above ``after_seq``, oldest first."""
        ...


class EarlierUtterances:
    """Redacted, as everything that is stored. A store that fails or is slow costs the context, not the answer.

    The store's own timeouts are those of other work, so it is read in a thread that can be left behind.
    """

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._threads = ThreadPoolExecutor(READS_AT_ONCE, thread_name_prefix="earlier-words")

    def before(self, call: NodeCall) -> tuple[str, ...]:
        return tuple(each.text for each in self.utterances_before(call.utterance))

    def utterances_before(self, utterance: Utterance) -> tuple[Utterance, ...]:
        """Of its contact, the oldest first; empty when they cannot be known in time."""
        if utterance.seq <= 1:
            return ()
        after = max(0, utterance.seq - 1 - MOST_UTTERANCES)
        reading = self._threads.submit(
            self._transcript.utterances, utterance.tenant, utterance.contact_id, after, MOST_UTTERANCES
        )
        try:
            found = reading.result(LONGEST_MS / 1000)
        except (SottoError, TimeoutError):
            reading.cancel()
            return ()
        return tuple(each for each in found if each.seq < utterance.seq and each.speaker is not Speaker.SYSTEM)
