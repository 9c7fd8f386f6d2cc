"""Generated calls in which each question of a quality form is known to be yes, no or not applicable.

A behaviour is planted as written (``present``), in other words (``paraphrased``), not at all (``absent``), as something
near it (``near``: denied, or about something else), by the other speaker (``wrong_speaker``) or when its time is over
(``after_the_fact``). The wording is benchmarks/texts/scorecards.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.scorecards.judge.windows import window_of
from sotto.tenants.book import TenantBook
from sotto.tenants.playbook import AGENT_CONNECTED
from sotto.tenants.scorecards.form import Form, Question, Window

TEXTS = Path(__file__).parent / "texts" / "scorecards"
PLANTS = ("present", "paraphrased", "absent", "near", "wrong_speaker", "after_the_fact")
_WEIGHTS = (3, 3, 1, 2, 2, 2)
HAPPENS = 0.7
"""How often what makes a question apply happens."""
CONNECTED_MS = 1_000
WORD_MS, PAUSE_MS, LATER_MS = 330, 700, 6_000
NA = "not_applicable"


@dataclass(frozen=True, slots=True)
class Planted:
    plant: str
    truth: str
    """yes, no or not_applicable."""


@dataclass(slots=True)
class GeneratedCall:
    utterances: list[Utterance] = field(default_factory=list)
    planted: dict[str, Planted] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wording:
    language: str
    texts: Mapping[str, Any]

    @staticmethod
    def of(tenant: str, part: str) -> Wording:
        """``part``: tune, seen or judged."""
        texts = YAML(typ="safe").load((TEXTS / part / f"{tenant}.yaml").read_text(encoding="utf-8"))
        return Wording(texts["language"], texts)

    def every_text(self) -> set[str]:
        def inside(value: Any) -> Iterator[str]:
            if isinstance(value, str):
                yield value
            elif isinstance(value, dict):
                for each in value.values():
                    yield from inside(each)
            elif isinstance(value, list):
                for each in value:
                    yield from inside(each)

        return set(inside(self.texts))


def generated(book: TenantBook, form: Form, wording: Wording, calls: int, seed: int) -> list[GeneratedCall]:
    return [_Writer(book, form, wording, random.Random(f"{seed} {n}")).call() for n in range(calls)]


class _Writer:
    def __init__(self, book: TenantBook, form: Form, wording: Wording, rng: random.Random) -> None:
        self._book, self._form, self._texts, self._rng = book, form, wording.texts, rng
        self._call = GeneratedCall()
        self._now = CONNECTED_MS

    def call(self) -> GeneratedCall:
        asked = [each for each in self._form.questions if each.answer is not None]
        opening = [each for each in asked if self._window(each).after == AGENT_CONNECTED]
        triggered = [each for each in asked if self._needed(each)]
        closing = [each for each in asked if each not in opening and each not in triggered]
        late = self._open(opening)
        self._pass_until(CONNECTED_MS + max((self._window(each).within_ms or 0 for each in opening), default=0))
        self._say_late(late)
        triggers = {
            self._needed(each): [other for other in triggered if self._needed(other) == self._needed(each)]
            for each in triggered
        }
        for trigger in sorted(triggers, key=lambda _: self._rng.random()):
            self._trigger(trigger, triggers[trigger])
        self._close(closing)
        return self._call

    def _window(self, question: Question) -> Window:
        assert question.answer is not None
        return window_of(question.answer, self._book.playbook)

    def _needed(self, question: Question) -> str:
        assert question.answer is not None
        return next(iter(question.answer.needed_when), "")

    def _open(self, questions: list[Question]) -> list[str]:
        """Those that are planted when their time is over."""
        late = []
        for place, question in enumerate(questions):
            plant = self._planted(question)
            if plant == "after_the_fact":
                late.append(question.ref)
            spoken = self._plant(question.ref, plant)
            if place == 0 and not spoken:
                self._say(Speaker.AGENT, self._one(self._texts["openers"]))
        self._say(Speaker.CUSTOMER, self._one(self._texts["fillers"]["customer"]))
        return late

    def _trigger(self, trigger: str, questions: list[Question]) -> None:
        if self._rng.random() > HAPPENS:
            for question in questions:
                self._call.planted[question.ref] = Planted("not_needed", NA)
            return
        texts = self._texts["triggers"][trigger]
        self._say(Speaker(texts["speaker"]), self._one(texts["texts"]))
        begins, late = self._now, []
        for question in questions:
            plant = self._planted(question)
            if plant == "after_the_fact":
                late.append(question.ref)
            self._plant(question.ref, plant)
        self._pass_until(begins + max(self._window(each).within_ms or 0 for each in questions))
        self._say_late(late)

    def _close(self, questions: list[Question]) -> None:
        late = []
        for question in questions:
            plant = self._planted(question)
            if plant == "after_the_fact":
                late.append(question.ref)
            self._plant(question.ref, plant)
        self._say(Speaker.CUSTOMER, self._one(self._texts["closings"]))
        if late:
            self._pass_until(self._now + max(self._window(each).grace_ms for each in questions))
            self._say_late(late)

    def _planted(self, question: Question) -> str:
        plant = self._rng.choices(PLANTS, _WEIGHTS)[0]
        self._call.planted[question.ref] = Planted(plant, "yes" if plant in ("present", "paraphrased") else "no")
        return plant

    def _plant(self, ref: str, plant: str) -> bool:
        """Whether something was spoken by the agent."""
        texts = self._texts["questions"][ref]
        match plant:
            case "present":
                self._say(Speaker.AGENT, self._one(texts["plain"]))
            case "paraphrased":
                self._say(Speaker.AGENT, self._one(texts["paraphrased"]))
            case "near":
                self._say(Speaker.AGENT, self._one(texts["near"]))
            case "wrong_speaker":
                self._say(Speaker.CUSTOMER, self._one(texts["customer"]))
                return False
            case _:
                return False
        return True

    def _say_late(self, refs: list[str]) -> None:
        for ref in refs:
            texts = self._texts["questions"][ref]
            self._say(Speaker.AGENT, self._one([*texts["plain"], *texts["paraphrased"]]))

    def _pass_until(self, at_ms: int) -> None:
        while self._now <= at_ms + LATER_MS:
            speaker = self._rng.choice((Speaker.AGENT, Speaker.CUSTOMER))
            self._say(speaker, self._one(self._texts["fillers"][speaker.value]))
            self._now += LATER_MS

    def _one(self, texts: list[str]) -> str:
        return self._rng.choice(texts)

    def _say(self, speaker: Speaker, text: str) -> None:
        ends = self._now + WORD_MS * len(text.split())
        seq = len(self._call.utterances) + 1
        self._call.utterances.append(
            Utterance(self._book.tenant, "generated", f"u{seq:03d}", seq, speaker, self._now, ends, text)
        )
        self._now = ends + PAUSE_MS
