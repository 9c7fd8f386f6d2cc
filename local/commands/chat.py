"""``sotto chat``: one chat through the whole stack."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from local.aws.connect import ContactEventFaults
from local.aws.connect.chats import SegmentFaults
from local.aws.event_delivery import DeliveryFaults
from local.call_failures import CallFailed, failure_line
from local.call_script import script_beside
from local.chat_script import read_chat
from local.commands.call import AT_FORMATS, AT_HELP, TENANTS_FOLDER, TENANTS_HELP, caller_for, tenant_of
from local.commands.call_display import CallDisplay
from local.commands.finite_numbers import FiniteRange
from local.commands.json_lines import VERSIONS, json_lines
from local.embedded import embedded_sotto
from local.interruption import run_interruptibly
from local.options import TENANTS, Options
from local.played_chat import ChatPlan, played_chat
from local.start_checks import check_machine, check_output
from local.tenants import written_books
from sotto.tenants.book import TenantBook

STORM_HELP = "Deliver messages and events twice, late and out of order, as this number has it."


def planned_chat(
    file: Path,
    books: Mapping[str, TenantBook],
    *,
    tenant: str | None = None,
    agent: str | None = None,
    starts: datetime | None = None,
    speed: float = 1.0,
) -> ChatPlan:
    """As the script beside ``file`` says, where nothing else is said. Raises ChatUnreadable and UnknownTenant."""
    script = script_beside(file)
    book = tenant_of(script, dict(books), tenant)
    caller = replace(caller_for(book, agent, script), initiation_method="API", language=book.settings.language)
    begins = starts.astimezone() if starts is not None else script.starts
    return ChatPlan(b"", caller, book.tenant, speed, starts=begins, messages=read_chat(file))


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tenant", help="Whose chat it is. Default: what the script beside it says, else the first tenant.")
@click.option("--agent", help="Who answers; decides the team. Default: as the script says, else the first agent.")
@click.option("--tenants", "folder", type=TENANTS_FOLDER, default=TENANTS, help=TENANTS_HELP)
@click.option("--at", "starts", type=click.DateTime(AT_FORMATS), metavar="TIME", help=AT_HELP)
@click.option("--speed", type=FiniteRange(min=0), default=1.0, show_default=True, help="0: as fast as it goes.")
@click.option("--event-storm", type=int, metavar="SEED", help=STORM_HELP)
@click.option("--json", "json_out", type=click.Path(allow_dash=True), help="Every event as a JSON line; - for stdout.")
def chat(
    file: Path,
    tenant: str | None,
    agent: str | None,
    folder: Path,
    starts: datetime | None,
    speed: float,
    event_storm: int | None,
    json_out: str | None,
) -> None:
    """Play one chat through the whole stack, then exit.

    FILE has a line of JSON for each message: at_s (seconds), role (CUSTOMER, AGENT, SYSTEM, CUSTOM_BOT), and text, or
    attachment (a media type). Exits with 1 when a message was lost or guidance was unavailable, and says why.
    """
    if json_out is not None and json_out != "-":
        check_output(Path(json_out), "--json", (file,))
    is_calm = event_storm is None
    options = Options(
        speed=speed,
        tenants=folder,
        delivery_faults=DeliveryFaults() if is_calm else DeliveryFaults.storm(event_storm or 0),
        contact_event_faults=ContactEventFaults() if is_calm else ContactEventFaults.storm(event_storm or 0),
        segment_faults=SegmentFaults() if is_calm else SegmentFaults.storm(event_storm or 0),
    )
    check_machine(options)
    books = written_books(options.tenants)
    plan = planned_chat(file, books, tenant=tenant, agent=agent, starts=starts, speed=speed)
    failures: list[str] = []
    with ExitStack() as stack:
        lines = stack.enter_context(json_lines(json_out, VERSIONS[0]))
        display = stack.enter_context(CallDisplay(round(plan.messages[-1].at_s * 1000), quiet=json_out == "-"))

        async def play() -> None:
            async with embedded_sotto(replace(options, progress=display.progress)) as sotto:
                async for event in played_chat(plan, sotto, str(uuid.uuid4())):
                    lines.write(event)
                    display.show(event)
                    failures.extend(event.get("failures", ()))

        run_interruptibly(play())
    if failures:
        raise CallFailed(failure_line(failures))
