"""A demonstration's calls, asked for again."""

from __future__ import annotations

import asyncio
from pathlib import Path

from starlette.applications import Starlette
from starlette.testclient import TestClient

from local.commands.demo import Again
from local.panel_site import AGAIN, PlayAgain, panel_site


def site(play_again: PlayAgain | None) -> TestClient:
    routes = panel_site(Path("nowhere"), lambda: ("bank", "liam"), lambda *who: "token", play_again=lambda: play_again)
    return TestClient(Starlette(routes=list(routes)))


def test_the_calls_begin_again_once_they_have_ended_and_not_while_they_play() -> None:
    playing, ended = site(lambda: False), site(lambda: True)
    assert playing.get("/config.json").json()["playAgainUrl"] == AGAIN
    assert (playing.post(AGAIN).status_code, ended.post(AGAIN).status_code) == (409, 204)


def test_where_nothing_can_be_played_the_panel_does_not_offer_it() -> None:
    assert "playAgainUrl" not in site(None).get("/config.json").json()
    assert site(None).post(AGAIN).status_code == 404


async def test_a_wish_that_comes_too_early_does_not_count_later() -> None:
    again = Again()
    assert again.ask() is False
    waiting = asyncio.create_task(again.asked())
    await asyncio.sleep(0)
    assert not waiting.done()
    assert again.ask() is True
    await waiting
    assert again.ask() is False


def test_the_managers_app_is_opened_by_a_supervisor_and_the_panel_by_its_agent() -> None:
    served = site(None)
    assert served.get("/config.json").json()["agent"] == "liam"
    config = served.get("/manager/config.json").json()
    assert (config["agent"], config["tokenUrl"]) == (
        "supervisor",
        "/token?tenant=bank&agent=supervisor&role=supervisor",
    )
    assert served.get("/manager/config.json?agent=sue").json()["agent"] == "sue"
