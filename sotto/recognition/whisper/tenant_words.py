"""The tenant's words (names of products, articles, agents) as a bias: the final is read again with them as what was
spoken before, and only what differs between the two readings may change, and only into such a word.

A prompt makes a small model repeat itself, drop words and speak the prompt. So nothing of the second reading is taken
but words of the list, in the place of words of which the model was not sure and that are written much alike, and only
where the whole was likelier with the prompt than without. How sure it is of a word is measured without the prompt, so
that of the new word it can only be asked that it is not impossible.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher

from sotto.recognition.whisper.engine import Passage, Spoken
from sotto.recognition.whisper.guards import bare

DOUBTFUL = 0.75
"""A final whose every word is surer than this is not read again."""
WRITTEN_ALIKE = 0.6
POSSIBLE = 0.005
LONGEST_CHANGE = 4
_ARTICLES = frozenset(("a", "an", "the"))


def is_doubtful(passage: Passage) -> bool:
    return any(word.confidence < DOUBTFUL for word in passage.words)


def corrected(plain: Passage, prompted: Passage, words: tuple[str, ...]) -> Passage:
    """``plain`` with those of the tenant's ``words`` that ``prompted`` has in place of others."""
    listed = {part for word in words for part in map(bare, word.split())}
    listed |= {part.removesuffix("s") for part in listed}  # one of what a title has several of
    if prompted.log_probability < plain.log_probability:
        return plain
    before, after = ([bare(word.text) for word in each.words] for each in (plain, prompted))
    found = list(plain.words)

    def is_taken(old: slice, new: slice) -> bool:
        doubted, instead = plain.words[old], prompted.words[new]
        if better := _is_better(doubted, instead, listed):
            found[old] = _timed_as(doubted, instead)
        return better

    for old, new in reversed(list(_changes(before, after))):
        if not is_taken(old, new):
            for each in _word_by_word(old, new):
                is_taken(*each)
    return replace(plain, words=tuple(found))


def _changes(before: list[str], after: list[str]) -> Iterator[tuple[slice, slice]]:
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "replace" or max(i2 - i1, j2 - j1) > LONGEST_CHANGE:
            continue
        yield slice(i1, i2), slice(j1, j2)


def _word_by_word(old: slice, new: slice) -> Iterator[tuple[slice, slice]]:
    """One may be right, and its neighbour not; the last first."""
    if old.stop - old.start == new.stop - new.start:
        pairs = zip(range(old.start, old.stop), range(new.start, new.stop), strict=True)
        yield from ((slice(i, i + 1), slice(j, j + 1)) for i, j in reversed(list(pairs)))


def _is_better(doubted: tuple[Spoken, ...], instead: tuple[Spoken, ...], listed: set[str]) -> bool:
    old, new = ("".join(bare(word.text) for word in each) for each in (doubted, instead))
    return (
        any(bare(word.text) in listed for word in instead)
        and all(bare(word.text) in listed | _ARTICLES for word in instead)
        and not all(bare(word.text) in listed for word in doubted)
        and _least(doubted) < DOUBTFUL
        and _least(instead) >= POSSIBLE
        and SequenceMatcher(None, old, new, autojunk=False).ratio() >= WRITTEN_ALIKE
    )


def _least(words: tuple[Spoken, ...]) -> float:
    return min(word.confidence for word in words)


def _timed_as(doubted: tuple[Spoken, ...], instead: tuple[Spoken, ...]) -> list[Spoken]:
    """Within the time of what they replace, in equal parts: two readings do not align alike."""
    start_s, length_s = doubted[0].start_s, doubted[-1].end_s - doubted[0].start_s
    return [
        replace(
            word,
            start_s=start_s + length_s * n / len(instead),
            end_s=start_s + length_s * (n + 1) / len(instead),
        )
        for n, word in enumerate(instead)
    ]
