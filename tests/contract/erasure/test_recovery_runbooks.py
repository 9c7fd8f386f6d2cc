"""Contract: the runbooks of recovery, walked through as far as moto goes, in the order in which they are written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner
from moto import mock_aws

from local.commands.erasure import erasure
from sotto.aws.data_keys import REMEMBERED_MS
from sotto.aws.table import StorageUnavailable
from sotto.core.clock import SystemClock
from sotto.erasure.hold import place_hold
from tests.contract.erasable_bank import BANK, CALL, CANARY, CLERK, ELSE, LEG, OTHER, ErasableBank

RUNBOOKS = Path(__file__).parents[3] / "docs" / "runbook" / "recovery"
HELD = "c5"


@pytest.fixture
def bank() -> Iterator[ErasableBank]:
    with mock_aws():
        made = ErasableBank()
        made.record(CALL)
        made.record(LEG, of=CALL)
        made.record(OTHER, caller=ELSE)
        made.record(HELD, caller="+15550005555")
        for each in (CALL, LEG, OTHER, HELD):
            made.talk(each)
        yield made


def commands_of(page: str) -> set[str]:
    return set(re.findall(r"sotto erasure (\w+)", (RUNBOOKS / page).read_text()))


@pytest.mark.parametrize("page", ["restore.md", "failover.md", "disaster-recovery.md"])
def test_every_command_and_page_that_a_runbook_names_is_there(page: str) -> None:
    assert commands_of(page) <= set(erasure.commands)
    for other in re.findall(r"(?<![\w/])((?:\.\./)?[a-z-]+\.md)", (RUNBOOKS / page).read_text()):
        assert (RUNBOOKS / other).exists(), other


def test_the_restore_runbook_as_it_is_written(bank: ErasableBank, monkeypatch: pytest.MonkeyPatch) -> None:
    backup = bank.backup("sotto-contacts")
    bank.ask()
    bank.run_to_the_end()
    place_hold(BANK, [HELD], matter="2026/7", who=CLERK, ports=bank.sotto.hold_ports)
    # 2 and 3: what was lost is back under its name; data keys and erasures were not touched
    bank.put_back(backup, "sotto-contacts")
    assert f"{CANARY} {CALL}" in bank.everything(), "its attributes, which are not sealed"
    assert bank.another_process().conversations.utterances(BANK, CALL, 0, 10) == []
    # 4
    shown = run(bank, monkeypatch, "replay", BANK)
    request_id = re.search(r"request (\S+):", shown)
    assert request_id is not None and "2 contacts" in shown
    # 5
    bank.run_to_the_end()
    status = run(bank, monkeypatch, "status", BANK, request_id[1])
    assert status.count("done") == 2 and "finished" in status
    certificate = json.loads(run(bank, monkeypatch, "certificate", BANK, request_id[1]))
    assert certificate["remaining"] == 0 and certificate["contacts"] == 2
    assert f"{CANARY} {CALL}" not in bank.everything() and f"{CANARY} {LEG}" not in bank.everything()
    # 6: who was not erased is there, who is held does not expire
    read = bank.another_process()
    assert read.conversations.utterances(BANK, OTHER, 0, 10) and read.conversations.utterances(BANK, HELD, 0, 10)


def test_what_a_hold_keeps_is_left_out_of_a_replay_until_it_is_released(
    bank: ErasableBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank.ask("+15550005555")
    place_hold(BANK, [HELD], matter="2026/7", who=CLERK, ports=bank.sotto.hold_ports)
    shown = run(bank, monkeypatch, "replay", BANK)
    assert "1 contacts" in shown
    bank.run_to_the_end()
    assert bank.another_process().conversations.utterances(BANK, HELD, 0, 10)
    run(bank, monkeypatch, "release", BANK, "--contact", HELD)
    bank.run_to_the_end()
    assert f"{CANARY} {HELD}" not in bank.everything()


def test_without_kms_words_are_refused_and_never_stored_in_clear(bank: ErasableBank) -> None:
    """failover.md: what processes remember serves five minutes, then it is "try again"."""
    kms = bank.sotto.kms_of(BANK)
    down = _Down()
    for name in ("generate_data_key", "decrypt"):
        kms.meta.events.register(f"before-call.kms.{name.title().replace('_', '')}", down)
    assert bank.sotto.conversations.utterances(BANK, CALL, 0, 10)
    bank.clock.advance(REMEMBERED_MS)
    with pytest.raises(StorageUnavailable):
        bank.sotto.conversations.utterances(BANK, CALL, 0, 10)
    before = len(bank.stored(CALL))
    with pytest.raises(StorageUnavailable):
        bank.talk("new")
    assert bank.stored("new") in ([], ["lease"]) and len(bank.stored(CALL)) == before


class _Down:
    """KMS as it answers while it is not there."""

    def __call__(self, model: Any, **_: Any) -> None:
        raise ClientError({"Error": {"Code": "KMSInternalException", "Message": ""}}, model.name)


def run(bank: ErasableBank, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    """The command as an engineer gives it; what it prints."""
    for name, value in {**bank.environment, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(SystemClock, "now_ms", lambda self: bank.clock.now_ms())
    done = CliRunner().invoke(erasure, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output
