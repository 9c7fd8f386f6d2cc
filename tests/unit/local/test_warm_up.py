"""Unit: which tenants a call is sent through for, before the first real one."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from local.warm_up import warm_up_calls
from tests.fakes.books import any_book

INSTANCE = "arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555"


class Placed:
    """Stands for Amazon Connect."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    async def place(self, audio: bytes, caller: object, *, contact_id: str) -> str:
        self.calls.append(contact_id)
        return contact_id

    async def play(self, call: str, *, speed: float) -> None: ...


def test_nobody_whose_language_is_not_recognised_here_is_reported_as_one_that_nothing_understands(
    tmp_path: Path,
) -> None:
    books = {
        "bank": any_book("bank", INSTANCE),
        "energie": any_book("energie", INSTANCE, language="de-DE"),
    }
    connect: Any = Placed()
    asyncio.run(warm_up_calls(books, connect, tmp_path, {"en-US"}))
    assert connect.calls == ["warm-up-bank"]
