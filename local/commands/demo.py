"""``sotto demo``: the embedded stack, a played call, the agent's panel; runs until interrupted."""

from __future__ import annotations

import asyncio
import os
import uuid
import webbrowser
from dataclasses import replace
from pathlib import Path

import click

from local.aws.connect import duration_ms
from local.call_failures import failure_line
from local.commands.call import (
    CHANNEL_HELP,
    GENERATE_HELP,
    GENERATE_MODEL_HELP,
    caller_for,
    tenant_of,
    transcript_beside,
)
from local.commands.call_display import CallDisplay
from local.commands.terminal_text import show_line
from local.embedded import EmbeddedSotto, embedded_sotto
from local.interruption import run_interruptibly
from local.options import REPOSITORY, Options
from local.outside_providers import outside_writer
from local.played_call import CallPlan, played
from local.start_checks import check_machine
from local.tenants import written_books
from sotto.core.settings import CHANNELS
from sotto.media.wav import read_call

SAMPLE_CALL = REPOSITORY / "events" / "calls" / "bank_cancel" / "call.wav"
PAUSE_BETWEEN_CALLS_S = 3.0


@click.command()
@click.option(
    "--call",
    "recording",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    show_default="events/calls/bank_cancel/call.wav",
    help="A stereo WAV (customer left, agent right), 8 kHz, 16 bit.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=8787, show_default=True, help="Of the panel; 0: any.")
@click.option("--agent", help="Who answers; decides the team.")
@click.option("--recogniser", default="embedded", show_default=True, help="embedded or transcript.")
@click.option("--channel", default=CHANNELS[0], show_default=True, type=click.Choice(CHANNELS), help=CHANNEL_HELP)
@click.option("--generate", metavar="URL", help=GENERATE_HELP)
@click.option("--generate-model", metavar="NAME", help=GENERATE_MODEL_HELP)
@click.option("--once", is_flag=True, help="Play the call once instead of again and again; the panel stays.")
@click.option("--open/--no-open", "open_browser", default=True, help="Open the panel in a browser.")
def demo(
    recording: Path | None,
    port: int,
    agent: str | None,
    recogniser: str,
    channel: str,
    generate: str | None,
    generate_model: str | None,
    once: bool,
    open_browser: bool,
) -> None:
    """Play a call through the whole route and open the agent's panel. Ctrl-C ends it."""
    writing = outside_writer(generate, generate_model, os.environ)
    options = Options(port=port, recogniser=recogniser, writing=writing, channels=(channel,))
    check_machine(options)
    recording = recording or SAMPLE_CALL
    transcript = transcript_beside(recording) if recogniser == "transcript" else None
    audio = read_call(recording)
    book = tenant_of(recording, written_books(options.tenants), None)
    caller = caller_for(book, agent)
    with CallDisplay(duration_ms(audio)) as display:

        async def show() -> None:
            async with embedded_sotto(replace(options, progress=display.progress)) as sotto:
                sotto.agents.show_to(book.tenant, caller.agent)
                _show_address(sotto, open_browser)
                while True:
                    contact_id = str(uuid.uuid4())
                    if transcript is not None:
                        sotto.transcript(contact_id, transcript)
                    async for event in played(CallPlan(audio, caller, book.tenant), sotto, contact_id):
                        display.show(event)
                        if event.get("failures"):
                            show_line(f"sotto: {failure_line(event['failures'])}", err=True)
                    if once:
                        click.echo("the call has ended; the panel stays until Ctrl-C")
                        await asyncio.Event().wait()
                    await asyncio.sleep(PAUSE_BETWEEN_CALLS_S)
                    display.again()

        run_interruptibly(show())


def _show_address(sotto: EmbeddedSotto, open_browser: bool) -> None:
    click.echo(f"\nThe agent's panel: {sotto.panel_url}   (Ctrl-C ends the demo)")
    click.echo(f"A supervisor's list of live calls: {sotto.panel_url}?role=supervisor\n")
    if open_browser:
        webbrowser.open(sotto.panel_url)
