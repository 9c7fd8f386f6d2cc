"""A file of a tenant -> the root of its YAML. Whatever it holds is noted as a mistake, and nobody is kept waiting."""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node
from ruamel.yaml.reader import ReaderError

from sotto.tenants.reading.places import Mistakes, YamlPlace

LARGEST_FILE_BYTES = 4 * 1024**2
MOST_NODES = 200_000
"""Of a document with its aliases written out: 400 bytes of aliases of aliases can stand for a billion."""
DEEPEST = 32
"""Blocks within blocks. What is published is JSON of at most three levels for each, and readers of JSON take 200."""


class _TooMuch(Exception):
    """The document cannot be walked; the message is for who wrote it."""


def read_yaml(path: Path, file: str, mistakes: Mistakes) -> YamlPlace | None:
    """The root of a YAML file; None when it is absent, empty or broken, which is noted."""
    content = read_text(path, file, mistakes)
    return None if content is None else parse_yaml(content, file, mistakes)


def read_text(path: Path, file: str, mistakes: Mistakes) -> str | None:
    """Without a byte order mark. None when there is no such text, which is noted."""
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            mistakes.add(file, 1, 1, f"the file has more than {LARGEST_FILE_BYTES:,} bytes; no tenant writes so much")
            return None
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


def parse_yaml(content: str, file: str, mistakes: Mistakes) -> YamlPlace | None:
    """The root of a document; None when it is empty or broken, which is noted."""
    try:
        node = _composed(content)
    except (_TooMuch, RecursionError) as error:
        mistakes.add(file, 1, 1, str(error) if isinstance(error, _TooMuch) else _TOO_DEEP)
        return None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        mistakes.add(file, line, column, f"not valid YAML: {error.problem}; check indentation, quotes and brackets")
        return None
    except ReaderError as error:
        before = content[: error.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        mistakes.add(file, line, column, f"U+{ord(content[error.position]):04X} is no character of a text; take it out")
        return None
    except (YAMLError, ValueError, OverflowError) as error:  # such as "\\UFFFFFFFF", which is no character
        mistakes.add(file, 1, 1, f"not valid YAML ({type(error).__name__}); check what stands behind each \\ and %")
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
    return YamlPlace(file, node, mistakes)


_TOO_DEEP = f"blocks or brackets are nested more than {DEEPEST} deep; no file of a tenant needs more than a few"


def _composed(content: str) -> Node | None:
    yaml = YAML()
    yaml.composer.warn_double_anchors = False  # the later one counts, as YAML has it
    node: Node | None = yaml.compose(content)
    if node is not None:
        _measured(node, 0, {})
    return node


def _measured(node: Node, depth: int, known: dict[int, tuple[int, int]]) -> tuple[int, int]:
    """How many nodes it stands for, and how many levels it has. An alias is the node itself again, so each is walked
    once, and one that is inside itself never ends: it is too deep."""
    if depth > DEEPEST:
        raise _TooMuch(_TOO_DEEP)
    found = known.get(id(node))
    if found is None:
        inside = [_measured(part, depth + 1, known) for part in _parts(node)]
        found = known[id(node)] = (
            1 + sum(size for size, _ in inside),
            1 + max((high for _, high in inside), default=0),
        )
    if depth + found[1] - 1 > DEEPEST:
        raise _TooMuch(_TOO_DEEP)
    if found[0] > MOST_NODES:
        raise _TooMuch(f"aliases (*name) stand for more than {MOST_NODES:,} values; write out what is meant")
    return found


def _parts(node: Node) -> list[Node]:
    if isinstance(node, MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, CollectionNode) else []
