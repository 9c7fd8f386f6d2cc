"""A conversation of the past, as far as insights are made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sotto.call.annotation import Annotation, AnnotationKind
from sotto.call.contact import Contact
from sotto.call.summary import SummaryLine
from sotto.call.utterance import Utterance
from sotto.insights.insight import Cited


@dataclass(frozen=True)
class PastCall:
    """``lines``: of its summary. ``disposition``: how it ended, by title; empty where nobody knows."""

    contact: Contact
    utterances: Sequence[Utterance]
    lines: Sequence[SummaryLine] = ()
    annotations: Sequence[Annotation] = ()
    disposition: str = ""
    spoken: Mapping[str, Utterance] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "spoken", {each.id: each for each in self.utterances})

    @property
    def started_at_ms(self) -> int:
        return self.contact.media_started_at_ms

    @cached_property
    def moments(self) -> tuple[Annotation, ...]:
        """What was noticed and has words of the call to show for it."""
        return tuple(
            each
            for each in self.annotations
            if each.kind is AnnotationKind.MOMENT and not each.is_fact and each.show.get("title")
        )

    def cited(self, text: str, utterance_ids: Iterable[str]) -> Cited | None:
        """None where nothing that is kept shows it: such a sentence is left out."""
        there = tuple(each for each in dict.fromkeys(utterance_ids) if each in self.spoken)
        return Cited(text, self.contact.contact_id, there, self.started_at_ms) if there and text.strip() else None
