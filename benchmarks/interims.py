"""What interims show of what their final masks, and what of ordinary talk they hold back.

    python -m benchmarks.interims [--part report|tune] [--json FILE] [--shown] [--held]

Every spoken text is cut at every token and given as a recogniser gives it, the whole of the text each time, then the
final. Two parts as in ``benchmarks.redaction``: rules were chosen on ``tune``, the figures to quote are of ``report``.

* shown: of the characters that a final masks, the share that some interim before it showed;
* recall of the finals, of the same part;
* held back: of the characters in interims that their final shows, the share that an interim did not. Of the words so
  held, ``late``: the share that was not there when one more word had come (which went on with what had begun, as in
  "two hundred"), ``stuck``: not there either when a word after it was.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.interim_turns import SpokenCall, innocent_calls, private_calls
from benchmarks.redaction import measure_evi, measure_secrets, measure_spoken_cards, result_of, table
from benchmarks.redaction_corpora import shared_text
from sotto.redaction.detectors.tokens import tokens_of
from sotto.redaction.engine import ConversationRedactor
from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import PrivateKind

_TURN_MS = 3000.0
_NONE_SHOWN = (PrivateKind.CARD_NUMBER, PrivateKind.SECURITY_CODE)


@dataclass(frozen=True, slots=True)
class Turn:
    """One final with the interims before it. ``hidden``: for each interim the offsets of the text it did not show."""

    text: str
    findings: list[Finding]
    interims: list[int]
    hidden: list[frozenset[int]]

    def letters(self, start: int, end: int) -> set[int]:
        return {i for i in range(start, end) if self.text[i].isalnum()}

    def shown_of(self, finding: Finding) -> set[int]:
        """Its letters and digits that some interim showed."""
        shown: set[int] = set()
        for end, hidden in zip(self.interims, self.hidden, strict=True):
            shown |= self.letters(finding.start, min(end, finding.end)) - hidden
        return shown


def turns_of(call: SpokenCall, speaker: str | None = None) -> Iterable[Turn]:
    """The turns of ``speaker``, or of both; what is expected carries over from turn to turn."""
    redactor = ConversationRedactor(call.rules)
    for i, (said_by, text) in enumerate(call.turns):
        at_ms = i * _TURN_MS
        if speaker in (None, said_by):
            cuts = [token.end for token in tokens_of(text)]
            hidden = [hidden_in(redactor, text[:cut], at_ms) for cut in cuts]
            yield Turn(text, redactor.findings_in(text, at_ms=at_ms), cuts, hidden)
        redactor.redact(result_of(text, at_ms, said_by))


def hidden_in(redactor: ConversationRedactor, text: str, at_ms: float) -> frozenset[int]:
    """The offsets of what an interim does not show."""
    found, held = redactor.in_interim(text, at_ms=at_ms)
    return frozenset([*range(held, len(text)), *(i for finding in found for i in _places(finding))])


@dataclass(slots=True)
class Shown:
    """Characters by kind: masked by a final, and of those shown by an interim."""

    masked: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def add(self, call: SpokenCall, turn: Turn) -> None:
        for finding in turn.findings:
            kind = str(PrivateKind.CARD_NUMBER if call.is_card else finding.kind)
            shown = turn.shown_of(finding)
            self.masked[kind] += len(turn.letters(finding.start, finding.end))
            self.shown[kind] += len(shown)
            if shown:
                seen = "".join(turn.text[i] if i in shown or turn.text[i] == " " else "." for i in _places(finding))
                self.examples.append(f"- {call.source} {kind}: {seen!r} in {turn.text!r}")

    def rows(self) -> dict[str, Any]:
        rest = [kind for kind in self.masked if kind not in _NONE_SHOWN]
        by_kind = {kind: self._row([kind]) for kind in sorted(self.masked)}
        return by_kind | {"cards and security codes": self._row(_NONE_SHOWN), "the rest": self._row(rest)}

    def _row(self, kinds: Iterable[str]) -> dict[str, float]:
        masked, shown = (sum(count[str(kind)] for kind in kinds) for count in (self.masked, self.shown))
        return {"masked": masked, "shown": shown, "in 1000": round(1000 * shown / max(1, masked), 2)}


def _places(finding: Finding) -> range:
    return range(finding.start, finding.end)


@dataclass(slots=True)
class HeldBack:
    """Characters of interims that the final shows; ``words``: held at first, ``late``: and when one more had come,
    ``stuck``: and when a word after them was shown."""

    said: int = 0
    held: int = 0
    words: int = 0
    late: int = 0
    stuck: int = 0
    examples: Counter[str] = field(default_factory=Counter)

    def add(self, turn: Turn) -> None:
        masked = {i for finding in turn.findings for i in _places(finding)}
        innocent = turn.letters(0, len(turn.text)) - masked
        before = new = waiting = counted = set[int]()
        for end, hidden in zip(turn.interims, turn.hidden, strict=True):
            held = {i for i in innocent & hidden if i < end}
            self.said += sum(1 for i in innocent if i < end)
            self.held += len(held)
            if turn.text[end - 1].isalnum():  # a sign is no further word
                self.late += len(_words(turn.text, new & held))
                stuck = set() if end - 1 in hidden else (waiting & held) - counted
                self.stuck += len(_words(turn.text, stuck))
                before, new, waiting, counted = held, held - before, held, counted | stuck
                self._add_new(_words(turn.text, new))

    def _add_new(self, words: list[str]) -> None:
        self.words += len(words)
        self.examples.update(words)

    def row(self) -> dict[str, float]:
        late, stuck = (round(count / max(1, self.words), 3) for count in (self.late, self.stuck))
        share = round(100 * self.held / max(1, self.said), 2)
        return {"characters": self.said, "held %": share, "words": self.words, "late": late, "stuck": stuck}


def _words(text: str, places: set[int]) -> list[str]:
    """The words in which the places are."""
    return "".join(text[i] if i in places else " " for i in range(len(text))).split()


def measure_shown(part: str) -> tuple[dict[str, Any], list[str]]:
    shown = Shown()
    for call in private_calls(part):
        for turn in turns_of(call, "customer"):
            shown.add(call, turn)
    return shown.rows(), shown.examples


def measure_held(part: str) -> tuple[dict[str, Any], list[str]]:
    by_source: dict[str, HeldBack] = {}
    for call in innocent_calls(part):
        held = by_source.setdefault(call.source, HeldBack())
        for turn in turns_of(call):
            held.add(turn)
    words: Counter[str] = sum((held.examples for held in by_source.values()), Counter())
    examples = [f"+ {count} {word}" for word, count in words.most_common(80)]
    return {source: held.row() for source, held in by_source.items()}, examples


def measure(part: str) -> tuple[dict[str, Any], list[str], list[str]]:
    shown, examples = measure_shown(part)
    held, words = measure_held(part)
    recall = {
        "identity": measure_evi(part)[0],
        "cards": {"all": measure_spoken_cards(part)[0]["all"]},
        "secrets": {"all": measure_secrets(part)[0]["all"]},
    }
    results = {"part": part, "shown by interims": shown, "recall of finals": recall, "held back": held}
    return results, examples, words


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=["report", "tune"], default="report")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--shown", action="store_true", help="list what interims showed (of the tune part only)")
    parser.add_argument("--held", action="store_true", help="list what was held back (of the tune part only)")
    options = parser.parse_args(arguments)
    if not shared_text().is_dir():
        print(f"No data in {shared_text()}: set SOTTO_SHARED_DATA to the public test input.", file=sys.stderr)
        return 2
    results, shown, held = measure(options.part)
    print("\n".join(table(results)))
    if options.part == "tune":
        print("\n".join([*(shown if options.shown else ()), *(held if options.held else ())]))
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
