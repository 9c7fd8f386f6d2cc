"""Which interim views are shown: text that grows under the reader's eyes, at a pace that can be read and paid for."""

from __future__ import annotations

from dataclasses import dataclass, field

from sotto.call.utterance import Utterance


@dataclass(slots=True)
class InterimPace:
    """An interim is shown when the speaker's last one is ``interval_ms`` of call time old, the first of an utterance at
    once. What is left out is in the next one, or in the final, which is always shown."""

    interval_ms: int = 1_000
    _shown_ms: dict[str, int] = field(default_factory=dict)

    def is_due(self, view: Utterance) -> bool:
        """True when this view is to be shown now; the view is then remembered."""
        shown_ms = self._shown_ms.get(view.speaker)
        if shown_ms is not None and 0 <= view.end_ms - shown_ms < self.interval_ms:
            return False
        self._shown_ms[view.speaker] = view.end_ms
        return True

    def forget(self, utterance: Utterance) -> None:
        """The utterance has closed: the first interim of the speaker's next is shown at once."""
        self._shown_ms.pop(utterance.speaker, None)
