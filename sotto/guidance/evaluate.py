"""The playbook engine: what was said -> what the agent sees. Pure; the caller stores the state, optimistically locked.

What is promised about order: whatever overtakes what, the same signals, ``once`` moments and checklist result. A moment
that may come again appears at least once in each ``again_after`` window in which it was met; which of
several meetings within one window is the one annotated depends on which arrived first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sotto.call.annotation import Annotation, AnnotationKind, ChecklistItem, Withdrawal
from sotto.call.live import CallTime
from sotto.guidance.call_events import CallEvent, apply
from sotto.guidance.cards import Candidate, candidates, goes_on, is_of_use, replaced_by
from sotto.guidance.conversation import KEPT_IDS, ConversationState, Occurrence, OpenAction, WaitingAnswer, kept
from sotto.guidance.moments import View, anchors, met
from sotto.guidance.rules import Rules
from sotto.guidance.showing import life_ms
from sotto.tenants.playbook import ChecklistDefinition, Item, Moment, PlaybookAction

KEPT_SUBJECTS = 64
LATE_MS = 3_000
"""Absence is judged this long after its limit: what was said just in time is still on its way."""
PATIENCE_MS = 15_000
"""And this long at most when utterances that were sent have not been considered yet."""
STALE_MS = 120_000
"""What happened longer ago raises nothing any more; it only counts as evidence for what happens now."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """``annotations`` are numbered from the state's ``annotation_seq``; delivery fills in stage times and latency.

    ``checklist``: the items whose state changed.
    """

    state: ConversationState
    annotations: tuple[Annotation, ...] = ()
    checklist: tuple[ChecklistItem, ...] = ()


def evaluate(state: ConversationState, event: CallEvent, rules: Rules) -> Evaluated:
    """Take in one event. The same event on its own result gives no further annotation."""
    turn = _Evaluation(apply(state, event, rules), event, rules)
    turn.forget_expired()
    turn.find_moments()
    turn.show_actions()
    turn.forget_expired()
    turn.withdraw_actions()
    turn.tick_off()
    return Evaluated(turn.state, tuple(turn.annotations), tuple(turn.changes))


def checklist_of(state: ConversationState, rules: Rules) -> tuple[ChecklistItem, ...]:
    """Every item that the agent has on the list now."""
    view = View(state, state.moments, state.now_ms)
    return tuple(
        ChecklistItem(
            checklist.name, item.name, item.title, state.checklists[_key(checklist, item)], _done_by(item, view)
        )
        for checklist in rules.checklists
        for item in checklist.items
        if _key(checklist, item) in state.checklists
    )


def annotation_id(contact_id: str, kind: AnnotationKind, name: str, occurrence: Occurrence) -> str:
    """Equal for equal evidence, so that a retry stores and shows nothing twice."""
    evidence = [f"{piece.utterance_id}:{piece.start_char}-{piece.end_char}" for piece in occurrence.evidence]
    content = "|".join((contact_id, kind, name, *(evidence or [str(occurrence.at_ms)])))
    return hashlib.sha256(content.encode()).hexdigest()[:16]


class _Evaluation:
    """One event being considered."""

    def __init__(self, state: ConversationState, event: CallEvent, rules: Rules) -> None:
        self.state = state
        self.annotations: list[Annotation] = []
        self.changes: list[ChecklistItem] = []
        self._event, self._rules = event, rules
        self._watermark_ms = _watermark_ms(state, event)

    def _view(self) -> View:
        return View(self.state, self.state.moments, self._watermark_ms)

    def find_moments(self) -> None:
        for moment in self._rules.moments:
            for occurrence in met(moment.when, self._view()):
                known = self.state.moments.get(moment.name, ())
                same = any((one.at_ms, one.utterances) == (occurrence.at_ms, occurrence.utterances) for one in known)
                if not same and self._is_new(AnnotationKind.MOMENT, moment, occurrence, [one.at_ms for one in known]):
                    self._note(moment, occurrence, known)

    def _note(self, moment: Moment, occurrence: Occurrence, known: tuple[Occurrence, ...]) -> None:
        self.state = replace(self.state, moments={**self.state.moments, moment.name: kept([*known, occurrence])})
        if not moment.quiet:
            show: dict[str, Any] = {"title": moment.title or moment.name}
            show |= {name: True for name in ("outcome", "fact") if getattr(moment, name)}
            self._annotate(AnnotationKind.MOMENT, moment.name, occurrence, severity=moment.severity, show=show)

    def show_actions(self) -> None:
        """Grave ones at once; of the others one, when the card before it has had its time. The rest waits."""
        waiting = list[WaitingAnswer]()
        for one in candidates(self._event, self._view(), self._rules):
            if not self._is_wanted(one):
                continue
            if one.is_grave or self._has_time() or goes_on(one, self._view()):
                self._show(one)
            elif one.article:
                waiting.append(one.waiting)
        self.state = replace(self.state, waiting=tuple({one.name: one for one in reversed(waiting)}.values()))

    def _is_wanted(self, one: Candidate) -> bool:
        times = self.state.shown.get(one.subject, ())
        is_new = self._is_new(AnnotationKind.ACTION, one.action, one.occurrence, times)
        return is_new and is_of_use(one, self._view(), self._rules)

    def _has_time(self) -> bool:
        last_ms = self.state.last_card_ms
        return last_ms is None or self.state.now_ms - last_ms >= self._rules.guidance.pause_ms

    def _show(self, one: Candidate) -> None:
        for other in replaced_by(one, self._view()):
            self._take_back(other, one.occurrence, Withdrawal.REPLACED)
        action, occurrence, now_ms = one.action, one.occurrence, self.state.now_ms
        life = life_ms(action, self._rules.guidance)
        expires = None if life is None else now_ms + life
        times = (*self.state.shown.get(one.subject, ()), occurrence.at_ms)
        made = self._annotate(AnnotationKind.ACTION, action.name, occurrence, severity=action.severity, show=one.show)
        title = str(one.show["title"]) if one.article else ""
        opened = OpenAction(made.id, action.name, occurrence.at_ms, expires, one.article, title)
        self.state = replace(
            self.state,
            shown=_latest({**self.state.shown, one.subject: tuple(sorted(times)[-4:])}),
            open_actions=(*self.state.open_actions, opened)[-32:],
            last_card_ms=now_ms,
        )

    def _is_new(self, kind: AnnotationKind, rule: Moment | PlaybookAction, occurrence: Occurrence, times: Any) -> bool:
        if (rule.once and times) or self.state.now_ms - occurrence.at_ms > STALE_MS:
            return False
        if any(abs(occurrence.at_ms - time_ms) < rule.again_after_ms for time_ms in times):
            return False
        return annotation_id(self.state.contact_id, kind, rule.name, occurrence) not in self.state.emitted

    def forget_expired(self) -> None:
        """Without an annotation: the panel knows how long an action stays of use."""
        now_ms, actions = self.state.now_ms, self.state.open_actions
        current = tuple(one for one in actions if one.expires_at_ms is None or now_ms < one.expires_at_ms)
        self.state = replace(self.state, open_actions=current)

    def withdraw_actions(self) -> None:
        """What has been done is withdrawn, with an annotation that says so."""
        rules = {action.name: action for action in self._rules.actions}
        for one in self.state.open_actions:
            done = self._withdrawn_by(rules.get(one.name), one)
            if done is not None:
                self._take_back(one, done, Withdrawal.DONE)

    def _withdrawn_by(self, action: PlaybookAction | None, shown: OpenAction) -> Occurrence | None:
        if action is None or action.withdraw_when is None:
            return None
        return next((one for one in met(action.withdraw_when, self._view()) if one.at_ms >= shown.at_ms), None)

    def _take_back(self, one: OpenAction, by: Occurrence, because: Withdrawal) -> None:
        action = next((action for action in self._rules.actions if action.name == one.name), None)
        title = one.title or (action.show.title if action else one.name)
        show = {"title": title, "withdraws": one.id, "because": because.value}
        self._annotate(AnnotationKind.ACTION, one.name, by, show=show, closing=one.id)
        self.state = replace(
            self.state, open_actions=tuple(other for other in self.state.open_actions if other.id != one.id)
        )

    def _annotate(
        self,
        kind: AnnotationKind,
        name: str,
        occurrence: Occurrence,
        *,
        show: Mapping[str, Any],
        severity: str = "info",
        closing: str = "",
    ) -> Annotation:
        seq = self.state.annotation_seq + 1
        annotation = Annotation(
            tenant=self.state.tenant,
            contact_id=self.state.contact_id,
            id=annotation_id(self.state.contact_id, kind, name + closing, occurrence),
            seq=seq,
            kind=kind,
            name=name,
            at_ms=occurrence.at_ms,
            utterance_id=occurrence.utterances[-1] if occurrence.evidence else None,
            confidence=occurrence.confidence,
            severity=severity,
            show=show,
            evidence=occurrence.evidence,
            model=occurrence.model,
            adapter=occurrence.adapter,
            route=occurrence.route,
            policy=self._rules.policy,
            playbook=self._rules.playbook,
            channel=self._rules.channel,
        )
        self.annotations.append(annotation)
        emitted = (*self.state.emitted, annotation.id)[-KEPT_IDS:]
        self.state = replace(self.state, annotation_seq=seq, emitted=emitted)
        return annotation

    def tick_off(self) -> None:
        states = dict(self.state.checklists)
        for checklist, item in self._items():
            now, done_by = self._item_state(item)
            key = _key(checklist, item)
            if now and states.get(key) != now:
                states[key] = now
                self.changes.append(ChecklistItem(checklist.name, item.name, item.title, now, done_by))
        self.state = replace(self.state, checklists=states)

    def _items(self) -> Iterator[tuple[ChecklistDefinition, Item]]:
        for checklist in self._rules.checklists:
            for item in checklist.items:
                yield checklist, item

    def _item_state(self, item: Item) -> tuple[str, str | None]:
        """open, done or missed; empty while it is not needed. Done late is done: the agent should see it go."""
        view = self._view()
        if item.needed_when is not None and not met(item.needed_when, view):
            return "", None
        if met(item.done_when, view):
            return "done", _done_by(item, view)
        begins = anchors(item.after, view)
        late = item.within_ms is not None and begins and view.watermark_ms >= begins[0].at_ms + item.within_ms
        return ("missed" if late else "open"), None


def _watermark_ms(state: ConversationState, event: CallEvent) -> int:
    """Up to here everything said has been considered, as far as can be known."""
    waits = isinstance(event, CallTime) and event.last_seq > state.done_seq
    return state.now_ms - (PATIENCE_MS if waits else LATE_MS)


def _done_by(item: Item, view: View) -> str | None:
    done = next(iter(met(item.done_when, view)), None)
    return done.utterances[-1] if done is not None and done.evidence else None


def _latest(shown: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """The subjects shown last; with long knowledge, a long call would remember them without end."""
    return dict(sorted(shown.items(), key=lambda entry: (entry[1][-1], entry[0]))[-KEPT_SUBJECTS:])


def _key(checklist: ChecklistDefinition, item: Item) -> str:
    return f"{checklist.name}/{item.name}"
