"""``sotto call``: one call through the whole stack."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from local.aws.chime.voice_connectors import RecordedCall
from local.aws.connect import CallParties, ContactEventFaults, Hold, LaterAttributes, duration_ms
from local.aws.event_delivery import DeliveryFaults
from local.call_failures import CallFailed, failure_line
from local.call_script import NO_SCRIPT, CallScript, ScriptedTransfer, script_beside
from local.commands.call_display import CallDisplay
from local.commands.finite_numbers import FiniteRange
from local.commands.json_lines import VERSIONS, json_lines
from local.embedded import EmbeddedSotto, embedded_sotto
from local.faults import FAULTS, Fault
from local.interruption import run_interruptibly
from local.options import RECOGNISERS, TENANTS, Options
from local.outside_providers import outside_provider, outside_writer
from local.played_call import CallPlan, played
from local.played_gateway import played_gateway
from local.played_siprec import played_siprec
from local.recordings.reading import read_recording
from local.start_checks import check_machine, check_output
from local.telephony.senders import SENDERS
from local.tenants import written_books
from local.watched_call import Event
from sotto.contacts.siprec.follow import LEAD_MS
from sotto.core.errors import Rejected
from sotto.core.settings import CHANNELS
from sotto.media.wav import write_call
from sotto.recognition.adapters.transcript import read_transcript
from sotto.tenants.book import TenantBook

CHANNEL_HELP = "How the panel receives messages."
GENERATE_HELP = "Have texts written by the OpenAI-compatible host at this address; its key is SOTTO_OPENAI_KEY."
JSON_HELP = "Of the lines of --json. 1: interim results are called 'partial', as they were."
EVENT_STORM_HELP = "Deliver events twice, late, out of order, Connect's partly not at all, as this number has it."
TRANSFER_HELP = "Hand the customer to AGENT at this second, after a consult of 10 s; with a '!' before AGENT, without."
CONSULT_S = 10.0
SOURCES = ("connect", "siprec", *SENDERS)
SOURCE_HELP = (
    "How the call comes: Connect's media streams, a recorder's two through a Voice Connector (SIPREC), or a telephone "
    "system's WebSocket into the media gateway."
)
TENANTS_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
TENANTS_HELP = "A folder with a folder for each tenant. Default: the example tenants."
AT_FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M%z")
AT_HELP = "As if it began then, for policies with hours: 2026-11-24T22:00, or with -05:00. Default: its script's."
GENERATE_MODEL_HELP = "What that host calls the model."


class UnknownTenant(Rejected):
    """``--tenant`` or ``--agent`` names nobody."""


class BadTransfer(Rejected):
    """``--transfer`` was given something else than AGENT@SECONDS."""


class TranscriptMissing(Rejected):
    """``--recogniser transcript`` finds no transcript beside the recording."""


def transcript_beside(recording: Path) -> Path:
    """``call.wav`` -> ``call.transcript.jsonl``. Raises TranscriptMissing and TranscriptUnreadable."""
    found = recording.with_suffix(".transcript.jsonl")
    if not found.exists():
        raise TranscriptMissing(f"--recogniser transcript reads {found}, which does not exist")
    read_transcript(found)
    return found


def caller_for(book: TenantBook, agent: str | None, script: CallScript = NO_SCRIPT) -> CallParties:
    """A call to ``agent``, or to whom the call's script names, or to the tenant's first. Raises UnknownTenant."""
    agents = [each for team in book.settings.teams.values() for each in team.agents]
    if agent is not None and agent not in agents:
        raise UnknownTenant(f"--agent {agent!r} is in no team of {book.tenant}; its agents are {', '.join(agents)}")
    if not agents:
        raise UnknownTenant(f"no team of {book.tenant} has an agent who could answer: add one to teams in tenant.yaml")
    scripted = script.agent if script.agent in agents else None
    instance = book.settings.instances[0].rsplit("/", 1)[-1]
    unknown = [each.agent for each in script.transfers if each.agent is not None and each.agent not in agents]
    if unknown:
        raise UnknownTenant(
            f"a transfer to {unknown[0]!r}, who is in no team of {book.tenant}; {', '.join(agents)} are"
        )
    return CallParties(
        instance,
        agent or scripted or agents[0],
        queue=script.queue,
        attributes=script.attributes,
        starts_in=script.guidance,
        later=tuple(LaterAttributes(each.at, each.attributes) for each in script.later),
        transfers=tuple(each.made() for each in script.transfers),
        waits_s=script.waits,
        holds=tuple(Hold(each.at, each.until) for each in script.holds),
        agent_events=script.agent_events,
        number=script.customer.number if script.customer else None,
        profiles=script.customer.made() if script.customer else (),
    )


def with_transfers(script: CallScript, transfers: tuple[str, ...]) -> CallScript:
    """In the place of the script's own. Raises BadTransfer."""
    return script.model_copy(update={"transfers": tuple(map(_transfer, transfers))}) if transfers else script


def _transfer(text: str) -> ScriptedTransfer:
    agent, at, seconds = text.removeprefix("!").rpartition("@")
    try:
        at_s = float(seconds)
    except ValueError:
        at_s = -1.0
    if not (agent and at and 0 < at_s < float("inf")):
        raise BadTransfer(f"--transfer {text!r}: give an agent and a second, such as liam@60")
    return ScriptedTransfer(at=at_s, agent=agent, consult=0.0 if text.startswith("!") else min(CONSULT_S, at_s))


def tenant_of(script: CallScript, books: dict[str, TenantBook], wanted: str | None) -> TenantBook:
    """The tenant that was named, or the one of the sample call's script, or the first. Raises UnknownTenant."""
    if not books:
        raise UnknownTenant("there is no tenant: write one, or fetch the example tenants with the repository again")
    if wanted is not None and wanted not in books:
        raise UnknownTenant(f"--tenant {wanted!r} is not known; known are {', '.join(books)}")
    return books.get(wanted or script.tenant or "", next(iter(books.values())))


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("file2", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tenant", help="Whose call it is. Default: what the sample call's script says, else the first tenant.")
@click.option("--agent", help="Who answers; decides the team. Default: as the script says, else the first agent.")
@click.option("--transfer", "transfers", multiple=True, metavar="AGENT@SECONDS", help=TRANSFER_HELP)
@click.option("--source", default=SOURCES[0], show_default=True, type=click.Choice(SOURCES), help=SOURCE_HELP)
@click.option("--tenants", "folder", type=TENANTS_FOLDER, default=TENANTS, help=TENANTS_HELP)
@click.option("--at", "starts", type=click.DateTime(AT_FORMATS), metavar="TIME", help=AT_HELP)
@click.option("--speed", type=FiniteRange(min=0), default=1.0, show_default=True, help="0: as fast as it goes.")
@click.option("--recogniser", default="embedded", show_default=True, help=f"One of {', '.join(RECOGNISERS)}.")
@click.option("--worker-limit", type=FiniteRange(min=1), help="Hand over to a new audio worker this often (s).")
@click.option("--channel", default=CHANNELS[0], show_default=True, type=click.Choice(CHANNELS), help=CHANNEL_HELP)
@click.option("--generate", metavar="URL", help=GENERATE_HELP)
@click.option("--generate-model", metavar="NAME", help=GENERATE_MODEL_HELP)
@click.option("--fault", "faults", multiple=True, metavar="NAME@SECONDS", help=f"Break something: {', '.join(FAULTS)}.")
@click.option("--event-storm", type=int, metavar="SEED", help=EVENT_STORM_HELP)
@click.option("--json", "json_out", type=click.Path(allow_dash=True), help="Every event as a JSON line; - for stdout.")
@click.option("--json-version", type=click.Choice(VERSIONS), default=VERSIONS[0], show_default=True, help=JSON_HELP)
@click.option("--dump-audio", type=click.Path(path_type=Path), help="The audio as the recogniser received it.")
def call(
    file: Path,
    file2: Path | None,
    tenant: str | None,
    agent: str | None,
    transfers: tuple[str, ...],
    source: str,
    folder: Path,
    starts: datetime | None,
    speed: float,
    recogniser: str,
    worker_limit: float | None,
    channel: str,
    generate: str | None,
    generate_model: str | None,
    faults: tuple[str, ...],
    event_storm: int | None,
    json_out: str | None,
    json_version: str,
    dump_audio: Path | None,
) -> None:
    """Play one call through the whole stack, then exit.

    FILE has two channels (customer left, agent right), or FILE and FILE2 have one each (customer, agent). One channel
    alone is parted by voice: who speaks first is taken for the agent. WAV, FLAC, MP3, OGG or M4A, of any sampling rate.
    Exits with 1 when samples were lost, a worker died or guidance was unavailable, and says why.
    """
    # With this machine's own credentials, before the embedded stack puts its own in their place.
    provider = outside_provider(recogniser, os.environ)
    writing = outside_writer(generate, generate_model, os.environ)
    options = Options(
        speed=speed,
        recogniser=recogniser,
        provider=provider,
        writing=writing,
        worker_limit_s=worker_limit,
        channels=(channel,),
        tenants=folder,
        delivery_faults=DeliveryFaults() if event_storm is None else DeliveryFaults.storm(event_storm),
        contact_event_faults=ContactEventFaults() if event_storm is None else ContactEventFaults.storm(event_storm),
        stream_event_faults=stream_event_faults(event_storm),
    )
    broken = tuple(Fault.parsed(fault) for fault in faults)
    transcript = transcript_beside(file) if recogniser == "transcript" else None
    _check_outputs(json_out, dump_audio, tuple(each for each in (file, file2, transcript) if each is not None))
    audio = read_recording(file, file2)
    check_machine(options)
    script = with_transfers(script_beside(file), transfers)
    if source != "connect" and script.transfers:
        raise BadTransfer(f"--source {source}: a transferred call is sent as another one; leave --transfer out")
    book = tenant_of(script, written_books(options.tenants), tenant)
    begins = starts.astimezone() if starts is not None else script.starts
    plan = CallPlan(audio, caller_for(book, agent, script), book.tenant, speed, broken, begins)
    failures: list[str] = []
    with ExitStack() as stack:
        lines = stack.enter_context(json_lines(json_out, json_version))
        display = stack.enter_context(CallDisplay(duration_ms(audio), quiet=json_out == "-"))

        async def play() -> None:
            async with embedded_sotto(replace(options, progress=display.progress)) as sotto:
                contact_id = ""
                async for event in _events(plan, sotto, source, transcript):
                    contact_id = contact_id or event["contact_id"]  # of the first, which tells of the contact
                    lines.write(event)
                    display.show(event)
                    failures.extend(event.get("failures", ()))
                if dump_audio is not None:
                    write_call(dump_audio, bytes(sotto.tap.received(contact_id).audio[: len(audio)]))

        run_interruptibly(play())
    if failures:
        raise CallFailed(failure_line(failures))


def stream_event_faults(event_storm: int | None) -> ContactEventFaults:
    """Of a Voice Connector. Its STARTED always comes: nothing else tells of a call."""
    if event_storm is None:
        return ContactEventFaults(doubled=0.3)
    return ContactEventFaults(doubled=0.7, late_s=3.0, seed=event_storm)


def _events(plan: CallPlan, sotto: EmbeddedSotto, source: str, transcript: Path | None) -> AsyncIterator[Event]:
    if source == "siprec":

        def placed(call: RecordedCall) -> None:
            if transcript is not None:
                sotto.transcript(call.contact_id, transcript, from_ms=-LEAD_MS)

        return played_siprec(plan, sotto, placed=placed)
    if source in SENDERS:

        def sent(contact_id: str) -> None:
            if transcript is not None:
                sotto.transcript(contact_id, transcript)

        return played_gateway(plan, sotto, source, sent)
    contact_id = str(uuid.uuid4())
    if transcript is not None:
        sotto.transcript(contact_id, transcript)
        for each in plan.caller.transfers:
            sotto.transcript(each.contact_id, transcript, from_ms=int(each.begins_s * 1000))
    return played(plan, sotto, contact_id)


def _check_outputs(json_out: str | None, dump_audio: Path | None, inputs: tuple[Path, ...]) -> None:
    """Raises CannotWrite."""
    if json_out is not None and json_out != "-":
        check_output(Path(json_out), "--json", inputs)
        if dump_audio is not None and dump_audio.absolute() == Path(json_out).absolute():
            raise click.UsageError("--json and --dump-audio name the same file: give two")
    if dump_audio is not None:
        check_output(dump_audio, "--dump-audio", inputs)
