"""Reads dispositions.yaml: the codes by which calls end, what suggests them, and phrases to learn from."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from sotto.graph.condition import NONE_OF_THESE
from sotto.tenants.dispositions import DispositionCode
from sotto.tenants.reading.phrases_source import Phrases, short_texts
from sotto.tenants.reading.places import YamlPlace

MOST_CODES = 60
LONGEST_TITLE = 80
FEWEST_PHRASES = 4
_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class DispositionFile:
    codes: tuple[DispositionCode, ...] = ()
    phrases: Phrases = field(default_factory=dict)


def read_dispositions(root: YamlPlace, moments: Collection[str] | None = None) -> DispositionFile:
    """``moments``: those of the playbook; None where nobody knows them, as in training."""
    fields = root.fields(("version", "codes"), needed=("version", "codes"))
    if "version" in fields:
        fields["version"].version()
    codes: list[DispositionCode] = []
    phrases: Phrases = {}
    titles: set[str] = set()
    for name, key, value in fields["codes"].named("codes") if "codes" in fields else ():
        code = _code(name, key, value, moments, phrases)
        if code is None:
            continue
        if code.title.casefold() in titles:
            key.wrong(f"another code has the title '{code.title}' already; agents could not tell them apart")
        titles.add(code.title.casefold())
        codes.append(code)
    if len(codes) > MOST_CODES:
        root.wrong(f"{len(codes)} codes are more than {MOST_CODES}; nobody finds one among them")
    if len(phrases) == 1:
        root.wrong("phrases of one code alone teach nothing; write phrases for at least two codes, or for none")
    return DispositionFile(tuple(codes), phrases)


def _code(
    name: str, key: YamlPlace, value: YamlPlace, moments: Collection[str] | None, phrases: Phrases
) -> DispositionCode | None:
    if not _CODE.fullmatch(name) or name == NONE_OF_THESE:
        key.wrong(f"'{name}' is no code; use 1 to 64 of a-z, 0-9 and '_', beginning with a letter")
        return None
    fields = value.fields(("title", "phrases", "when"), needed=("title",))
    if "phrases" not in fields and "when" not in fields:
        key.wrong(f"nothing suggests '{name}'; write phrases, or 'when' with moments of the playbook")
    title = (fields["title"].text() or "") if "title" in fields else ""
    if len(title) > LONGEST_TITLE:
        fields["title"].wrong(f"a title has at most {LONGEST_TITLE} characters, and this has {len(title)}")
    if "phrases" in fields:
        found = short_texts(fields["phrases"])
        if len(found) < FEWEST_PHRASES:
            key.wrong(
                f"code '{name}' has fewer than {FEWEST_PHRASES} phrases; write what is spoken when a call ends so"
            )
        phrases[name] = found
    when = fields["when"].fields(("moments", "without"), needed=("moments",)) if "when" in fields else {}
    return DispositionCode(
        code=name,
        title=title or name,
        moments=_moments(when["moments"], moments) if "moments" in when else (),
        without=_moments(when["without"], moments) if "without" in when else (),
        has_phrases="phrases" in fields,
    )


def _moments(place: YamlPlace, known: Collection[str] | None) -> tuple[str, ...]:
    return place.words() if known is None else place.known(known, "moment")
