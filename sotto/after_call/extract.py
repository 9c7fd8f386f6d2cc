"""A summary without a model: what was said, noticed, done and left open, in the words that are there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from sotto.call.annotation import Annotation, AnnotationKind, ChecklistItem
from sotto.call.contact import Speaker
from sotto.call.summary import SummaryLine, SummaryPart
from sotto.call.utterance import Utterance
from sotto.generation.guard import commits
from sotto.knowledge.passages import content_words, sentences

MOST_MOMENTS = 6
MOST_OUTCOMES = 2
MOST_OPEN = 6
LONGEST_QUOTE = 240
SUBSTANTIVE_WORDS = 3
_RECAP = re.compile(
    r"\b(?:sum(?:ming)? (?:it )?up|summari[sz]e|to recap|fasse\b.*\bzusammen|zusammenfass\w+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Call:
    """All that is stored of one call. ``utterances``: the finals in order. ``followed``: ids of the annotations that
    the agent acknowledged."""

    utterances: Sequence[Utterance]
    annotations: Sequence[Annotation] = ()
    checklist: Sequence[ChecklistItem] = ()
    followed: Collection[str] = field(default_factory=frozenset)


def extracted(call: Call) -> tuple[SummaryLine, ...]:
    """Empty when nothing was said."""
    lines = [*_reason(call.utterances), *_moments(call), *_done(call), *_outcome(call.utterances)]
    if call.utterances:
        lines += _open(call.checklist)
    return tuple(lines)


def key_utterances(call: Call) -> list[Utterance]:
    """The utterances that a summary rests on, in the order of the call."""
    wanted = {one for line in extracted(call) for one in line.rests_on}
    return [utterance for utterance in call.utterances if utterance.id in wanted]


def _reason(utterances: Sequence[Utterance]) -> list[SummaryLine]:
    """The customer's first words that are more than a greeting."""
    own = [each for each in utterances if each.speaker is Speaker.CUSTOMER]
    first = next((each for each in own if len(set(content_words(each.text))) >= SUBSTANTIVE_WORDS), None)
    return [_quoted(SummaryPart.REASON, first)] if first else [_quoted(SummaryPart.REASON, each) for each in own[:1]]


def sums_up(text: str) -> bool:
    """Whether somebody says in so many words what was agreed."""
    return bool(_RECAP.search(text))


def _outcome(utterances: Sequence[Utterance]) -> list[SummaryLine]:
    """The agent's own summing up; else what was promised or put into figures last, or the last substantive words."""
    own = [each for each in utterances if each.speaker is Speaker.AGENT]
    if recaps := [each for each in own if sums_up(each.text)]:
        return [_quoted(SummaryPart.OUTCOME, recaps[-1])]
    substantive = [each for each in own if len(content_words(each.text)) >= SUBSTANTIVE_WORDS and "?" not in each.text]
    promised = [each for each in substantive if commits(each.text)]
    return [_quoted(SummaryPart.OUTCOME, each) for each in (promised[-MOST_OUTCOMES:] or substantive[-1:])]


def _moments(call: Call) -> list[SummaryLine]:
    """Each kind of moment once, with all its evidence; only those that the playbook gives a title."""
    by_name: dict[str, list[Annotation]] = {}
    for each in call.annotations:
        if each.kind is AnnotationKind.MOMENT and each.show.get("title"):
            by_name.setdefault(each.name, []).append(each)
    titled = [(moments[0].show["title"], moments) for moments in by_name.values()]
    return [SummaryLine(SummaryPart.MOMENT, title, _rests_on(found, call)) for title, found in titled[:MOST_MOMENTS]]


def _done(call: Call) -> list[SummaryLine]:
    """What the agent acknowledged, and what the playbook took back because it had been done."""
    withdrawn = {each.show["withdraws"]: each for each in call.annotations if each.show.get("withdraws")}
    lines = []
    for each in call.annotations:
        if each.kind is AnnotationKind.ACTION and not each.show.get("withdraws") and each.show.get("title"):
            by = withdrawn.get(each.id)
            if by or each.id in call.followed:
                lines.append(SummaryLine(SummaryPart.DONE, each.show["title"], _rests_on([by or each], call)))
    return list(dict.fromkeys(lines))


def _open(checklist: Iterable[ChecklistItem]) -> list[SummaryLine]:
    return [SummaryLine(SummaryPart.OPEN, item.title) for item in checklist if item.state != "done"][:MOST_OPEN]


def _rests_on(annotations: Iterable[Annotation], call: Call) -> tuple[str, ...]:
    ids = {words.utterance_id for each in annotations for words in each.evidence}
    ids |= {each.utterance_id for each in annotations if each.utterance_id and not each.evidence}
    return tuple(utterance.id for utterance in call.utterances if utterance.id in ids)


def _quoted(part: SummaryPart, utterance: Utterance) -> SummaryLine:
    return SummaryLine(part, shortened(utterance.text), (utterance.id,))


def shortened(text: str) -> str:
    """Whole sentences as far as they fit; the first is cut at a word when it alone is too long."""
    kept = ""
    for sentence in sentences(text):
        if len(kept) + len(sentence) + 1 > LONGEST_QUOTE:
            break
        kept = f"{kept} {sentence}".strip()
    return kept or text[:LONGEST_QUOTE].rsplit(" ", 1)[0] + "…"
