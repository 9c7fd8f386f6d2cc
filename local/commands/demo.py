"""``sotto demo``: the embedded stack, played calls, the agents' panel; runs until interrupted."""

from __future__ import annotations

import asyncio
import os
import uuid
import webbrowser
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from local.aws.connect import duration_ms
from local.call_failures import failure_line
from local.call_script import script_beside
from local.commands.call import (
    CHANNEL_HELP,
    GENERATE_HELP,
    GENERATE_MODEL_HELP,
    TENANTS_FOLDER,
    TENANTS_HELP,
    caller_for,
    tenant_of,
    transcript_beside,
)
from local.commands.call_display import CallDisplay
from local.commands.chat import planned_chat
from local.commands.terminal_text import show_line
from local.demo_history.serving import days_made, made_up_past, today_of
from local.embedded import EmbeddedSotto, embedded_sotto
from local.interruption import run_interruptibly
from local.options import REPOSITORY, TENANTS, Options
from local.outside_providers import outside_writer
from local.played_call import CallPlan, played
from local.played_chat import ChatPlan, played_chat
from local.recordings.reading import read_recording
from local.start_checks import check_machine
from local.tenants import written_books
from sotto.core.clock import SystemClock
from sotto.core.settings import CHANNELS
from sotto.tenants.book import TenantBook

CALLS = REPOSITORY / "events" / "calls"
SAMPLE_CALLS = tuple(CALLS / name / "call.wav" for name in ("bank_cancel", "bank_card", "garage_brakes"))
SAMPLE_CHAT = REPOSITORY / "events" / "chats" / "bank_card" / "chat.jsonl"
APART_S = 12.0
"""Between the beginnings of two calls, so that the supervisor's list grows as it does on a morning."""


@dataclass(frozen=True, slots=True)
class DemoCall:
    """``transcript``: what is said in it, where it is not recognised."""

    plan: CallPlan
    transcript: Path | None


@click.command()
@click.option(
    "--call",
    "recordings",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    show_default="the three sample calls",
    help="A stereo WAV (customer left, agent right), 8 kHz, 16 bit. Again for another one at the same time.",
)
@click.option("--tenants", "folder", type=TENANTS_FOLDER, default=TENANTS, show_default=False, help=TENANTS_HELP)
@click.option("--port", type=click.IntRange(0, 65535), default=8787, show_default=True, help="Of the panel; 0: any.")
@click.option("--agent", help="Who answers the first call; decides the team. Default: as its script says.")
@click.option("--recogniser", default="embedded", show_default=True, help="embedded or transcript.")
@click.option("--channel", default=CHANNELS[0], show_default=True, type=click.Choice(CHANNELS), help=CHANNEL_HELP)
@click.option("--generate", metavar="URL", help=GENERATE_HELP)
@click.option("--generate-model", metavar="NAME", help=GENERATE_MODEL_HELP)
@click.option("--loop", is_flag=True, help="Play the calls again and again.")
@click.option("--open/--no-open", "open_browser", default=True, help="Open the panel in a browser.")
def demo(
    recordings: tuple[Path, ...],
    folder: Path,
    port: int,
    agent: str | None,
    recogniser: str,
    channel: str,
    generate: str | None,
    generate_model: str | None,
    loop: bool,
    open_browser: bool,
) -> None:
    """Play calls through the whole route and open the agent's panel. Ctrl-C ends it.

    The first call's audio is recognised; what is said in the others is read from their transcripts where they have
    one, because recognising takes a processor for each call. The panel keeps the calls, and can play them again.
    Adapters that were not trained yet are trained behind the calls, and answer them when they are ready.
    """
    writing = outside_writer(generate, generate_model, os.environ)
    options = Options(port=port, recogniser=recogniser, writing=writing, channels=(channel,), tenants=folder)
    check_machine(options)
    books = written_books(options.tenants)
    calls = [planned(each, books) for each in recordings or SAMPLE_CALLS]
    first = planned((recordings or SAMPLE_CALLS)[0], books, agent, reads=recogniser == "transcript")
    calls[0] = first
    chats = [] if recordings else _chats(books)
    today = today_of(SystemClock())
    with days_made(options.state, today) as making, CallDisplay(duration_ms(first.plan.audio)) as display:

        async def show() -> None:
            async with embedded_sotto(replace(options, progress=display.progress, training=display.training)) as sotto:
                sotto.agents.show_to(first.plan.tenant, first.plan.caller.agent)
                again = Again()
                sotto.agents.play_again = again.ask
                _show_addresses(sotto, [*(each.plan for each in calls), *chats], open_browser)
                with made_up_past(sotto, making, options.state, today):
                    while True:
                        await _play_all(calls, chats, sotto, display)
                        if not loop:
                            click.echo("The calls have ended. The panel keeps and can replay them. Ctrl-C ends.")
                            await again.asked()
                        display.again()

        run_interruptibly(show())


def planned(
    recording: Path, books: Mapping[str, TenantBook], agent: str | None = None, *, reads: bool = True
) -> DemoCall:
    script = script_beside(recording)
    book = tenant_of(script, dict(books), None)
    plan = CallPlan(read_recording(recording), caller_for(book, agent, script), book.tenant, starts=script.starts)
    has_transcript = recording.with_suffix(".transcript.jsonl").exists()
    return DemoCall(plan, transcript_beside(recording) if reads and has_transcript else None)


class Again:
    """The panel's wish for the calls again, which is granted once they have ended."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._asked = asyncio.Event()
        self._is_waiting = False

    def ask(self) -> bool:
        """Whether they begin. From any thread."""
        if self._is_waiting:
            self._loop.call_soon_threadsafe(self._asked.set)
        return self._is_waiting

    async def asked(self) -> None:
        self._asked.clear()
        self._is_waiting = True
        await self._asked.wait()
        self._is_waiting = False


def _chats(books: Mapping[str, TenantBook]) -> list[ChatPlan]:
    """None where the tenants are others than those of the sample chat."""
    wanted = script_beside(SAMPLE_CHAT).tenant
    return [planned_chat(SAMPLE_CHAT, books)] if wanted in books else []


async def _play_all(calls: list[DemoCall], chats: list[ChatPlan], sotto: EmbeddedSotto, display: CallDisplay) -> None:
    """Side by side; the terminal follows the first."""
    async with asyncio.TaskGroup() as tasks:
        for number, call in enumerate(calls):
            tasks.create_task(_play(call, sotto, display if number == 0 else None, after_s=number * APART_S))
        for number, chat in enumerate(chats, len(calls)):
            tasks.create_task(_write(chat, sotto, after_s=number * APART_S))


async def _play(call: DemoCall, sotto: EmbeddedSotto, display: CallDisplay | None, *, after_s: float) -> None:
    await asyncio.sleep(after_s)
    contact_id = str(uuid.uuid4())
    if call.transcript is not None:
        sotto.transcript(contact_id, call.transcript)
    async for event in played(call.plan, sotto, contact_id):
        if display is not None:
            display.show(event)
        if event.get("failures"):
            show_line(f"sotto: {failure_line(event['failures'])}", err=True)


async def _write(chat: ChatPlan, sotto: EmbeddedSotto, *, after_s: float) -> None:
    await asyncio.sleep(after_s)
    async for event in played_chat(chat, sotto):
        if event.get("failures"):
            show_line(f"sotto: {failure_line(event['failures'])}", err=True)


def _show_addresses(sotto: EmbeddedSotto, plans: Sequence[CallPlan], open_browser: bool) -> None:
    click.echo(f"\nThe panel of {plans[0].caller.agent}, who answers: {sotto.panel_url}   (Ctrl-C ends the demo)")
    for plan in plans[1:]:
        where = "a chat" if isinstance(plan, ChatPlan) else "another call"
        who = f"?tenant={plan.tenant}&agent={plan.caller.agent}"
        click.echo(f"  of {plan.caller.agent}, in {where}: {sotto.panel_url}{who}")
    click.echo(f"The manager's app, as a supervisor opens it: {sotto.manager_url}")
    click.echo(f"The REST API (docs/api.md): {sotto.rest_url}, with the key {sotto.api_key(plans[0].tenant)}\n")
    if open_browser:
        webbrowser.open(sotto.panel_url)
