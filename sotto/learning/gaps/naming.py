"""What a group is called: phrases that its members share and others do not, by class-based TF-IDF (Grootendorst 2022,
arXiv 2203.05794). A phrase that fewer than three calls have names nothing, so that a name is nobody's words."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from sotto.learning.gaps.gap import FEWEST_CALLS

MOST_PHRASES = 3
LONGEST = 3
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_MASK = re.compile(r"\[[a-z_ ]+\]|<[A-Za-z_]+>", re.IGNORECASE)
LITTLE_WORDS = frozenset(
    "a about actually all also always am an and any anything are as at back be because been before being but by "
    "call calling can can't cannot could did didn't do does doesn't doing don't for from get getting give go "
    "going good got had has have having hello help her here hey hi him his how i i'd i'll i'm i've if in into is "
    "isn't it it's its just know let like look looking make maybe me might mine more my myself need needed not "
    "now of off oh ok okay on one only or other our out over please really right said say see she should so some "
    "something still such sure take tell than thank thanks that that's the their them then there there's these "
    "they thing things think this those to today told too tried trying uh um until up us very wanna want wanted "
    "wanting was wasn't way we well were what what's when where whether which while who why will with won't would "
    "wouldn't yeah yes you you're your able possible question aber alle als am an auch auf aus bei bin bis bitte "
    "da dann das dass dem den der des die dies doch du ein eine einem einen einer er es etwas für gerne guten "
    "habe haben hallo hat hatte hätte ich ihnen ihr im in ist ja jetzt kann kein keine können könnte man mal mein "
    "meine meinem meinen meiner mich mir mit möchte möchten nach nicht noch nun nur ob oder schon sehr sein sich "
    "sie sind so tag über um und uns von vor war warum was weil wenn wer wie will wir wo würde zu zum zur ".split()
)  # fmt: skip


def names_of(groups: Sequence[Sequence[tuple[str, int]]]) -> list[tuple[str, ...]]:
    """Phrases of each group, the most telling first. Groups are of pairs of words and number of the call."""
    counted = [_counts(group) for group in groups]
    everywhere: Counter[str] = Counter()
    for counts in counted:
        everywhere.update({phrase: len(calls) for phrase, calls in counts.items()})
    usual = sum(len(group) for group in groups) / max(1, len(groups))
    return [_chosen(counts, everywhere, usual, len(group)) for counts, group in zip(counted, groups, strict=True)]


def _counts(group: Sequence[tuple[str, int]]) -> dict[str, set[int]]:
    """Phrase -> calls that have it."""
    found: dict[str, set[int]] = defaultdict(set)
    for text, call in group:
        for phrase in _phrases(text):
            found[phrase].add(call)
    return found


def _phrases(text: str) -> Iterator[str]:
    for part in _MASK.split(text.casefold()):
        words = _WORD.findall(part)
        for length in range(1, LONGEST + 1):
            for start in range(len(words) - length + 1):
                some = words[start : start + length]
                if not LITTLE_WORDS & {some[0], some[-1]} and len(some[0]) > 1:
                    yield " ".join(some)


def _chosen(counts: dict[str, set[int]], everywhere: Counter[str], usual: float, size: int) -> tuple[str, ...]:
    scores = {
        phrase: len(calls) / size * math.log(1 + usual / everywhere[phrase]) * (1 + 0.3 * phrase.count(" "))
        for phrase, calls in counts.items()
        if len(calls) >= FEWEST_CALLS
    }
    chosen: list[str] = []
    for phrase in sorted(scores, key=lambda each: (-scores[each], each)):
        words = set(phrase.split())
        if all(not words & set(other.split()) for other in chosen):
            chosen.append(phrase)
        if len(chosen) == MOST_PHRASES:
            break
    return tuple(chosen)
