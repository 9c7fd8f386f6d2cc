"""Where the sentences of an article stand, whose text is Markdown.

A line break inside a paragraph or an item of a list is a space. Headings, rules, code and the head of a table are no
sentences; a row of a table is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

Span = tuple[int, int]

_LINE = re.compile(r"[^\n]*(?:\n|$)")
_HEADING = re.compile(r"\s{0,3}#{1,6}(?:\s|$)")
_UNDERLINE = re.compile(r"\s{0,3}(?:=+|-{2,})\s*$")
_RULE = re.compile(r"\s{0,3}(?:(?:\*\s*){3,}|(?:_\s*){3,}|(?:-\s*){3,})$")
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s+|\s{0,3}>\s?")
_ROW = re.compile(r"\s*\|.*")
_TABLE_LINE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_SENTENCE = re.compile(r"\S.*?(?:[.!?…][\"'”’)\]*_]*(?=\s+(?![a-zäöüß])|\s*\Z)|\Z)", re.DOTALL)
_BREAK = re.compile(r"[^\S\n]*\n\s*")


@dataclass(slots=True)
class _Block:
    """Lines that belong together. ``is_row``: of a table, which is one sentence whatever stands in it."""

    start: int
    end: int
    is_row: bool = False

    def of(self, text: str) -> Iterator[Span]:
        content = text[self.start : self.end]
        if self.is_row:
            bare = content.strip().strip("|")
            begins = self.start + content.find(bare) + len(bare) - len(bare.lstrip())
            yield begins, begins + len(bare.strip())
            return
        for match in _SENTENCE.finditer(content):
            yield self.start + match.start(), self.start + match.start() + len(match[0].rstrip())


def sentence_spans(text: str) -> list[Span]:
    """(start, end) in characters, in the order of the text; none of them is empty."""
    spans = (span for block in _blocks(text) for span in block.of(text))
    return [(start, end) for start, end in spans if any(letter.isalnum() for letter in text[start:end])]


def sentences(text: str) -> list[str]:
    """On one line each, whatever breaks its author made."""
    return [_BREAK.sub(" ", text[start:end]) for start, end in sentence_spans(text)]


def unwrapped(text: str) -> str:
    """As it is read: paragraphs and items on one line each."""
    return "\n".join(_BREAK.sub(" ", text[block.start : block.end].strip()) for block in _blocks(text))


def _blocks(text: str) -> list[_Block]:
    blocks: list[_Block] = []
    is_open, is_code = False, False
    for line in _LINE.finditer(text):
        content, (start, end) = line[0].rstrip("\n"), line.span()
        if _FENCE.match(content) or is_code:
            is_code ^= bool(_FENCE.match(content))
            is_open = False
        elif is_open and not blocks[-1].is_row and _UNDERLINE.match(content):
            blocks.pop()  # what stood above was a heading
            is_open = False
        elif not content.strip() or _HEADING.match(content) or _RULE.match(content):
            is_open = False
        else:
            is_open = _add(blocks, content, (start, end), is_open)
    return blocks


def _add(blocks: list[_Block], content: str, span: Span, is_open: bool) -> bool:
    """Whether the line after this one may go on with the block."""
    start, end = span
    if _ROW.match(content):
        is_rule = bool(_TABLE_LINE.match(content))
        if not is_rule:
            blocks.append(_Block(start, end, is_row=True))
        elif is_open and blocks[-1].is_row:
            blocks.pop()  # the head of the table
        return not is_rule
    if marker := _ITEM.match(content):
        blocks.append(_Block(start + marker.end(), end))
    elif is_open and not blocks[-1].is_row:
        blocks[-1].end = end
    else:
        blocks.append(_Block(start, end))
    return True
