"""Finds names that Sotto has retired (docs/retired-names.yaml). ``python -m tests.style.retired_names``

Prose is exempt, so only what code can see is read: Python's names and the strings that are names (keys, metrics, log
events), identifiers of TypeScript and GraphQL, keys of YAML and JSON, file names, and what stands in backticks or code
blocks of the docs.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
LIST = "docs/retired-names.yaml"
EXEMPT = ("docs/decisions/", LIST, "tests/style/", "events/calls/", "benchmarks/texts/", "web/package-lock.json")
_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_NAME_LIKE = re.compile(r"[A-Za-z_][\w.-]*$")
_BRACES = re.compile(r"\{([^{}]*)\}")
_NOT_NEWS = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT}
_KEY = re.compile(r'^\s*(?:- )?"?([A-Za-z_][\w-]*)"?\s*:', re.MULTILINE)
_CODE_IN_DOCS = re.compile(r"```.*?```|^ {4}\S[^\n]*$|`[^`\n]+`", re.DOTALL | re.MULTILINE)
_COMMENT_OR_TEXT = re.compile(
    r"/\*.*?\*/|//[^\n]*|\"\"\".*?\"\"\"|#[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL
)


@dataclass(frozen=True)
class Retired:
    words: Mapping[str, str]
    names: Mapping[str, str]
    within: Mapping[str, Mapping[str, str]]
    exempt: frozenset[str]
    still_read: Mapping[str, frozenset[str]]

    @classmethod
    def read(cls, path: Path) -> Retired:
        listed = yaml.safe_load(path.read_text(encoding="utf-8"))
        still_read = {file: frozenset(names) for file, names in (listed["still_read"] or {}).items()}
        return cls(listed["words"], listed["names"], listed["within"], frozenset(listed["exempt"] or ()), still_read)

    def instead_of(self, name: str, path: str) -> str | None:
        """What to write in place of ``name``, which stands in the file ``path``; None where it may stay."""
        if name in self.exempt or name in self.still_read.get(path, ()):
            return None
        if name in self.names:
            return self.names[name]
        words = self._words_for(path.split("/", 1)[0])
        return next((words[part] for part in map(str.lower, _PARTS.findall(name)) if part in words), None)

    def _words_for(self, folder: str) -> Mapping[str, str]:
        return {**self.words, **self.within.get(folder, {})}

    @cached_property
    def quick(self) -> re.Pattern[str]:
        """Files without any of these letters need no reading."""
        every = {*self.words, *self.names, *(word for words in self.within.values() for word in words)}
        return re.compile("|".join(map(re.escape, sorted(every))), re.IGNORECASE)


def names_in(path: str, text: str) -> Iterator[tuple[int, str]]:
    """(line, name) of all that code can see."""
    match Path(path).suffix:
        case ".py":
            yield from _python(text)
        case ".ts" | ".tsx" | ".js" | ".mjs" | ".graphql" | ".css":
            yield from _matches(_NAME, _COMMENT_OR_TEXT.sub(_blank, text))
        case ".yaml" | ".yml" | ".json" | ".toml":
            yield from ((text.count("\n", 0, each.start()) + 1, each[1]) for each in _KEY.finditer(text))
        case ".md":
            for code in _CODE_IN_DOCS.finditer(text):
                line = text.count("\n", 0, code.start()) + 1
                yield from ((line + at - 1, name) for at, name in _matches(_NAME, code[0]))


def _python(text: str) -> Iterator[tuple[int, str]]:
    tokens = [each for each in tokenize.generate_tokens(io.StringIO(text).readline) if each.type not in _NOT_NEWS]
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == tokenize.NAME:
            yield token.start[0], token.string
        elif token.type == tokenize.STRING:
            is_key = after is not None and after.string in (":", "]")
            yield from ((token.start[0], name) for name in _names_in_string(token.string, is_key=is_key))


def _names_in_string(literal: str, *, is_key: bool) -> Iterator[str]:
    """One word alone may be prose, unless it is a key."""
    quoted = literal.lstrip("rbfuRBFU")
    content = quoted.strip("\"'")
    if _NAME_LIKE.match(content) and (is_key or re.search("[_.-]", content) or content != content.lower()):
        yield content
    if "f" in literal[: len(literal) - len(quoted)].lower():
        for inner in _BRACES.findall(content):
            yield from _NAME.findall(inner)


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, str]]:
    return ((text.count("\n", 0, each.start()) + 1, each[0]) for each in pattern.finditer(text))


def _blank(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def retired_in(paths: Iterable[str], retired: Retired, root: Path) -> Iterator[str]:
    """A line for each retired name, with what to write instead."""
    for path in paths:
        if path.startswith(EXEMPT):
            continue
        for name in Path(path).parts:
            if instead := retired.instead_of(name.rsplit(".", 1)[0], path):
                yield f"{path}: the file's name {name!r} is retired; say: {instead}"
        try:
            text = (root / path).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        if not retired.quick.search(text):
            continue
        seen = set()
        for line, name in names_in(path, text):
            if (line, name) not in seen and (instead := retired.instead_of(name, path)):
                seen.add((line, name))
                yield f"{path}:{line}: {name!r} is retired; say: {instead}"


def tracked(root: Path = REPOSITORY) -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()


def main() -> int:
    found = list(retired_in(tracked(), Retired.read(REPOSITORY / LIST), REPOSITORY))
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
