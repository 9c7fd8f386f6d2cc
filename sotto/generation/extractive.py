"""The answer without a model: words that somebody has written or said, as they stand."""

from __future__ import annotations

from collections.abc import Sequence

from sotto.core.content_words import content_words
from sotto.generation.citations import Checked, CitedSentence, NotUsable
from sotto.generation.prompts import LONGEST, Task
from sotto.knowledge.passages import Passage
from sotto.tenants.article_text import sentences

NAME = "extractive"


MOST_SENTENCES = 4
ALMOST_AS_SURE = 0.75
"""A passage whose confidence is below this share of the best one's adds nothing to an answer: it is about something
else that shares a word."""


def extracted(task: Task, passages: Sequence[Passage], question: str = "") -> Checked:
    """The best passage; to a ``question``, also what others say about the rest of it; of a call, what the customer came
    with and what the agent said last. Raises NotUsable."""
    if task is Task.ANSWER and passages:
        return _composed(passages, question)
    chosen = _ends(passages) if task is Task.SUMMARY else list(passages[:1])
    if not chosen:
        raise NotUsable("there is no passage to quote")
    share = LONGEST[task] // len(chosen)
    return Checked(" ".join(_beginning(passage.text, share) for passage in chosen), tuple(chosen))


def _composed(passages: Sequence[Passage], question: str) -> Checked:
    """Whole sentences of one or more articles, each with the passage that it stands in."""
    best, *others = passages
    kept = [CitedSentence(each, (best.number,)) for each in _whole(best.text, LONGEST[Task.ANSWER])]
    missing = set(content_words(question)) - set(content_words(f"{best.title} {best.text}"))
    for passage in others:
        if passage.confidence < ALMOST_AS_SURE * best.confidence:
            continue
        words = {each: missing & set(content_words(each)) for each in sentences(passage.text)}
        sentence = max(words, key=lambda each: len(words[each]), default="")
        length = sum(len(each.words) + 1 for each in kept) + len(sentence)
        if not words.get(sentence) or len(kept) >= MOST_SENTENCES or length > LONGEST[Task.ANSWER]:
            continue
        kept.append(CitedSentence(sentence, (passage.number,)))
        missing -= words[sentence]
    used = {number for each in kept for number in each.numbers}
    citations = tuple(passage for passage in passages if passage.number in used)
    return Checked(" ".join(each.words for each in kept), citations, sentences=tuple(kept))


def _ends(passages: Sequence[Passage]) -> list[Passage]:
    """The customer's most informative words among their first ones, and the agent's last that say something."""
    first = [passage for passage in passages if passage.title == "customer"][:4]
    last = [passage for passage in passages if passage.title == "agent" and len(content_words(passage.text)) >= 3][-1:]
    reason = sorted(first, key=lambda passage: -len(content_words(passage.text)))[:1]
    return [*reason, *last] or list(passages[:1])


def _beginning(text: str, longest: int) -> str:
    return " ".join(_whole(text, longest))


def _whole(text: str, longest: int) -> list[str]:
    """Its first sentences; the first is cut at a word when it alone is too long."""
    kept: list[str] = []
    for sentence in sentences(text):
        if sum(len(each) + 1 for each in kept) + len(sentence) + 1 > longest:
            break
        kept.append(sentence)
    return kept or [text[: longest - 1].rsplit(" ", 1)[0] + "…"]
