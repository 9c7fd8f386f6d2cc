"""How much private data is hidden, how often ordinary talk is hit, and what it costs.

    python -m benchmarks.redaction [--part report|tune] [--json FILE] [--misses]

Every labelled set is split in two by a hash (of the sentence template, of the speaker): rules were tuned on ``tune``,
the figures to quote are those of ``report``. Data is read from ``SOTTO_SHARED_DATA`` or ``../shared/data``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.over_redaction import measure_over_redaction
from benchmarks.redaction_corpora import (
    LabelledSentence,
    Line,
    airline_calls,
    consultations,
    evi_turns,
    itn_lines,
    presidio_sentences,
    shared_text,
)
from benchmarks.redaction_secrets import LATER, number_cases, secret_cases, shown_of
from benchmarks.spoken_digits import STYLES
from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult
from sotto.redaction.engine import ConversationRedactor
from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import PrivateKind, RedactionRules

EVERYTHING = RedactionRules.everything()
PUBLISHED_PRESIDIO_F = 0.870


def result_of(text: str, at_ms: float = 0.0, speaker: str = "customer") -> TranscriptResult:
    return TranscriptResult(Speaker(speaker), "bench", at_ms, at_ms + 2000, text, (), True)


def in_part(key: str, part: str) -> bool:
    return (hashlib.sha256(key.encode()).digest()[0] % 2 == 0) == (part == "tune")


@dataclass(slots=True)
class Score:
    found: int = 0
    missed: int = 0
    false: int = 0

    @property
    def recall(self) -> float:
        return self.found / max(1, self.found + self.missed)

    @property
    def precision(self) -> float:
        return self.found / max(1, self.found + self.false)

    @property
    def f(self) -> float:
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)

    def as_row(self) -> dict[str, float]:
        return {
            "spans": self.found + self.missed,
            "false": self.false,
            "precision": round(self.precision, 3),
            "recall": round(self.recall, 3),
            "f": round(self.f, 3),
        }


@dataclass(slots=True)
class Scores:
    """A labelled span is found when a finding of its kind hides every letter and digit of it; a finding is false when
    it touches no labelled span of its kind. ``hidden`` is recall whatever the kind: what privacy needs."""

    by_kind: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    hidden: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def add(self, sentence: LabelledSentence, findings: list[Finding]) -> None:
        for kind, start, end in sentence.spans:
            same = [f for f in findings if _same(f.kind, kind)]
            score = self.by_kind[kind]
            if _covers(same, sentence.text, start, end):
                score.found += 1
            else:
                score.missed += 1
                self.misses.append(f"- missed {kind}: {sentence.text[start:end]!r} in {sentence.text!r}")
            self.hidden[kind] += _covers(findings, sentence.text, start, end)
        for finding in findings:
            if not any(
                _same(finding.kind, kind) and finding.overlaps(start, end) for kind, start, end in sentence.spans
            ):
                self.by_kind[str(finding.kind)].false += 1
                self.misses.append(
                    f"+ false {finding.kind}: {sentence.text[finding.start : finding.end]!r} in {sentence.text!r}"
                )

    def total(self, kinds: Iterable[str]) -> Score:
        chosen = [self.by_kind[kind] for kind in kinds]
        return Score(sum(s.found for s in chosen), sum(s.missed for s in chosen), sum(s.false for s in chosen))

    def table(self) -> dict[str, Any]:
        kinds = sorted(self.by_kind)
        rows = {kind: {**self.by_kind[kind].as_row(), "hidden": self.hidden[kind]} for kind in kinds}
        in_scope = [kind for kind in kinds if kind in set(PrivateKind)]
        numbers = [kind for kind in in_scope if kind not in ("name", "address")]
        return {
            "kinds": rows,
            "in scope": self.total(in_scope).as_row(),
            "in scope without names and addresses": self.total(numbers).as_row(),
            "with labels out of scope": self.total(kinds).as_row(),
        }


def _same(found: str, labelled: str) -> bool:
    # In this corpus a postcode within an address is labelled as address, and a mother's maiden name as name.
    return found == labelled or (found, labelled) in (("postcode", "address"), ("security_answer", "name"))


def _covers(findings: list[Finding], text: str, start: int, end: int) -> bool:
    return all(any(f.start <= i < f.end for f in findings) for i in range(start, end) if text[i].isalnum())


def measure_presidio(part: str) -> tuple[dict[str, Any], list[str]]:
    scores = Scores()
    for sentence in presidio_sentences():
        if in_part(sentence.group, part):
            scores.add(sentence, ConversationRedactor(EVERYTHING).findings_in(sentence.text))
    return scores.table(), scores.misses


def measure_evi(part: str) -> tuple[dict[str, Any], list[str]]:
    """Answers of real callers, as a telephone recogniser transcribed them, after the agent's question."""
    asked = {
        "postcode": "what is your postcode please",
        "name": "can i take your full name",
        "dob": "and what is your date of birth",
    }
    done: Counter[str] = Counter()
    clean: Counter[str] = Counter()
    misses: list[str] = []
    for turn in evi_turns():
        if not in_part(turn.speaker, part):
            continue
        redactor = ConversationRedactor(EVERYTHING)
        redactor.redact(result_of(asked[turn.item], 0, "agent"))
        shown = redactor.redact(result_of(turn.text, 3000)).result.text
        left = turn.private_words_in(shown)
        done[turn.item] += 1
        clean[turn.item] += not left
        if left:
            misses.append(f"- evi {turn.item}: {turn.text!r} shows {shown!r}")
    return {item: {"turns": done[item], "hidden": round(clean[item] / done[item], 4)} for item in sorted(done)}, misses


def measure_itn() -> tuple[dict[str, Any], list[str]]:
    """Spoken numbers out of any context; how each kind of line should fare is in ``itn_lines``."""
    done: Counter[str] = Counter()
    right: Counter[str] = Counter()
    misses: list[str] = []
    for line in itn_lines():
        shown = ConversationRedactor(RedactionRules()).redact(result_of(line.text))
        done[line.name] += 1
        good = bool(shown.spans) == line.private
        right[line.name] += good
        if not good:
            misses.append(f"- itn {line.name}: {line.text!r} shows {shown.result.text!r}")
    return {name: {"lines": done[name], "right": round(right[name] / done[name], 3)} for name in sorted(done)}, misses


def measure_spoken_cards(part: str, seed: int = 11) -> tuple[dict[str, Any], list[str]]:
    """The card numbers of the written corpus read out in many styles, announced or not, in one piece or several."""
    source = random.Random(seed)
    cards = [
        s.text[a:b]
        for s in presidio_sentences()
        if in_part(s.group, part)
        for kind, a, b in s.spans
        if kind == "card_number"
    ]
    done: Counter[str] = Counter()
    clean: Counter[str] = Counter()
    misses: list[str] = []
    for card in cards:
        for name, style in STYLES.items():
            for split in (False, True):
                pieces = style(card, source)
                opening = source.choice(["", "my card number is ", "yeah it's ", "sure um "])
                leaked = _leak(pieces, opening, split)
                key = f"{name}{', in pieces' if split else ''}"
                done[key] += 1
                clean[key] += not leaked
                if leaked:
                    misses.append(f"- card {key}: {opening}{' | '.join(pieces)} leaks {leaked}")
    rows: dict[str, Any] = {
        key: {"cards": done[key], "hidden": round(clean[key] / done[key], 4)} for key in sorted(done)
    }
    rows["all"] = {"cards": done.total(), "hidden": round(clean.total() / done.total(), 4)}
    return rows, misses


def _leak(pieces: list[str], opening: str, split: bool) -> list[str]:
    redactor = ConversationRedactor(RedactionRules())
    lines = [opening + pieces[0], *pieces[1:]] if split else [opening + " ".join(pieces)]
    leaked: list[str] = []
    at = 0.0
    for line in lines:
        if split and at:
            redactor.redact(result_of("mm hm", at, "agent"))
        shown = redactor.redact(result_of(line, at + 1000)).result.text
        said = set(" ".join(pieces).split())
        leaked += [word for word in shown.removeprefix(opening).split() if word in said]
        at += 4000
    return leaked


def measure_secrets(part: str) -> tuple[dict[str, Any], list[str]]:
    """PINs, codes, passwords, answers and disguised numbers under the safe default; see ``redaction_secrets``."""
    done: Counter[str] = Counter()
    clean: Counter[str] = Counter()
    misses: list[str] = []
    for case in (*secret_cases(), *number_cases(_cards(part)[:20])):
        if not case.name.endswith(LATER) and not in_part(case.template, part):
            continue
        shown = shown_of(case, RedactionRules())
        done[case.name] += 1
        clean[case.name] += not shown
        if shown and not case.name.endswith(LATER):
            misses.append(f"- secret {case.name}: {case.turns!r} shows {shown}")
    rows: dict[str, Any] = {
        name: {"cases": done[name], "hidden": round(clean[name] / done[name], 4)} for name in sorted(done)
    }
    rows["all"] = {"cases": done.total(), "hidden": round(clean.total() / done.total(), 4)}
    return rows, misses


def _cards(part: str) -> list[str]:
    return [
        re.sub(r"\D", "", s.text[a:b])
        for s in presidio_sentences()
        if in_part(s.group, part)
        for kind, a, b in s.spans
        if kind == "card_number"
    ]


def measure_false_alarms() -> tuple[dict[str, Any], list[str]]:
    """Ordinary talk under the safe default: every finding that the review did not call private is a false alarm."""
    rows: dict[str, Any] = {}
    misses: list[str] = []
    for name, calls in (("primock57", consultations()), ("taubench", airline_calls())):
        utterances = hits = false = 0
        for call in calls:
            redactor = ConversationRedactor(RedactionRules())
            for line in call:
                findings = redactor.findings_in(line.text, at_ms=line.start_ms)
                redactor.redact(result_of(line.text, line.start_ms, line.speaker))
                findings = [
                    f for f in findings if f.kind not in (PrivateKind.NAME, PrivateKind.ADDRESS, PrivateKind.POSTCODE)
                ]
                utterances += 1
                hits += bool(findings)
                wrong = [f for f in findings if not line.is_private(f)]
                false += bool(wrong)
                misses += [
                    f"+ {name} {line.place}: {line.text[f.start : f.end]!r} as {f.kind} in {line.text[:160]!r}"
                    for f in wrong
                ]
        rows[name] = {
            "utterances": utterances,
            "with a finding": hits,
            "false alarms": false,
            "one in": round(utterances / max(1, false)),
        }
    return rows, misses


def measure_speed(repeats: int = 3) -> dict[str, float]:
    lines: list[Line] = [line for call in consultations() for line in call][:2000]
    taken: list[float] = []
    for _ in range(repeats):
        redactor = ConversationRedactor(EVERYTHING)
        for line in lines:
            event = result_of(line.text, line.start_ms, line.speaker)
            started = time.perf_counter()
            redactor.redact(event)
            taken.append((time.perf_counter() - started) * 1000)
    taken.sort()
    return {
        "p50_ms": round(taken[len(taken) // 2], 3),
        "p99_ms": round(taken[len(taken) * 99 // 100], 3),
        "utterances": len(taken),
    }


def measure(part: str = "report") -> tuple[dict[str, Any], list[str]]:
    parts: dict[str, Callable[[], tuple[dict[str, Any], list[str]]]] = {
        "presidio_synth": lambda: measure_presidio(part),
        "evi_spoken_identity": lambda: measure_evi(part),
        "nemo_itn": measure_itn,
        "spoken_cards": lambda: measure_spoken_cards(part),
        "secrets": lambda: measure_secrets(part),
        "false_alarms": measure_false_alarms,
        "over_redaction": measure_over_redaction,
    }
    results: dict[str, Any] = {"part": part}
    misses: list[str] = []
    for name, run in parts.items():
        results[name], more = run()
        misses += more
    results["speed"] = measure_speed()
    return results, misses


def table(results: dict[str, Any], indent: str = "") -> Iterable[str]:
    for name, value in results.items():
        if isinstance(value, dict) and any(isinstance(v, dict) for v in value.values()):
            yield f"{indent}{name}"
            yield from table(value, indent + "  ")
        elif isinstance(value, dict):
            yield f"{indent}{name:40.40} " + "  ".join(f"{key} {number}" for key, number in value.items())
        else:
            yield f"{indent}{name}: {value}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=["report", "tune"], default="report")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--misses", action="store_true", help="list every miss and false alarm (of the tune part only)")
    options = parser.parse_args(arguments)
    if not shared_text().is_dir():
        print(
            f"No data in {shared_text()}: set SOTTO_SHARED_DATA to the folder with the public test input.",
            file=sys.stderr,
        )
        return 2
    results, misses = measure(options.part)
    print("\n".join(table(results)))
    print(f"published, customised Presidio on the same corpus: F {PUBLISHED_PRESIDIO_F:.3f}")
    if options.misses and options.part == "tune":
        print("\n".join(misses))
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
