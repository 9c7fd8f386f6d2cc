"""An event with its private pieces replaced, words and offsets in step with the text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sotto.call.transcript_result import TranscriptResult, Word
from sotto.call.utterance import PrivateSpan
from sotto.redaction.finding import Finding
from sotto.redaction.redactor import Redacted
from sotto.tenants.redaction_rules import RedactionRules


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word and the characters of the text that are it."""

    word: Word
    start: int
    end: int


def masked(result: TranscriptResult, findings: list[Finding], rules: RedactionRules) -> Redacted:
    """``findings`` are in order and do not overlap. Words that cannot be found in the text are dropped: they could
    say what the text hides."""
    placed = words_in_place(result.text, result.words)
    if not findings:
        return Redacted(result if placed is not None else replace(result, words=()))
    text, spans = _text_and_spans(result, findings, placed or [], rules)
    words = _masked_words(placed or [], findings, rules)
    return Redacted(replace(result, text=text, words=words), spans)


def masked_text(text: str, findings: list[Finding], rules: RedactionRules) -> str:
    """The same for text without words and times."""
    shown = ""
    done = 0
    for finding in findings:
        shown = _before_mask(shown + text[done : finding.start], rules.replacement(finding.kind))
        shown += rules.replacement(finding.kind)
        done = finding.end
    return shown + text[done:]


def _before_mask(text: str, mask: str) -> str:
    """What is removed takes the space before it along."""
    return text[:-1] if not mask and text.endswith(" ") else text


def words_in_place(text: str, words: tuple[Word, ...]) -> list[PlacedWord] | None:
    """Where each word stands in the text, punctuation and spaces aside; None when the two disagree."""
    letters = [i for i, character in enumerate(text) if character.isalnum()]
    placed: list[PlacedWord] = []
    at = 0
    for word in words:
        own = [character for character in word.text if character.isalnum()]
        there = letters[at : at + len(own)]
        if [text[i].casefold() for i in there] != [character.casefold() for character in own]:
            return None
        if there:
            placed.append(PlacedWord(word, there[0], there[-1] + 1))
            at += len(own)
    if words and at != len(letters):
        return None
    return placed


def _text_and_spans(
    result: TranscriptResult, findings: list[Finding], placed: list[PlacedWord], rules: RedactionRules
) -> tuple[str, tuple[PrivateSpan, ...]]:
    text = ""
    done = 0
    spans: list[PrivateSpan] = []
    for finding in findings:
        mask = rules.replacement(finding.kind)
        text = _before_mask(text + result.text[done : finding.start], mask)
        start_ms, end_ms = _times(result, finding, placed)
        spans.append(PrivateSpan(str(finding.kind), start_ms, end_ms, len(text), len(text) + len(mask)))
        text += mask
        done = finding.end
    return text + result.text[done:], tuple(spans)


def _times(result: TranscriptResult, finding: Finding, placed: list[PlacedWord]) -> tuple[float, float]:
    """From the words; without words the share of the event that the characters take up, a syllable wider each side."""
    inside = [p.word for p in placed if finding.overlaps(p.start, p.end)]
    if inside:
        return min(word.start_ms for word in inside), max(word.end_ms for word in inside)
    per_character = (result.end_ms - result.start_ms) / max(len(result.text), 1)
    start_ms = result.start_ms + per_character * finding.start - 250
    end_ms = result.start_ms + per_character * finding.end + 250
    return max(result.start_ms, start_ms), min(result.end_ms, end_ms)


def _masked_words(placed: list[PlacedWord], findings: list[Finding], rules: RedactionRules) -> tuple[Word, ...]:
    words: list[Word] = []
    last: Finding | None = None
    for p in placed:
        finding = next((f for f in findings if f.overlaps(p.start, p.end)), None)
        if finding is None:
            words.append(p.word)
        elif finding is last and words:
            words[-1] = replace(
                words[-1], end_ms=p.word.end_ms, confidence=min(words[-1].confidence, p.word.confidence)
            )
        else:
            words.append(replace(p.word, text=rules.replacement(finding.kind)))
        last = finding
    return tuple(word for word in words if word.text)
