"""Contract: every curl example of docs/api.md is answered."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from moto import mock_aws

from tests.contract.rest_bank import RestBank

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
EXAMPLES = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
ROLES = {"KEY": "analyst", "ADMIN_KEY": "admin", "QUALITY_KEY": "quality", "OFFICER_KEY": "privacy_officer"}


@pytest.fixture(scope="module")
def bank() -> Iterator[RestBank]:
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
            environment.delenv(name, raising=False)
        yield RestBank()


@pytest.mark.parametrize("example", EXAMPLES, ids=[each.split('"')[1].partition("?")[0] for each in EXAMPLES])
def test_every_example_of_the_page_is_answered(bank: RestBank, example: str) -> None:
    words = shlex.split(example.replace("\\\n", " "))
    assert words[0] == "curl"
    headers = dict(words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H")
    bodies = [words[at + 1] for at, word in enumerate(words) if word == "-d"]
    role = ROLES[headers.pop("Authorization").removeprefix("Bearer $")]
    address = urlsplit(words[1].removeprefix("$SOTTO"))
    answered = bank.ask(
        "POST" if bodies else "GET",
        address.path,
        role=role,
        query=address.query,
        body=bodies[0] if bodies else None,
        headers={name.lower(): value for name, value in headers.items()},
    )
    assert answered.status < 300, answered.text


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) >= 10
