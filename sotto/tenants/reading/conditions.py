"""Reads the conditions of a playbook.

One key says what kind it is, further keys refine it; a bare name is a moment, a list means any of its items.
"""

from __future__ import annotations

from collections.abc import Mapping

from sotto.call.contact import CHANNELS, Speaker
from sotto.tenants.book import ModelUse
from sotto.tenants.playbook import (
    ANCHORS,
    CALL_START,
    Absence,
    All,
    AnyOf,
    Condition,
    Count,
    Detected,
    Happened,
    LongCall,
    LongTurn,
    Not,
    Phrases,
    Sequence,
    Silence,
    Speaks,
    TalkOver,
    Waiting,
)
from sotto.tenants.reading.places import YamlPlace, did_you_mean
from sotto.tenants.reading.redaction import PRIVATE_KINDS

DETECTED = {
    "intent": "intent",
    "sentiment": "sentiment",
    "behaviour": "behaviours",
    "entity": "entities",
    "private": "private",
}
KINDS = (
    *DETECTED, "phrases", "moment", "all", "any", "sequence", "count", "not_said", "silence", "no_answer", "talk_over",
    "speaks", "turn_longer_than", "call_longer_than",
)  # fmt: skip


class ConditionReader:
    def __init__(self, models: Mapping[str, ModelUse], moments: set[str]) -> None:
        self._moments = moments
        self._labels: dict[str, set[str] | None] = {"private": set(PRIVATE_KINDS)}
        for use in models.values():
            known = self._labels.setdefault(use.task, set())
            self._labels[use.task] = None if not use.labels or known is None else known | set(use.labels)

    def read(self, place: YamlPlace, *, inside_all: bool = False) -> Condition | None:
        """A condition, or None after having noted what is wrong with it."""
        if place.is_list:
            return self._joined(AnyOf, place)
        if not place.is_map:
            return self._happened(place)
        entries = {name: value for name, _, value in place.named("a condition")}
        if "not" in entries:
            return self._not(place, entries, inside_all)
        kind = next((name for name in entries if name in KINDS), None)
        if kind is None:
            word = next(iter(entries), "")
            place.wrong(f"unknown condition '{word}'{did_you_mean(word, (*KINDS, 'not'))}")
            return None
        return self._of_kind(kind, place, entries[kind])

    def _of_kind(self, kind: str, place: YamlPlace, value: YamlPlace) -> Condition | None:
        if kind in DETECTED:
            return self._detected(kind, place)
        match kind:
            case "phrases":
                fields = place.fields(("phrases", "speaker"))
                return Phrases(phrases=_phrases(value), speaker=_speaker(fields))
            case "moment":
                place.fields(("moment",))
                return self._happened(value)
            case "all":
                return self._all(place)
            case "any":
                place.fields(("any",))
                return self._joined(AnyOf, value)
            case "sequence":
                return self._sequence(value)
            case "count":
                return self._count(value)
            case "not_said":
                return self._absence(value)
            case _:
                return self._timing(kind, place, value)

    def _happened(self, place: YamlPlace) -> Happened | AnyOf | None:
        names = place.known(self._moments, "moment")
        if len(names) > 1:
            return AnyOf(parts=tuple(Happened(name=name) for name in names))
        return Happened(name=names[0]) if names else None

    def _detected(self, kind: str, place: YamlPlace) -> Detected | None:
        task = DETECTED[kind]
        fields = place.fields((kind, "at_least", "speaker"))
        if task not in self._labels:
            place.wrong(f"no model has the task '{task}'; add one under 'models:' in tenant.yaml")
            return None
        known = self._labels[task]
        labels = fields[kind].words() if known is None else fields[kind].known(known, kind)
        at_least = fields["at_least"].number(0, 1, 0.5) if "at_least" in fields else 0.5
        return Detected(task=task, labels=labels, at_least=at_least, speaker=_speaker(fields)) if labels else None

    def _joined(self, kind: type[AnyOf], place: YamlPlace) -> AnyOf:
        if not place.items():
            place.wrong("the list is empty; name at least one condition")
        parts = tuple(part for item in place.items() if (part := self.read(item)) is not None)
        return kind(parts=parts)

    def _all(self, place: YamlPlace) -> All:
        fields = place.fields(("all", "within"))
        items = fields["all"].items()
        if not items:
            fields["all"].wrong("the list is empty; name at least one condition")
        parts = tuple(part for item in items if (part := self.read(item, inside_all=True)) is not None)
        if parts and all(isinstance(part, Not) for part in parts):
            place.wrong("this is only about what has not happened; use 'not_said' with a time, or add what does happen")
        same = "within" in fields and fields["within"].text() == "utterance"
        within = fields["within"].duration_ms() if "within" in fields and not same else None
        return All(parts=parts, within_ms=within, same_utterance=same)

    def _not(self, place: YamlPlace, entries: Mapping[str, YamlPlace], inside_all: bool) -> Not | None:
        place.fields(("not",))
        if not inside_all:
            place.wrong("'not' stands in a list under 'all:', beside what does happen; or use 'not_said' with a time")
        part = self.read(entries["not"])
        return Not(part=part) if part is not None else None

    def _sequence(self, place: YamlPlace) -> Sequence | None:
        fields = place.fields(("first", "then", "within"), needed=("first", "then"))
        first = self.read(fields["first"]) if "first" in fields else None
        then = self.read(fields["then"]) if "then" in fields else None
        if first is None or then is None:
            return None
        return Sequence(
            first=first, then=then, within_ms=fields["within"].duration_ms() if "within" in fields else None
        )

    def _count(self, place: YamlPlace) -> Count | None:
        fields = place.fields(("of", "times", "within"), needed=("of", "times"))
        of = self.read(fields["of"]) if "of" in fields else None
        times = int(fields["times"].number(2, 8, 2)) if "times" in fields else 2
        within = fields["within"].duration_ms() if "within" in fields else None
        return Count(of=of, times=times, within_ms=within) if of is not None else None

    def _absence(self, place: YamlPlace) -> Absence | None:
        fields = place.fields(("what", "within", "after"), needed=("what", "within"))
        of = self.read(fields["what"]) if "what" in fields else None
        if of is None or "within" not in fields:
            return None
        after = self.anchor(fields.get("after"), default=CALL_START)
        return Absence(of=of, within_ms=fields["within"].duration_ms(), after=after)

    def anchor(self, place: YamlPlace | None, *, default: str) -> str:
        """call_start, agent_connected or the name of a moment."""
        names = place.known((*ANCHORS, *self._moments), "beginning") if place is not None else ()
        return names[0] if names else default

    def _timing(self, kind: str, place: YamlPlace, value: YamlPlace) -> Condition:
        if kind == "call_longer_than":
            place.fields((kind,))
            return LongCall(longer_than_ms=value.duration_ms())
        if kind == "turn_longer_than":
            return LongTurn(longer_than_ms=value.duration_ms(), speaker=_speaker(place.fields((kind, "speaker"))))
        place.fields((kind,))
        if kind == "speaks":
            return Speaks(
                speaker=Speaker(value.one_of([one.value for one in CHANNELS], "speaker", Speaker.AGENT.value))
            )
        if kind == "talk_over":
            fields = value.fields(("longer_than", "by"), needed=("longer_than",))
            return TalkOver(longer_than_ms=_longer(fields), by=_speaker(fields, "by"))
        if kind == "no_answer":
            fields = value.fields(("longer_than", "from"), needed=("longer_than",))
            return Waiting(longer_than_ms=_longer(fields), speaker=_speaker(fields, "from") or Speaker.AGENT)
        fields = value.fields(("longer_than", "speaker", "after", "unless_after"), needed=("longer_than",))
        return Silence(
            longer_than_ms=_longer(fields),
            speaker=_speaker(fields),
            after=self._moment_name(fields.get("after")),
            unless_after=self._moment_name(fields.get("unless_after")),
        )

    def _moment_name(self, place: YamlPlace | None) -> str | None:
        return next(iter(place.known(self._moments, "moment")), None) if place is not None else None


def _longer(fields: Mapping[str, YamlPlace]) -> int:
    return fields["longer_than"].duration_ms(least_ms=100) if "longer_than" in fields else 1000


def _speaker(fields: Mapping[str, YamlPlace], name: str = "speaker") -> Speaker | None:
    if name not in fields:
        return None
    known = fields[name].known([one.value for one in CHANNELS], "speaker")
    return Speaker(known[0]) if known else None


def _phrases(place: YamlPlace) -> tuple[str, ...]:
    good = []
    for text, item in place.texts():
        if text.count("(") != text.count(")"):
            item.wrong(f"'{text}' has an open bracket; words that may be left out stand in ( )")
        elif not any(letter.isalnum() for letter in text):
            item.wrong("a phrase needs words")
        else:
            good.append(text)
    return tuple(good)
