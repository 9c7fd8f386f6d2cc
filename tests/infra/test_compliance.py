"""Infra: the compliance pack says what is there, and its lists are those of the deployment."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from infra.compliance_pages import PAGES, page, processors
from infra.deployment import deployment_from, deployment_of

ROOT = Path(__file__).parents[2]
PACK = ROOT / "docs" / "compliance"
EXAMPLE = "deployment.example.yaml"
FRAMEWORKS = ("GDPR", "CCPA", "PCI DSS", "HIPAA", "ISO/IEC 42001")


def controls() -> list[list[str]]:
    rows = (line.strip("|").split("|") for line in (PACK / "controls.md").read_text().splitlines() if line[:1] == "|")
    cells = ([cell.strip() for cell in row] for row in rows)
    return [row for row in cells if not row[0].startswith("---") and row[2] != "code"]


def missing(code: str, test: str) -> list[str]:
    """What of a row's last two cells is not there."""
    problems = [path for path in re.findall(r"`([^`]+)`", code) if not (ROOT / path).exists()]
    for path, _, name in (each.partition("::") for each in re.findall(r"`([^`]+)`", test)):
        file = ROOT / path
        if not file.exists() or not re.search(rf"^ *(?:async )?def {name}\(", file.read_text(), re.MULTILINE):
            problems.append(f"{path}::{name}")
    return problems


def test_every_file_and_test_that_a_control_names_is_there() -> None:
    assert len(controls()) > 40
    for row in controls():
        assert len(row) == 4 and "`" in row[2] and "::" in row[3], row
        assert missing(row[2], row[3]) == [], row


def test_a_control_whose_test_is_gone_would_be_found() -> None:
    assert missing("`sotto/nowhere.py`", "`tests/infra/test_compliance.py::test_that_is_not_there`") != []
    assert missing("`sotto/aws/table.py`", "`tests/infra/test_compliance.py::missing`") == []


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_framework_has_controls(framework: str) -> None:
    assert f"## {framework}" in (PACK / "controls.md").read_text()


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_are_those_of_the_example(name: str) -> None:
    written = page(name, deployment_from(ROOT / EXAMPLE), EXAMPLE)
    assert (PACK / name).read_text() == written, f"python -m infra.compliance_pages {EXAMPLE} docs/compliance"


def test_who_processes_is_read_from_the_deployment() -> None:
    import yaml

    written = yaml.safe_load((ROOT / EXAMPLE).read_text())
    (region,) = written["regions"].values()
    for tenant in written["tenants"].values():
        tenant["recognisers"] = ["deepgram"]
        tenant.pop("residency", None)
    region |= {
        "deepgram_secret_arn": "arn:aws:secretsmanager:us-east-1:111122223333:secret:deepgram",
        "generation": {
            "order": ["openai"],
            "openai_url": "https://llm.example.com/v1",
            "openai_model": "m",
            "openai_secret_arn": "arn:aws:secretsmanager:us-east-1:111122223333:secret:llm",
        },
        "replicas": ["us-west-2"],
    }
    found = processors(deployment_of(written, "changed"))
    assert {"Deepgram", "by your choice"} <= {each.name for each in found}
    assert "Transcribe, streaming" not in {each.service for each in found}
    assert {"api.deepgram.com", "https://llm.example.com/v1", "us-west-2"} <= {each.place for each in found}
