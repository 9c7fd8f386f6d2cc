"""Runs cases through redaction by its public face and counts what stayed readable and what should have."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field
from typing import Any

from benchmarks.private_templates.filling import Case, Span, SpokenTurn
from sotto.call.contact import Contact, Speaker
from sotto.call.transcript_result import TranscriptResult, Word
from sotto.call.utterance import PrivateSpan
from sotto.redaction.languages import redactor_for
from sotto.tenants.redaction_rules import PrivateKind, RedactionAction, RedactionRules

_WORD_MS = 350
_REGIONS = {"en": ("GB", "US", "IE", "IN"), "de": ("DE", "AT", "CH"), "es": ("ES", "MX", "AR")}


class AlignmentLost(ValueError):
    """What redaction returned is not the text with masks in it."""


@dataclass(frozen=True, slots=True)
class Mask:
    """Where ``kind`` hides characters ``start`` to ``end`` of what was said."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RedactedTurn:
    turn: SpokenTurn
    shown: str
    masks: tuple[Mask, ...]

    def hides(self, start: int, end: int) -> bool:
        """Every letter and digit of the stretch."""
        hidden = {at for mask in self.masks for at in range(mask.start, mask.end)}
        return all(at in hidden for at in range(start, end) if self.turn.text[at].isalnum())


def redacted(case: Case) -> list[RedactedTurn]:
    """Turn by turn as finals of one conversation, with every kind hidden. Raises AlignmentLost."""
    language, country = case.locale.split("_")
    contact = Contact("bench", case.template, "", "", 0, language=f"{language}-{country}")
    rules = RedactionRules(dict.fromkeys(PrivateKind, RedactionAction.CATEGORY), _REGIONS[language])
    redactor = redactor_for(contact, rules)
    turns, now = [], 0.0
    for number, turn in enumerate(case.turns):
        result = _result(turn, number, now)
        safe = redactor.redact(result)
        masks = aligned(turn.text, safe.result.text, safe.spans)
        turns.append(RedactedTurn(turn, safe.result.text, masks))
        now = result.end_ms + 700
    return turns


def _result(turn: SpokenTurn, number: int, start_ms: float) -> TranscriptResult:
    spoken = [
        Word(word, start_ms + at * _WORD_MS, start_ms + (at + 1) * _WORD_MS)
        for at, word in enumerate(turn.text.split())
    ]
    end_ms = start_ms + len(spoken) * _WORD_MS
    return TranscriptResult(
        Speaker(turn.speaker), f"r{number}", start_ms, end_ms, turn.text, tuple(spoken), is_final=True, ends_speech=True
    )


def aligned(text: str, shown: str, spans: Iterable[PrivateSpan]) -> tuple[Mask, ...]:
    """Masks as stretches of ``text``, from where they stand in ``shown``."""
    marks = sorted(spans, key=lambda span: span.start_char)
    pattern, at = "", 0
    for mark in marks:
        pattern += re.escape(shown[at : mark.start_char]) + "(.+?)"
        at = mark.end_char
    found = re.fullmatch(pattern + re.escape(shown[at:]), text, re.DOTALL)
    if found is None:
        raise AlignmentLost(f"{shown!r} is not {text!r} with masks")
    return tuple(Mask(str(mark.kind), *found.span(number)) for number, mark in enumerate(marks, start=1))


@dataclass
class Tally:
    """``values`` and ``found`` count by what was private; ``masks``, ``good`` and ``right`` by what redaction
    called it: a mask is good where it touches a private value, right where it also names its kind."""

    values: int = 0
    found: int = 0
    masks: int = 0
    good: int = 0
    right: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(mine + its for mine, its in zip(astuple(self), astuple(other), strict=True)))

    @property
    def recall(self) -> float | None:
        return self.found / self.values if self.values else None

    @property
    def precision(self) -> float | None:
        return self.good / self.masks if self.masks else None

    @property
    def f(self) -> float | None:
        recall, precision = self.recall, self.precision
        if recall is None or precision is None:
            return None
        return 2 * recall * precision / (recall + precision) if recall + precision else 0.0

    def row(self) -> dict[str, Any]:
        counted = {"values": self.values, "recall": self.recall, "masks": self.masks, "precision": self.precision}
        return counted | {"f": self.f, "right_kind": self.right / self.good if self.good else None}


@dataclass
class Score:
    kinds: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    slots: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    innocent: Counter[str] = field(default_factory=Counter)
    """turns, touched, words, masked; and the same by ``topic: turns`` ..."""
    beside: Counter[str] = field(default_factory=Counter)
    """In private cases, words outside of every value: words, masked."""
    misses: list[str] = field(default_factory=list)

    def add(self, case: Case, turns: list[RedactedTurn]) -> None:
        self._count_values(case, turns)
        for turn in turns:
            self._count_masks(case, turn)
            self._count_words(case, turn)

    def _count_values(self, case: Case, turns: list[RedactedTurn]) -> None:
        mentions: dict[int, list[tuple[RedactedTurn, Span]]] = defaultdict(list)
        for turn in turns:
            for span in turn.turn.spans:
                mentions[span.mention].append((turn, span))
        for parts in mentions.values():
            span = parts[0][1]
            hidden = all(turn.hides(*stretch) for turn, part in parts for stretch in part.value)
            for tally in (self.kinds[span.kind], self.slots[span.slot]):
                tally.values += 1
                tally.found += hidden
            if not hidden:
                said = " / ".join(turn.turn.text for turn, _ in parts)
                shown = " / ".join(turn.shown for turn, _ in parts)
                self.misses.append(f"- {span.kind} {case.template} {case.locale}: {said!r} shows {shown!r}")

    def _count_masks(self, case: Case, turn: RedactedTurn) -> None:
        for mask in turn.masks:
            touched = {span.kind for span in turn.turn.spans if mask.start < span.end and span.start < mask.end}
            tally = self.kinds[mask.kind]
            tally.masks += 1
            tally.good += bool(touched)
            tally.right += mask.kind in touched
            if not touched:
                self.misses.append(
                    f"+ {mask.kind} {case.template} {case.locale}: {turn.turn.text!r} shows {turn.shown!r}"
                )

    def _count_words(self, case: Case, turn: RedactedTurn) -> None:
        spans = turn.turn.spans
        free = [
            word for word in _words(turn.turn.text) if not any(word[0] < s.end and s.start < word[1] for s in spans)
        ]
        masked = sum(any(mask.start < end and start < mask.end for mask in turn.masks) for start, end in free)
        if not case.innocent:
            self.beside.update(words=len(free), masked=masked)
            return
        for prefix in ("", f"{case.topic}: "):
            counted = {"turns": 1, "touched": int(bool(turn.masks)), "words": len(free), "masked": masked}
            self.innocent.update({prefix + name: count for name, count in counted.items()})

    def summary(self) -> dict[str, Any]:
        overall = sum(self.kinds.values(), Tally())
        address = self.kinds[PrivateKind.ADDRESS] + self.kinds[PrivateKind.POSTCODE]
        return {
            "overall_f": overall.f,
            "overall_recall": overall.recall,
            "overall_precision": overall.precision,
            "cards_recall": self.kinds[PrivateKind.CARD_NUMBER].recall,
            "names_f": self.kinds[PrivateKind.NAME].f,
            "addresses_recall": self.kinds[PrivateKind.ADDRESS].recall,
            "addresses_and_postcodes_recall": address.recall,
            "innocent_turns_touched": _share(self.innocent, "touched", "turns"),
            "innocent_words_masked": _share(self.innocent, "masked", "words"),
            "words_masked_beside_values": _share(self.beside, "masked", "words"),
        }

    def by_topic(self) -> dict[str, dict[str, float | int | None]]:
        topics = sorted({name.split(": ")[0] for name in self.innocent if ": " in name})
        return {
            topic: {
                "turns": self.innocent[f"{topic}: turns"],
                "touched": _share(self.innocent, f"{topic}: touched", f"{topic}: turns"),
                "words_masked": _share(self.innocent, f"{topic}: masked", f"{topic}: words"),
            }
            for topic in topics
        }


def score(cases: Iterable[Case]) -> Score:
    total = Score()
    for case in cases:
        total.add(case, redacted(case))
    return total


def _words(text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in re.finditer(r"\w[\w'’-]*", text))


def _share(counts: Mapping[str, int], part: str, whole: str) -> float | None:
    return counts[part] / counts[whole] if counts[whole] else None
