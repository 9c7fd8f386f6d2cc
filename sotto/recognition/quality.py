"""How well a provider understands, from its own results: how sure it is of its finals, and how much of what its
interims showed was taken back. Neither needs the text of a call; both say of a bad line what it is before anybody
complains."""

from __future__ import annotations

from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult
from sotto.core.metrics import measure
from sotto.core.metrics.recorder import Metrics


class RecognitionQuality:
    """Of one call. ``note`` is given every result, in order, with its provider's name."""

    def __init__(self, metrics: Metrics, tenant: str) -> None:
        self._metrics = metrics
        self._tenant = tenant
        self._shown: dict[Speaker, tuple[str, list[str]]] = {}
        self._changed: dict[Speaker, int] = {}
        self._all: dict[Speaker, int] = {}

    def note(self, provider: str, result: TranscriptResult) -> None:
        self._compare(result)
        if not result.is_final:
            return
        self._shown.pop(result.speaker, None)
        if shown := self._all.pop(result.speaker, 0):
            churn = 100 * self._changed.pop(result.speaker, 0) / shown
            self._add(measure.INTERIM_CHURN, churn, provider)
        if result.words:
            confidence = sum(word.confidence for word in result.words) / len(result.words)
            self._add(measure.RECOGNISER_CONFIDENCE, 100 * confidence, provider)

    def _compare(self, result: TranscriptResult) -> None:
        """With the interim before it: which of its words are not in their place any more. Case and punctuation come
        with the final, and are no change."""
        now = [_bare(word) for word in result.text.split()]
        before_id, before = self._shown.get(result.speaker, (result.result_id, []))
        if before and before_id == result.result_id:
            kept = sum(one == other for one, other in zip(before, now, strict=False))
            self._all[result.speaker] = self._all.get(result.speaker, 0) + len(before)
            self._changed[result.speaker] = self._changed.get(result.speaker, 0) + len(before) - kept
        self._shown[result.speaker] = (result.result_id, now)

    def _add(self, what: measure.Measure, value: float, provider: str) -> None:
        self._metrics.add(what, round(value, 1), tenant=self._tenant, provider=provider)


def _bare(word: str) -> str:
    return "".join(character for character in word.casefold() if character.isalnum())
