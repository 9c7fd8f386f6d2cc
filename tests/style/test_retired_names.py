"""Unit: the check that keeps retired names out of code finds them wherever code can be seen, and leaves prose alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.style.retired_names import LIST, REPOSITORY, Retired, retired_in

RETIRED = Retired(
    words={"heard": "received"},
    names={"Ring": "ReplayBuffer", "on_partials": "on_interims"},
    within={"model_containers": {"chances": "probabilities"}},
    exempt=frozenset({"heard_island"}),
    still_read={"sotto/book.py": frozenset({"on_partials"})},
)


def found(folder: Path, path: str, text: str) -> list[str]:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text, encoding="utf-8")
    return list(retired_in([path], RETIRED, folder))


@pytest.mark.parametrize(
    ("path", "text", "line", "name"),
    [
        ("sotto/a.py", "x = 1\nlast_heard_ms = x\n", 2, "last_heard_ms"),
        ("sotto/a.py", "class LastHeard: ...\n", 1, "LastHeard"),
        ("sotto/a.py", "buffer = Ring()\n", 1, "Ring"),
        ("sotto/a.py", "log.info('call.heard')\n", 1, "call.heard"),
        ("sotto/a.py", 'stamps = {"heard": 1}\n', 1, "heard"),
        ("sotto/a.py", 'at = stamps["heard"]\n', 1, "heard"),
        ("sotto/a.py", 'alarm = "media-not-heard"\n', 1, "media-not-heard"),
        ("sotto/a.py", 'text = f"{heard} ms"\n', 1, "heard"),
        ("web/a.ts", "/* old */\nconst lastHeard = 1;\n", 2, "lastHeard"),
        ("web/a.graphql", "type Call { heardMs: Int }\n", 1, "heardMs"),
        ("tenants/a.yaml", "run:\n  - model: intent\n    on_partials: true\n", 3, "on_partials"),
        ("docs/a.md", "Prose.\n\nThe stage `heard` is first.\n", 3, "heard"),
        ("docs/a.md", "Run:\n\n    sotto --heard 3\n", 3, "heard"),
        ("model_containers/a.py", "chances = 1\n", 1, "chances"),
    ],
)
def test_a_retired_name_is_found_with_its_line(tmp_path: Path, path: str, text: str, line: int, name: str) -> None:
    (problem,) = found(tmp_path, path, text)
    assert problem.startswith(f"{path}:{line}: {name!r} is retired; say: ")


@pytest.mark.parametrize("path", ["sotto/last_heard.py", "docs/runbook/media-not-heard.md", "heard/a.txt"])
def test_a_file_or_folder_of_a_retired_name_is_found(tmp_path: Path, path: str) -> None:
    (problem,) = found(tmp_path, path, "")
    assert problem.startswith(f"{path}: the file's name ") and problem.endswith("is retired; say: received")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("sotto/a.py", '"""What was heard."""\n# A Ring was heard.\nsays = "heard you"\nword = "heard"\n'),
        ("sotto/a.py", 'text = f"{count} was heard"\n'),
        ("sotto/a.py", "shepherd = Rings = heard_island = 1\n"),
        ("web/a.ts", '// It was heard.\nconst text = "heard";\n'),
        ("docs/a.md", "    code()\n\nWhat was heard, and the Ring.\n"),
        ("docs/decisions/0001-a.md", "`heard`\n"),
        ("sotto/b.py", "chances = 1\n"),
        ("sotto/book.py", 'alias = "on_partials"\n'),
    ],
)
def test_prose_other_words_and_what_must_still_be_read_are_left_alone(tmp_path: Path, path: str, text: str) -> None:
    assert found(tmp_path, path, text) == []


def test_the_list_of_the_repository_can_be_read() -> None:
    retired = Retired.read(REPOSITORY / LIST)
    assert retired.instead_of("heard_ms", "sotto/a.py") and retired.instead_of("TranscriptResult", "sotto/a.py") is None
