"""Which interim views are worth a round of guidance before the utterance is committed."""

from __future__ import annotations

from dataclasses import dataclass, field

from sotto.call.utterance import Utterance


@dataclass(slots=True)
class InterimThrottle:
    """An interim goes to guidance when it says enough that guidance has not seen, and not too soon after the last one.

    ``new_words`` counts from the first word that differs from what was last let through, so a rewritten guess counts as
    well as a grown one. ``interval_ms`` is call time.
    """

    new_words: int = 4
    interval_ms: int = 1_200
    _seen: dict[str, tuple[list[str], int]] = field(default_factory=dict)

    def adds_enough(self, view: Utterance) -> bool:
        """True when guidance should look at this interim view now; the view is then remembered."""
        seen, seen_ms = self._seen.get(view.speaker, ([], -self.interval_ms))
        words = view.text.casefold().split()
        if view.end_ms - seen_ms < self.interval_ms or len(words) - _shared(seen, words) < self.new_words:
            return False
        self._seen[view.speaker] = (words, view.end_ms)
        return True

    def forget(self, utterance: Utterance) -> None:
        """The utterance has closed: the speaker's next interim begins from nothing."""
        self._seen.pop(utterance.speaker, None)


def _shared(before: list[str], now: list[str]) -> int:
    """Words at the beginning that both have."""
    for count, (a, b) in enumerate(zip(before, now, strict=False)):
        if a != b:
            return count
    return min(len(before), len(now))
