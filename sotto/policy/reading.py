"""Reading what a person wrote as YAML, so that every mistake is found in one go and has a line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

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
class Place:
    """A piece of a YAML file. Readers answer None (or nothing) after having noted what is wrong there."""

    file: str
    node: Node
    mistakes: Mistakes

    def wrong(self, message: str) -> None:
        mark = self.node.start_mark
        self.mistakes.add(self.file, mark.line + 1, mark.column + 1, message)

    def _at(self, node: Node) -> Place:
        return Place(self.file, node, self.mistakes)

    @property
    def is_map(self) -> bool:
        return isinstance(self.node, MappingNode)

    @property
    def is_list(self) -> bool:
        return isinstance(self.node, SequenceNode)

    def named(self, what: str) -> list[tuple[str, Place, Place]]:
        """(name, where the name stands, its value) of a mapping whose keys are free."""
        if not isinstance(self.node, MappingNode):
            self.wrong(f"expected {what}: a block of 'name: value' lines")
            return []
        seen: dict[str, int] = {}
        entries = []
        for key, value in self.node.value:
            name = str(key.value)
            if name in seen:
                self._at(key).wrong(f"'{name}' is written twice; the first one is on line {seen[name]}")
                continue
            seen[name] = key.start_mark.line + 1
            entries.append((name, self._at(key), self._at(value)))
        return entries

    def fields(self, known: Collection[str], *, needed: Collection[str] = ()) -> dict[str, Place]:
        """The fields of a mapping; unknown and missing ones are mistakes."""
        found: dict[str, Place] = {}
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

    def items(self) -> list[Place]:
        """The items of a list; a single value counts as a list of one."""
        if isinstance(self.node, SequenceNode):
            return [self._at(item) for item in self.node.value]
        return [self]

    def text(self) -> str | None:
        if isinstance(self.node, ScalarNode) and not str(self.node.tag).endswith(":null"):
            return str(self.node.value).strip()
        self.wrong("expected text here")
        return None

    def texts(self) -> list[tuple[str, Place]]:
        return [(text, item) for item in self.items() if (text := item.text()) is not None]

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
        value = round(hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + milliseconds)
        if not least_ms <= value <= most_ms:
            self.wrong(f"{text} is out of range; write a time from {least_ms}ms to {most_ms}ms")
            return least_ms
        return value


def read_yaml(path: Path, file: str, mistakes: Mistakes) -> Place | None:
    """The root of a YAML file; None when it is absent, empty or broken, which is noted."""
    content = read_text(path, file, mistakes)
    return None if content is None else parse_yaml(content, file, mistakes)


def read_text(path: Path, file: str, mistakes: Mistakes) -> str | None:
    """None when there is no such text, which is noted."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        other = path.with_suffix(".yml")
        fix = f"rename {other.name} to {path.name}" if other.exists() else "every tenant has one"
        mistakes.add(file, 1, 1, f"{file} is missing; {fix}")
    except UnicodeDecodeError as error:
        mistakes.add(file, 1, 1, f"not UTF-8 text (byte {error.start}); save the file as UTF-8")
    except OSError as error:
        mistakes.add(file, 1, 1, f"cannot be read: {error.strerror or type(error).__name__}; write a file of text here")
    return None


def parse_yaml(content: str, file: str, mistakes: Mistakes) -> Place | None:
    """The root of a document; None when it is empty or broken, which is noted."""
    try:
        node = YAML().compose(content)
    except RecursionError:
        mistakes.add(file, 1, 1, "blocks or brackets are nested too deeply; no file of a tenant needs more than a few")
        return None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        mistakes.add(file, line, column, f"not valid YAML: {error.problem}; check indentation, quotes and brackets")
        return None
    if node is None:
        mistakes.add(
            file,
            1,
            1,
            "nothing is written here; an article begins with '---', 'id: ...', 'title: ...', '---'"
            if file.endswith(".md")
            else "the file is empty",
        )
        return None
    return Place(file, node, mistakes)
