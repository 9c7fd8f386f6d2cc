"""Names letter by letter: after the name, after what announces one ("that's spelled"), or where one was asked for."""

from __future__ import annotations

from collections.abc import Iterator

from sotto.redaction.detectors.spoken.names.names import words_before
from sotto.redaction.detectors.spoken.numbers.codes import spelled_runs
from sotto.redaction.detectors.spoken.reading import Reading
from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import PrivateKind

_LETTERS, _LETTERS_SO_FAR = 3, 2
"""That make a spelling; in an interim more of them may come."""
_NEAR = 40
"""Characters between a name, or what announces one, and its spelling: "that's spelled"."""


def spelled_names(reading: Reading, names: list[Finding]) -> Iterator[Finding]:
    """``names``: what was found already."""
    expected = reading.expected is not None and reading.expected.kind is PrivateKind.NAME
    ends = [name.end for name in names] + [a.end for a in reading.announced if a.kind is PrivateKind.NAME]
    cues = {m.end(): m.start() for m in reading.language.names.spelt.finditer(reading.plain)}
    if not expected and not ends and not cues:
        return
    enough = _LETTERS_SO_FAR if reading.is_interim else _LETTERS
    for run in spelled_runs(reading.tokens, reading.text, reading.language.numbers, reading.language.spelling):
        is_near = any(0 <= run.start - end <= _NEAR for end in ends)
        if run.letters < enough or run.digits:
            continue
        cue = cues.get(run.start)
        if expected or is_near or (cue is not None and run.letters > _LETTERS):
            yield Finding(PrivateKind.NAME, run.start, run.end)
            ends.append(run.end)
            if cue is not None and (before := words_before(reading.text, cue, reading.language.names)):
                yield before
