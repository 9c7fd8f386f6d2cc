"""Unit: what is trained behind a call is shown beside it, and what came of it stays on the terminal."""

from __future__ import annotations

import pytest

from local.commands.call_display import CallDisplay


def test_only_what_came_of_it_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with CallDisplay(1_000) as display:
        display.training("bank/intent: tuning the encoder, epoch 2 of 10", 0.2)
        display.training("bank/intent: v2 answers calls now", 1.0)
    assert capsys.readouterr().out.split("\n") == ["         bank/intent: v2 answers calls now", ""]


def test_it_goes_on_being_shown_when_the_calls_have_ended() -> None:
    with CallDisplay(1_000) as display:
        display.bar.stop()
        display.training("bank/intent: tuning the encoder, epoch 2 of 10", 0.2)
        call, trained = display.bar.tasks
        assert trained.visible and trained.completed == 0.2 and not call.visible
        display.again()
        assert call.visible
        display.training("bank/intent: v2 answers calls now", 1.0)
        assert not trained.visible
