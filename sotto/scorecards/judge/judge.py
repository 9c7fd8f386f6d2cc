"""Fills in a quality form by what is known of a call, question by question: facts of the playbook, then rules, then a
model where there is one.

A "yes" stands with the first that finds it. A "no" stands when all that were to look have looked, and shows the time in
which it would have had to happen and what was spoken then; without anything spoken then, it stays open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from sotto.call.utterance import Utterance
from sotto.guidance.conversation import Occurrence
from sotto.scorecards.answers import Answer, How, Span, Standing, values_of
from sotto.scorecards.judge.call_facts import CallFacts, Noticed
from sotto.scorecards.judge.evidence import Evidence
from sotto.scorecards.judge.windows import Opening, opened, window_of
from sotto.tenants.playbook import Playbook
from sotto.tenants.scorecards.checks import involved
from sotto.tenants.scorecards.conditions import enabled_items
from sotto.tenants.scorecards.form import AutomaticAnswer, Form, Question, QuestionType

SURE_OF_NO = {"by meaning": 0.9, "by words": 0.7}
"""Who looked for words alone may have missed other words for it."""
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ModelQuestion:
    """What a model is asked: no name and no history. ``spoken``: within the time in which it would have to happen."""

    tenant: str
    question: Question
    spoken: tuple[Utterance, ...]


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """``present`` None: it cannot say. ``utterances``: ids of what it cites, all among those it was given."""

    present: bool | None
    utterances: tuple[str, ...]
    confidence: float
    prompt: str = ""
    model: str = ""


class JudgeModel(Protocol):
    def answer(self, asked: ModelQuestion) -> ModelAnswer | None:
        """None where none is there, or none answered in time. Never raises what a provider raises."""
        ...


class NoModel:
    """A JudgeModel of deployments without one."""

    def answer(self, asked: ModelQuestion) -> ModelAnswer | None:
        return None


def judged(form: Form, playbook: Playbook, call: CallFacts, *, tenant: str, model: JudgeModel) -> tuple[Answer, ...]:
    """An answer to each question, in the order of the form."""
    found: dict[str, Answer] = {}
    for question in _in_order(form):
        if question.ref in enabled_items(form, values_of(form, found)):
            found[question.ref] = _Judging(question, playbook, call, tenant, model).answer()
        else:
            found[question.ref] = Answer(question.ref, Standing.NOT_ASKED)
    return tuple(found[question.ref] for question in form.questions)


def _in_order(form: Form) -> Iterator[Question]:
    """Each after those that its conditions look at."""
    done: set[str] = set()

    def first(question: Question) -> Iterator[Question]:
        if question.ref in done:
            return
        done.add(question.ref)
        for ref in involved(question.ref, form):
            if (needed := form.question(ref)) is not None:
                yield from first(needed)
        yield question

    for each in form.questions:
        yield from first(each)


def _with_sure_needs(call: CallFacts, automatic: AutomaticAnswer) -> CallFacts:
    """``call`` without what it was not sure of that would make the question apply, or open its time."""

    def sure(name: str) -> tuple[Occurrence, ...]:
        times = (*call.moments.get(name, ()), *call.signalled.get(name, ()))
        return tuple(each for each in times if each.confidence >= automatic.needed_at_least)

    return replace(call, moments={**call.moments, **{name: sure(name) for name in automatic.needed_when}})


class _Judging:
    def __init__(self, question: Question, playbook: Playbook, call: CallFacts, tenant: str, model: JudgeModel) -> None:
        self._question, self._playbook = question, playbook
        self._call = call if question.answer is None else _with_sure_needs(call, question.answer)
        self._tenant, self._model = tenant, model

    def answer(self) -> Answer:
        automatic = self._question.answer
        if automatic is None:
            return self._open("a person answers this")
        if not self._call.utterances:
            return self._open("nothing was spoken")
        if automatic.needed_when and not any(self._call.moments.get(name) for name in automatic.needed_when):
            return self._not_applicable()
        opening = opened(window_of(automatic, self._playbook), self._call)
        if not opening.spans:
            return self._not_applicable() if self._question.not_applicable else self._open(opening.reason)
        if self._question.type is QuestionType.NUMERIC:
            return self._counted(automatic, opening.spans[0])
        return self._found(automatic, opening)

    def _found(self, automatic: AutomaticAnswer, opening: Opening) -> Answer:
        span = opening.spans[0]
        evidence = Evidence(automatic, self._playbook, self._call)
        for how, sources in ((How.PLAYBOOK, evidence.of_playbook()), (How.RULES, evidence.of_rules())):
            valid = [one for one in sources if evidence.counts(one, opening)]
            if valid:
                return self._present(automatic, how, valid, span)
        asked = self._asked_model(automatic, span) if automatic.model else None
        if asked is not None and asked.present and self._cites_speaker(asked, automatic, span):
            return self._of_model(automatic.present, asked, span)
        if asked is not None and asked.present is None:
            return self._open("the model cannot say", span)
        if asked is not None and asked.present:
            if not automatic.looks_by_itself:
                return self._open(f"the model shows nothing that the {automatic.speaker.value} spoke then", span)
            asked = None  # it has said no "no": those that looked by rules have
        elif asked is None and automatic.model and not automatic.looks_by_itself:
            return self._open("no model answered", span)
        return self._absent(automatic, span, asked, by_meaning=evidence.looks_by_meaning or asked is not None)

    def _present(self, automatic: AutomaticAnswer, how: How, valid: list[Noticed], span: Span) -> Answer:
        best = max(valid, key=lambda one: one.confidence)
        return Answer(
            self._question.ref,
            Standing.ANSWERED,
            automatic.present,
            how,
            round(best.confidence, 3),
            self._in_order_of_call(one.utterance_id for one in valid)[:MOST_SHOWN],
            span,
        )

    def _absent(self, automatic: AutomaticAnswer, span: Span, asked: ModelAnswer | None, *, by_meaning: bool) -> Answer:
        instead = self._spoken(span)
        if not self._call.is_whole:
            return self._open("the transcript is not complete", span)
        had_a_turn = any(each.speaker is automatic.speaker and each.start_ms >= span.from_ms for each in instead)
        if not had_a_turn and span.to_ms >= self._call.ends_at_ms:
            return self._open(f"the call ended before the {automatic.speaker.value} spoke in that time", span)
        if not instead:
            return self._open("nothing was spoken in that time", span)
        clearness = min(each.confidence for each in instead)
        confidence = round(SURE_OF_NO["by meaning" if by_meaning else "by words"] * clearness, 3)
        if confidence < automatic.least_confidence:
            return self._open("not sure enough", span)
        shown = tuple(each.id for each in instead)
        how = How.MODEL if asked is not None else How.RULES
        if how is How.RULES and automatic.items and not automatic.phrases and not automatic.behaviours:
            how = How.PLAYBOOK
        return Answer(
            self._question.ref,
            Standing.ANSWERED,
            automatic.absent,
            how,
            confidence,
            asked.utterances or shown[:MOST_SHOWN] if asked is not None else shown[:MOST_SHOWN],
            span,
            prompt=asked.prompt if asked is not None else "",
            model=asked.model if asked is not None else "",
        )

    def _of_model(self, value: str, asked: ModelAnswer, span: Span) -> Answer:
        shown = self._in_order_of_call(asked.utterances)[:MOST_SHOWN]
        return Answer(
            self._question.ref,
            Standing.ANSWERED,
            value,
            How.MODEL,
            round(asked.confidence, 3),
            shown,
            span,
            prompt=asked.prompt,
            model=asked.model,
        )

    def _asked_model(self, automatic: AutomaticAnswer, span: Span) -> ModelAnswer | None:
        spoken = self._spoken(span)
        if not spoken:
            return None
        return self._model.answer(ModelQuestion(self._tenant, self._question, spoken))

    def _cites_speaker(self, asked: ModelAnswer, automatic: AutomaticAnswer, span: Span) -> bool:
        cited = [each for id in asked.utterances if (each := self._call.utterance(id)) is not None]
        return any(each.speaker is automatic.speaker and span.from_ms <= each.start_ms <= span.to_ms for each in cited)

    def _counted(self, automatic: AutomaticAnswer, span: Span) -> Answer:
        times = [
            each for each in self._call.moments.get(automatic.count, ()) if span.from_ms <= each.at_ms <= span.to_ms
        ]
        shown = self._in_order_of_call(id for each in times for id in each.utterances)
        if not self._call.is_whole:
            return self._open("the transcript is not complete", span)
        number = min(max(len(times), self._question.least), self._question.most)
        if not times:
            shown = tuple(each.id for each in self._spoken(span))[:MOST_SHOWN]
        if not shown:
            return self._open("nothing was spoken in that time", span)
        confidence = min((each.confidence for each in times), default=SURE_OF_NO["by meaning"])
        return Answer(
            self._question.ref, Standing.ANSWERED, str(number), How.PLAYBOOK, round(confidence, 3), shown, span
        )

    def _not_applicable(self) -> Answer:
        whole = Span(0, self._call.ends_at_ms)
        return Answer(
            self._question.ref, Standing.NOT_APPLICABLE, "", How.PLAYBOOK, SURE_OF_NO["by meaning"], (), whole
        )

    def _open(self, reason: str, span: Span | None = None) -> Answer:
        return Answer(self._question.ref, Standing.OPEN, span=span, reason=reason)

    def _spoken(self, span: Span) -> tuple[Utterance, ...]:
        return tuple(
            each for each in self._call.utterances if each.start_ms <= span.to_ms and each.end_ms >= span.from_ms
        )

    def _in_order_of_call(self, ids: Iterable[str]) -> tuple[str, ...]:
        wanted = set(ids)
        return tuple(each.id for each in self._call.utterances if each.id in wanted)
