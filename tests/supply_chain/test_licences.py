"""Supply chain: nothing is installed under a licence that nobody has allowed, and every version is pinned."""

from __future__ import annotations

import re
from importlib.metadata import distributions
from pathlib import Path

import pytest

from tests.supply_chain.licences import EXCEPTIONS, is_allowed, problems

REPOSITORY = Path(__file__).resolve().parents[2]


def test_every_installed_package_has_an_allowed_licence() -> None:
    assert problems(distributions()) == []


def test_an_exception_is_for_what_is_installed() -> None:
    assert EXCEPTIONS.keys() <= {str(each.metadata["Name"]).lower() for each in distributions()}


@pytest.mark.parametrize(
    "licence", ["MIT", "Apache-2.0 OR GPL-3.0-only", "BSD-3-Clause AND MIT", "Apache Software License; BSD License"]
)
def test_what_may_be_used(licence: str) -> None:
    assert is_allowed(licence)


@pytest.mark.parametrize(
    "licence",
    ["", "GPL-3.0-only", "AGPL-3.0", "MIT AND GPL-2.0-only", "Proprietary", "GPL, but MIT in spirit", "Commons"],
)
def test_what_may_not(licence: str) -> None:
    assert not is_allowed(licence)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-audit.lock"])
def test_every_version_is_pinned(name: str) -> None:
    lines = [line.partition("#")[0].strip() for line in (REPOSITORY / name).read_text().splitlines()]
    assert [line for line in lines if line and not re.fullmatch(r"[\w.\[\]-]+==[\w.+!-]+(?: ;.*)?", line)] == []
