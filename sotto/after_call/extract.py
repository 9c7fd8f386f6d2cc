"""A summary without a model: what was said, noticed, done and left open, in the words that are there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sotto.after_call.parts.spoken import facts, promises, sentiment_course, tried
from sotto.after_call.stored_call import Call
from sotto.call.annotation import Annotation, AnnotationKind, ChecklistItem, Withdrawal
from sotto.call.contact import Speaker
from sotto.call.summary import SummaryLine, SummaryPart
from sotto.call.utterance import Utterance
from sotto.core.content_words import content_words
from sotto.generation.guard import commits
from sotto.tenants.article_text import sentences
from sotto.tenants.guidance_settings import gravity

MOST_MOMENTS = 6
MOST_OUTCOMES = 2
MOST_OPEN = 6
MOST_REQUESTS = 3
LONGEST_QUOTE = 240
SUBSTANTIVE_WORDS = 3
_RECAP = re.compile(
    r"\b(?:sum(?:ming)? (?:it )?up|summari[sz]e|to recap|fasse\b.*\bzusammen|zusammenfass\w+)", re.IGNORECASE
)


_REQUEST = re.compile(
    r"\b(?:please|make sure|let me know|bitte|geben sie mir bescheid)\b"
    r"|(?:^|[,;]\s*|\b(?:and|but|then|und|aber)\s+)(?:(?:do not|don['’]t|never)\s+\w+"
    r"|(?:call|text|e-?mail|write|send|ring) me|(?:rufen|schreiben|schicken) sie mi(?:r|ch))\b",
    re.IGNORECASE,
)
_FOR_NOW = re.compile(
    r"\b(?:repeat|say|spell|speak|hold on|wait|moment|second|wiederholen|sagen|warten)\b", re.IGNORECASE
)
"""What is asked of the agent while they speak: to wait, to say it again."""


def extracted(call: Call) -> tuple[SummaryLine, ...]:
    """Empty when nothing was said."""
    if not call.utterances:
        return ()
    outcome = _outcome(call.utterances)
    reason, requests, attempts = _reason(call.utterances), _requests(call.utterances), tried(call)
    committed = [each for each in promises(call) if each.due or not any(each.text in line.text for line in outcome)]
    return (
        *reason,
        *facts(call, (*reason, *requests, *attempts, *committed, *outcome)),
        *requests,
        *attempts,
        *_moments(call),
        *_done(call),
        *sentiment_course(call),
        *committed,
        *_tasks(SummaryPart.OPEN, call.checklist),
        *_tasks(SummaryPart.MISSED, call.checklist),
        *outcome,
    )


def key_utterances(call: Call) -> list[Utterance]:
    """The utterances that a summary rests on, in the order of the call."""
    wanted = {one for line in extracted(call) for one in line.rests_on}
    return [utterance for utterance in call.utterances if utterance.id in wanted]


def _reason(utterances: Sequence[Utterance]) -> list[SummaryLine]:
    """The customer's first words that are more than a greeting."""
    own = [each for each in utterances if each.speaker is Speaker.CUSTOMER]
    first = next((each for each in own if len(set(content_words(each.text))) >= SUBSTANTIVE_WORDS), None)
    return [_quoted(SummaryPart.REASON, first)] if first else [_quoted(SummaryPart.REASON, each) for each in own[:1]]


def _requests(utterances: Sequence[Utterance]) -> list[SummaryLine]:
    """The latest sentences in which the customer asks for something later; a question is answered in the call."""
    found = [
        SummaryLine(SummaryPart.REQUEST, shortened(sentence), (each.id,))
        for each in utterances
        if each.speaker is Speaker.CUSTOMER
        for sentence in sentences(each.text)
        if _asks_for_later(sentence)
    ]
    return found[-MOST_REQUESTS:]


def _asks_for_later(sentence: str) -> bool:
    """More than "yes, please"."""
    is_request = _REQUEST.search(sentence) and not _FOR_NOW.search(sentence) and not sentence.endswith("?")
    return bool(is_request) and len(set(content_words(sentence))) >= SUBSTANTIVE_WORDS


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
    """The gravest in the order of the call, and last how it ended: all that the playbook calls an outcome."""
    ended = [each for each in _by_name(call) if each[0].show.get("outcome")]
    others = [each for each in _by_name(call) if each not in ended]
    gravest = sorted(others, key=lambda found: -max(gravity(each.severity) for each in found))[:MOST_MOMENTS]
    chosen = [*(each for each in others if each in gravest), *ended]
    return [SummaryLine(SummaryPart.MOMENT, found[0].show["title"], _rests_on(found, call)) for found in chosen]


def _by_name(call: Call) -> list[list[Annotation]]:
    """Each kind of moment once, with all its evidence; only those that the playbook gives a title, and no facts."""
    by_name: dict[str, list[Annotation]] = {}
    for each in call.annotations:
        if each.kind is AnnotationKind.MOMENT and each.show.get("title") and not each.is_fact:
            by_name.setdefault(each.name, []).append(each)
    return list(by_name.values())


def _done(call: Call) -> list[SummaryLine]:
    """What the agent acknowledged, and what the playbook took back because it had been done."""
    done = {each.show["withdraws"]: each for each in call.annotations if _says_done(each)}
    lines = [
        SummaryLine(SummaryPart.DONE, _worded(each), _rests_on([done.get(each.id, each)], call))
        for each in call.annotations
        if _is_suggestion(each) and (each.id in done or each.id in call.followed)
    ]
    return list(dict.fromkeys(lines))


def _says_done(annotation: Annotation) -> bool:
    """Withdrawals of earlier releases give no reason: there was one."""
    show = annotation.show
    return bool(show.get("withdraws")) and show.get("because", Withdrawal.DONE) == Withdrawal.DONE


def _is_suggestion(annotation: Annotation) -> bool:
    """An article that was shown is a source: it cites, and no playbook words what would have been done with it."""
    show = annotation.show
    is_source = bool(show.get("citations")) and not show.get("done_text")
    is_shown = annotation.kind is AnnotationKind.ACTION and not show.get("withdraws")
    return is_shown and not is_source and bool(_worded(annotation))


def _worded(annotation: Annotation) -> str:
    return str(annotation.show.get("done_text") or annotation.show.get("title") or "")


def _tasks(part: SummaryPart, checklist: Iterable[ChecklistItem]) -> list[SummaryLine]:
    return [SummaryLine(part, item.title) for item in checklist if item.state == part.value][:MOST_OPEN]


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
