"""Which actions may be shown now: those that were met, are still of use, and say nothing that another one denies.

What has to wait is not kept, except answers: an action whose condition was met is found again with the next event, and
by then it may have become moot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sotto.call.annotation import Evidence
from sotto.call.contact import Speaker
from sotto.core.content_words import content_words
from sotto.guidance.call_events import CallEvent, UtteranceResults
from sotto.guidance.conversation import Occurrence, OpenAction, WaitingAnswer
from sotto.guidance.moments import View, met
from sotto.guidance.rules import Rules
from sotto.guidance.showing import answered, best_answer, shown
from sotto.tenants.guidance_settings import GRAVE, gravity
from sotto.tenants.playbook import PlaybookAction

SAME_MATTER_MS = 30_000
"""Two actions that were met within this time are about the same words of the call."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """``subject``: what must not be shown again too soon: the action, or the action with one article."""

    action: PlaybookAction
    subject: str
    occurrence: Occurrence
    show: Mapping[str, Any]
    article: str = ""
    has_waited: bool = False
    is_written: bool = False
    """A model wrote it for what was asked, so it says more than the article that an action cites."""

    @property
    def is_grave(self) -> bool:
        return self.action.severity == GRAVE

    @property
    def waiting(self) -> WaitingAnswer:
        return WaitingAnswer(self.action.name, self.subject, self.occurrence, self.show, self.article)


def candidates(event: CallEvent, view: View, rules: Rules) -> list[Candidate]:
    """The gravest first, of equals the latest; each may still turn out not to be of use."""
    found = [*_met(view, rules), *_answers(event, view, rules)]
    return sorted(found, key=lambda one: (-gravity(one.action.severity), -one.occurrence.at_ms))


def _met(view: View, rules: Rules) -> Iterator[Candidate]:
    for action in rules.actions:
        if action.when is not None:
            show = shown(action, rules.guidance)
            for occurrence in met(action.when, view):
                yield Candidate(action, action.name, occurrence, show)


def _answers(event: CallEvent, view: View, rules: Rules) -> Iterator[Candidate]:
    """A new answer of an action takes the place of the one that waits: the customer has gone on."""
    for action in rules.actions:
        if action.answer is not None:
            fresh = list(_fresh(action, event, rules)) if isinstance(event, UtteranceResults) else []
            yield from fresh or (
                Candidate(action, one.subject, one.occurrence, one.show, one.article, has_waited=True)
                for one in view.state.waiting
                if one.name == action.name
            )


def _fresh(action: PlaybookAction, spoken: UtteranceResults, rules: Rules) -> Iterator[Candidate]:
    for result in spoken.results:
        best = best_answer(action, result)
        if best is not None:
            occurrence = Occurrence(
                spoken.utterance.start_ms,
                spoken.utterance.end_ms,
                (Evidence(spoken.utterance.id),),
                float(best["confidence"]),
                result.served_by.get("model", result.node_id),
                result.served_by.get("adapter", ""),
                result.route,
            )
            show = answered(action, best, rules.guidance)
            article, is_written = str(best["article"]), "citations" in best
            yield Candidate(action, f"{action.name}:{article}", occurrence, show, article, is_written=is_written)


def is_of_use(one: Candidate, view: View, rules: Rules) -> bool:
    """Not yet done, barred, too old, too unsure, or said by another one."""
    return not (
        _is_open(one, view)
        or _is_unsure(one, rules)
        or _is_barred(one.action, one.occurrence, view)
        or _is_moot(one, view, rules)
        or _gives_way(one, view, rules)
    )


def _is_open(one: Candidate, view: View) -> bool:
    return not one.article and any(shown.name == one.action.name for shown in view.state.open_actions)


def _is_unsure(one: Candidate, rules: Rules) -> bool:
    return bool(one.occurrence.model) and one.occurrence.confidence < rules.guidance.floor(one.action.severity)


def _is_barred(action: PlaybookAction, occurrence: Occurrence, view: View) -> bool:
    unless = action.unless
    return unless is not None and any(other.at_ms <= occurrence.at_ms for other in met(unless, view))


def _is_moot(one: Candidate, view: View, rules: Rules) -> bool:
    """It has been done meanwhile, its time is over, or it has waited too long."""
    age_ms, expires_ms = view.state.now_ms - one.occurrence.at_ms, one.action.expires_ms
    late = not one.is_grave and age_ms > rules.guidance.patience_ms
    late |= one.has_waited and _customer_went_on(one.occurrence, view)
    return late or (expires_ms is not None and age_ms >= expires_ms) or done_since(one.action, one.occurrence, view)


def _customer_went_on(occurrence: Occurrence, view: View) -> bool:
    turns = view.state.turns
    return any(turn.speaker is Speaker.CUSTOMER and turn.start_ms >= occurrence.at_ms for turn in turns)


def done_since(action: PlaybookAction, occurrence: Occurrence, view: View) -> bool:
    done = action.withdraw_when
    return done is not None and any(one.at_ms >= occurrence.at_ms for one in met(done, view))


def _gives_way(one: Candidate, view: View, rules: Rules) -> bool:
    return any(
        replaces(other, one.action.name, "" if one.is_written else one.article, str(one.show.get("title", "")))
        and _is_about_now(other, one.occurrence, view)
        for other in rules.actions
        if other.name != one.action.name
    )


def replaces(action: PlaybookAction, name: str, article: str, title: str) -> bool:
    """Whether ``action`` is shown in the place of this one: its author says so, or it says what the article says."""
    if name in action.instead_of:
        return True
    return bool(article) and action.answer is None and says_the_same(action, article, title)


def says_the_same(action: PlaybookAction, article: str, title: str) -> bool:
    """ "Loaner car" and "Loaner cars" do; an author can name the article, too."""
    source = action.show.source
    if source is not None:
        return source.article == article
    words = set(content_words(action.show.title))
    return bool(words) and words == set(content_words(title))


def _is_about_now(action: PlaybookAction, occurrence: Occurrence, view: View) -> bool:
    if any(shown.name == action.name for shown in view.state.open_actions):
        return True
    near = met(action.when, view) if action.when is not None else ()
    return any(
        abs(one.at_ms - occurrence.at_ms) <= SAME_MATTER_MS and not _is_barred(action, one, view) for one in near
    )


def replaced_by(one: Candidate, view: View) -> list[OpenAction]:
    """The open ones whose place it takes. There is one answer of an action, and of an article, at a time."""
    return [
        shown
        for shown in view.state.open_actions
        if replaces(one.action, shown.name, shown.article, shown.title)
        or (one.article and (shown.name == one.action.name or shown.article == one.article))
    ]


def goes_on(one: Candidate, view: View) -> bool:
    """What a model wrote from the article that stands there takes its place, and is no new interruption."""
    return bool(one.article) and any(shown.article == one.article for shown in view.state.open_actions)
