"""The passages that a text may rest on, numbered from 1 as the prompt shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sotto.call.utterance import Utterance
from sotto.graph.node import Output
from sotto.knowledge.answers import KnowledgeAnswer

MOST_PASSAGES = 6
LONGEST_PASSAGE = 1_500


@dataclass(frozen=True, slots=True)
class Passage:
    """``start`` and ``end``: its characters in the article (or, for a call's words, its media time in ms)."""

    number: int
    text: str
    article: str = ""
    title: str = ""
    start: int = 0
    end: int = 0
    confidence: float = 0.0
    source: str = ""
    date: str = ""

    @property
    def citation(self) -> dict[str, str]:
        """As outputs and cards have it: without what nobody has said."""
        known = {"source": self.source, "date": self.date}
        cited = {"article": self.article, "title": self.title, "quote": self.text}
        return cited | {name: value for name, value in known.items() if value}


def retrieved(inputs: Mapping[str, Output]) -> tuple[Passage, ...]:
    """What knowledge nodes found, best first, each passage once. What another model wrote is no source."""
    answers = (answer for output in inputs.values() for answer in output.get("answers", ()))
    found = [answer for answer in answers if "citations" not in answer]
    found.sort(key=lambda answer: -float(answer.get("confidence", 0.0)))
    distinct = {(answer.get("article", ""), answer["text"]): answer for answer in reversed(found) if answer.get("text")}
    return tuple(_passage(place, each) for place, each in enumerate([*distinct.values()][::-1][:MOST_PASSAGES], 1))


def numbered(answers: Iterable[KnowledgeAnswer]) -> tuple[Passage, ...]:
    """What a search found, best first."""
    return tuple(
        Passage(
            number,
            x.text[:LONGEST_PASSAGE],
            x.article,
            x.title,
            x.start_char,
            x.end_char,
            x.confidence,
            x.source,
            x.date,
        )
        for number, x in enumerate(answers, 1)
    )


def _passage(number: int, found: Mapping[str, Any]) -> Passage:
    return Passage(
        number=number,
        text=str(found["text"])[:LONGEST_PASSAGE],
        article=str(found.get("article", "")),
        title=str(found.get("title", "")),
        start=int(found.get("start", 0)),
        end=int(found.get("end", 0)),
        confidence=float(found.get("confidence", 0.0)),
        source=str(found.get("source", "")),
        date=str(found.get("date", "")),
    )


def spoken(utterances: Iterable[Utterance], *, most: int = 200) -> tuple[Passage, ...]:
    """The finals of a call, the latest ``most`` of them; a summary rests on what was said."""
    finals = [utterance for utterance in utterances if utterance.is_final and utterance.text.strip()][-most:]
    return tuple(
        Passage(place, final.text[:LONGEST_PASSAGE], final.id, str(final.speaker), final.start_ms, final.end_ms, 1.0)
        for place, final in enumerate(finals, 1)
    )


def joined(passages: Sequence[Passage]) -> str:
    return "\n".join(passage.text for passage in passages)
