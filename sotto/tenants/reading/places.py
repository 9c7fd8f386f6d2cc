"""Reading what a person wrote as YAML, so that every mistake is found in one go and has a line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

FORM = "1"
_ODD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters and halves of characters: escapes such as "\\e" and "\\ud800" bring them into YAML."""
_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?")


@dataclass(frozen=True, slots=True)
class Mistake:
    """``line`` and ``column`` count from 1, as editors do."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


@dataclass(slots=True)
class Mistakes:
    found: list[Mistake] = field(default_factory=list)

    def add(self, file: str, line: int, column: int, message: str) -> None:
        self.found.append(Mistake(file, line, column, message))

    def in_order(self) -> list[Mistake]:
        return sorted(set(self.found), key=lambda m: (m.file, m.line, m.column, m.message))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown word: the nearest known one, or all of them when they are few."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1)
    if near:
        return f"; did you mean '{near[0]}'?"
    return f"; known: {', '.join(names[:12])}" if names else ""


@dataclass(frozen=True, slots=True)
class YamlPlace:
    """A piece of a YAML file. Readers answer None (or nothing) after having noted what is wrong there."""

    file: str
    node: Node
    mistakes: Mistakes

    def wrong(self, message: str) -> None:
        mark = self.node.start_mark
        self.mistakes.add(self.file, mark.line + 1, mark.column + 1, message)

    def _at(self, node: Node) -> YamlPlace:
        return YamlPlace(self.file, node, self.mistakes)

    @property
    def is_map(self) -> bool:
        return isinstance(self.node, MappingNode)

    @property
    def is_list(self) -> bool:
        return isinstance(self.node, SequenceNode)

    @property
    def is_empty(self) -> bool:
        """Nothing stands behind the colon."""
        return isinstance(self.node, ScalarNode) and str(self.node.tag).endswith(":null")

    def named(self, what: str) -> list[tuple[str, YamlPlace, YamlPlace]]:
        """(name, where the name stands, its value) of a mapping whose keys are free."""
        if not isinstance(self.node, MappingNode):
            self.wrong(f"expected {what}: a block of 'name: value' lines")
            return []
        seen: dict[str, int] = {}
        entries = []
        for key, value in self.node.value:
            name = self._at(key).text()
            if not name:
                self._at(key).wrong("a name stands before each ':' here")
                continue
            if name in seen:
                self._at(key).wrong(f"'{name}' is written twice; the first one is on line {seen[name]}")
                continue
            seen[name] = key.start_mark.line + 1
            entries.append((name, self._at(key), self._at(value)))
        return entries

    def fields(self, known: Collection[str], *, needed: Collection[str] = ()) -> dict[str, YamlPlace]:
        """The fields of a mapping; unknown and missing ones are mistakes."""
        found: dict[str, YamlPlace] = {}
        if not self.is_map:
            self.wrong(f"expected fields, such as '{next(iter(known))}: ...'")
            return found
        for name, key, value in self.named("fields"):
            if name in known:
                found[name] = value
            else:
                hint = "; put text that has commas in quotes" if " " in name else did_you_mean(name, known)
                key.wrong(f"unknown field '{name}'{hint}")
        for name in needed:
            if name not in found:
                self.wrong(f"'{name}' is missing; add '{name}: ...'")
        return found

    def items(self) -> list[YamlPlace]:
        """The items of a list; a single value counts as a list of one."""
        if isinstance(self.node, SequenceNode):
            return [self._at(item) for item in self.node.value]
        return [self]

    def text(self) -> str | None:
        """As it is written: 007, true and 2026-01-31 are text, too, whatever YAML makes of them without quotes."""
        if not isinstance(self.node, ScalarNode) or str(self.node.tag).endswith(":null"):
            self.wrong("expected text here")
            return None
        text = str(self.node.value).strip()
        if odd := _ODD.search(text):
            self.wrong(f"U+{ord(odd[0]):04X} is no character of a text; take it out")
            return None
        return text

    def texts(self) -> list[tuple[str, YamlPlace]]:
        """Of a list, or of one item; empty ones are mistakes."""
        found = []
        for item in self.items():
            text = item.text()
            if text:
                found.append((text, item))
            elif text is not None:
                item.wrong("this text is empty; write something, or take it out")
        return found

    def words(self) -> tuple[str, ...]:
        return tuple(text for text, _ in self.texts())

    def known(self, names: Collection[str], what: str) -> tuple[str, ...]:
        """One or several names out of ``names``; an unknown one is a mistake and left out."""
        good = []
        for text, item in self.texts():
            if text in names:
                good.append(text)
            else:
                item.wrong(f"unknown {what} '{text}'{did_you_mean(text, names)}")
        return tuple(good)

    def one_of(self, names: Collection[str], what: str, default: str) -> str:
        text = self.text()
        if text is None:
            return default
        if text not in names:
            self.wrong(f"unknown {what} '{text}'{did_you_mean(text, names)}")
            return default
        return text

    def version(self) -> None:
        """Of the form of the file. There is one so far."""
        if self.text() not in (FORM, None):
            self.wrong(
                f"this release reads 'version: {FORM}'; versions of what you write are made when it is published"
            )

    def truth(self) -> bool:
        text = (self.text() or "").lower()
        if text not in ("true", "false", "yes", "no"):
            self.wrong(f"expected true or false, not '{text}'")
        return text in ("true", "yes")

    def number(self, low: float, high: float, default: float) -> float:
        text = self.text()
        if text is None:
            return default
        try:
            value = float(text)
        except ValueError:
            self.wrong(f"expected a number from {low:g} to {high:g}, not '{text}'")
            return default
        if not low <= value <= high:
            self.wrong(f"{text} is out of range; write a number from {low:g} to {high:g}")
            return default
        return value

    def duration_ms(self, *, least_ms: int = 1, most_ms: int = 24 * 3_600_000) -> int:
        """A time such as 800ms, 20s, 1m30s or 2h."""
        text = (self.text() or "").replace(" ", "")
        match = _DURATION.fullmatch(text)
        if not text or match is None:
            self.wrong(f"'{text}' is not a time; write for example 800ms, 20s, 1m30s or 2h")
            return least_ms
        hours, minutes, seconds, milliseconds = (float(part or 0) for part in match.groups())
        value = round(min(hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + milliseconds, 2 * most_ms))
        if not least_ms <= value <= most_ms:
            self.wrong(f"{text} is out of range; write a time from {least_ms}ms to {most_ms}ms")
            return least_ms
        return value
