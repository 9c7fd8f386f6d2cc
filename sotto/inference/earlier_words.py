"""What was said on a call before an utterance, for the models that want to know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sotto.errors import SottoError
from sotto.inference.node import NodeCall
from sotto.speech.utterance import Utterance

MOST_UTTERANCES = 20
"""About two minutes: what a caller speaks of was named in them, if at all. One page of the store."""


class Transcript(Protocol):
    def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Utterance]:
        """Finals with a sequence number above ``after_seq``, oldest first."""
        ...


class StoredWords:
    """Redacted, as everything that is stored. A store that fails costs the context, not the answer."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript

    def before(self, call: NodeCall) -> tuple[str, ...]:
        said = call.utterance
        if said.seq <= 1:
            return ()
        after = max(0, said.seq - 1 - MOST_UTTERANCES)
        try:
            found = self._transcript.utterances(said.tenant, said.contact_id, after, MOST_UTTERANCES)
        except SottoError:
            return ()
        return tuple(each.text for each in found if each.seq < said.seq)
