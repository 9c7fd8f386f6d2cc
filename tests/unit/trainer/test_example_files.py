"""Unit: example phrases from a file of a tenant's own making."""

from __future__ import annotations

from pathlib import Path

import pytest

from model_containers.trainer.examples.example_files import read_examples
from model_containers.trainer.examples.tenant_files import BadTenantFile


def test_a_csv_of_text_and_label_is_read_with_its_counter_examples(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,label\nhi there,none_of_these\na,x\nb,x\nc,y\nd,y\n")
    assert read_examples(tmp_path / "a.csv") == ({"x": ("a", "b"), "y": ("c", "d")}, ("hi there",))


def test_json_lines_may_call_the_label_intent(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        "".join(f'{{"text": "{t}", "intent": "{t[0]}"}}\n' for t in ("x1", "x2", "y1", "y2"))
    )
    assert read_examples(tmp_path / "a.jsonl")[0] == {"x": ("x1", "x2"), "y": ("y1", "y2")}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("text,label\na,x\nb,x\n", "at least two intents"),
        ("text,label\na,x\nb,x\nc,y\n", "at least 2 phrases of y"),
        ("text,label\na,x\n,x\n", "row 2 needs a text and a label"),
        ("words,name\na,x\n", "row 1 needs a text and a label"),
    ],
)
def test_what_cannot_be_learned_from_is_refused_with_the_fix(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "a.csv").write_text(content)
    with pytest.raises(BadTenantFile, match=message):
        read_examples(tmp_path / "a.csv")


def test_a_file_that_is_no_json_lines_names_the_forms(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("not json\n")
    with pytest.raises(BadTenantFile, match="columns text and label"):
        read_examples(tmp_path / "a.jsonl")
