"""Reads a model's answer and keeps what the passages support.

Support is judged by words: most content words of a sentence stand in the passages that it cites, all of its figures,
and every word that it quotes. It cannot see that a "not" was lost; that is why the passages travel with the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sotto.core.content_words import content_words, plain
from sotto.core.errors import Degraded
from sotto.generation.guard import commits, objection, quoted
from sotto.generation.prompts import LONGEST, OF_A_CALL, Task
from sotto.knowledge.passages import Passage, joined
from sotto.tenants.article_text import sentences

SUPPORTED = 0.6
"""Share of a sentence's content words. A judgement, not a measurement: rewording keeps most, another topic few."""

_REPORTED = re.compile(
    r"\b(?:ask|want|say|said|claim|report|mention|request|call|complain|explain|wonder|dispute|tell|told|describ)\w*",
    re.IGNORECASE,
)
_ATTRIBUTION = re.compile(rf"\b(?:customer|caller|agent)(?:'s)?\b|{_REPORTED.pattern}", re.IGNORECASE)
"""What a summary says about who spoke, which the spoken words themselves do not hold."""
_SAYS_BACK = re.compile(
    r"\?|\b(?:sorry|apolog\w*|understand|thank\w*|hear\w*|welcome|see (?:that|why|how)|let me (?:check|look|see)|check"
    r"|you (?:said|say|mentioned|told|asked|want\w*|would like|called))\b",
    re.IGNORECASE,
)
"""An acknowledgement or a question, which states nothing."""
_LABEL = re.compile(r"[\s*#-]*(reason|facts?|tried|promises?|outcome|resolution)\b[\s*]*:[\s*]*", re.IGNORECASE)
_MARKER = re.compile(r"\s*\[(\d{1,3})\]")


class NotUsable(Degraded):
    """The text is not what was asked, or nothing of it is supported. The message never holds its words."""


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """``numbers``: of the passages that it cites by itself. ``label``: of the line of a summary that it stands in, in
    lower case; empty where it has none."""

    words: str
    numbers: tuple[int, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """``dropped``: why sentences were left out. ``sentences``: those of ``text``, where it is known what each rests on.
    An answer without text says that the passages hold none."""

    text: str
    citations: tuple[Passage, ...]
    dropped: tuple[str, ...] = ()
    sentences: tuple[CitedSentence, ...] = ()


def checked(task: Task, raw: str, passages: Sequence[Passage], *, house: str = "", spoken: str = "") -> Checked:
    """``raw``: what the model wrote. ``spoken``: what it knew beside the passages, which supports nothing. Raises
    NotUsable."""
    text, cited = _read(raw)
    if task is Task.ANSWER and not text.strip() and not cited:
        return Checked("", ())
    known = {passage.number: passage for passage in passages}
    if unknown := sorted(set(cited) - set(known)):
        raise NotUsable(f"the text cites passages that there are not: {unknown[:5]}")
    kept: list[CitedSentence] = []
    dropped: list[str] = []
    for sentence in _split(text, labelled=task is Task.SUMMARY):
        if reason := _objection(task, sentence, cited, known, house) or _repeats(task, sentence, spoken, house):
            dropped.append(reason)
        else:
            kept.append(sentence)
    kept = _within(kept, LONGEST[task], dropped)
    if task is Task.REPLY and cited and not any(_rests_on(sentence, cited, known) for sentence in kept):
        raise NotUsable("nothing of the text rests on the passages that it cites")
    used = _used(kept, cited, known)
    if not kept or (not used and task is not Task.REPLY):
        raise NotUsable(f"nothing of the text is supported: {'; '.join(dropped) or 'it is empty'}")
    return Checked(" ".join(sentence.words for sentence in kept), used, tuple(dropped), tuple(kept))


def _read(raw: str) -> tuple[str, list[int]]:
    try:
        answer: Any = json.loads(_unfenced(raw))
        text, cited = answer["text"], answer["citations"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NotUsable("the text is not the JSON object that was asked for") from None
    if not isinstance(text, str) or not isinstance(cited, list) or not all(type(each) is int for each in cited):
        raise NotUsable("the text is not the JSON object that was asked for")
    return text, cited


def _unfenced(raw: str) -> str:
    """Models that cannot be constrained like to put JSON into a code block."""
    fenced = re.fullmatch(r"\s*```(?:json)?\s*(.*?)\s*```\s*", raw, re.DOTALL)
    return fenced.group(1) if fenced else raw


def _split(text: str, *, labelled: bool = False) -> list[CitedSentence]:
    """A marker may stand before or after the full stop; either way it belongs to that sentence."""
    tidy = re.sub(r"([.!?])((?:\s*\[\d{1,3}\])+)", r"\2\1", text)
    found = []
    for line in tidy.splitlines():  # of two lines that a model wrote, each must be supported by itself
        label = _LABEL.match(line) if labelled else None
        for part in sentences(line[label.end() :] if label else line):
            numbers = tuple(int(number) for number in _MARKER.findall(part))
            found.append(CitedSentence(_MARKER.sub("", part).strip(), numbers, label[1].lower() if label else ""))
    return found


def _objection(task: Task, sentence: CitedSentence, cited: list[int], known: dict[int, Passage], house: str) -> str:
    numbers = sentence.numbers or tuple(cited)
    if any(number not in known for number in numbers):
        return "cites a passage that there is not"
    own = joined([known[number] for number in numbers])
    allowed = f"{own}\n{house}"
    if reason := objection(sentence.words, allowed, links_of=_links_of(task, allowed)):
        return reason
    if task in OF_A_CALL and commits(sentence.words) and _only_wished(sentence, [known[n] for n in numbers]):
        return "states as done what only the customer spoke of"
    if any(words not in plain(allowed) for words in quoted(sentence.words)):
        return "quotes words that its passage has not"
    if task is Task.REPLY and not sentence.numbers and not commits(sentence.words):
        return ""  # "I am sorry to hear that": manners need no source
    claim = _ATTRIBUTION.sub("", sentence.words) if task in OF_A_CALL else sentence.words
    return "" if _supported(claim, allowed) else "its passages do not support it"


def _repeats(task: Task, sentence: CitedSentence, spoken: str, house: str) -> str:
    """A reply may say back what was said ("I understand that your card was stolen"), but not as its own statement:
    the customer may have claimed it, or been promised it by somebody."""
    if task is not Task.REPLY or sentence.numbers or _SAYS_BACK.search(sentence.words):
        return ""
    if not _supported(sentence.words, spoken) or _supported(sentence.words, house):
        return ""
    return "states what was only said in the conversation"


def _links_of(task: Task, allowed: str) -> str:
    """A call's passages are spoken words, and a link that a caller has spoken is not one to click on."""
    return "" if task in OF_A_CALL else allowed


def _only_wished(sentence: CitedSentence, cited: Sequence[Passage]) -> bool:
    """Whoever says "note that I get a refund" must not find it in the notes as a fact."""
    return all(passage.title == "customer" for passage in cited) and not _REPORTED.search(sentence.words)


def _supported(sentence: str, allowed: str) -> bool:
    words, there = content_words(sentence), set(content_words(allowed))
    return bool(words) and sum(word in there for word in words) >= SUPPORTED * len(words)


def _rests_on(sentence: CitedSentence, cited: Sequence[int], known: dict[int, Passage]) -> bool:
    """Manners are kept without a source, but a citation beside them would vouch for nothing. A sentence with numbers
    of its own has been compared with those."""
    return bool(sentence.numbers) or _supported(sentence.words, joined([known[number] for number in cited]))


def _within(kept: list[CitedSentence], longest: int, dropped: list[str]) -> list[CitedSentence]:
    """Whole sentences up to the limit."""
    length = 0
    for place, sentence in enumerate(kept):
        length += len(sentence.words) + 1
        if length > longest + 1:
            dropped.append("the text is too long")
            return kept[:place]
    return kept


def _used(kept: list[CitedSentence], cited: list[int], known: dict[int, Passage]) -> tuple[Passage, ...]:
    numbers = {number for sentence in kept for number in sentence.numbers} or set(cited)
    return tuple(known[number] for number in sorted(numbers))
