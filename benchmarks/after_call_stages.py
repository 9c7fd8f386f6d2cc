"""How long the work after a long call takes, stage by stage, on the embedded stack with its models.

A sample call's utterances, repeated until they fill the minutes, are committed as the audio worker commits them and
guided one by one, so that what the steps read is what a call leaves behind. Then the call ends, and its recording, the
sample call's as often, is redacted and recognised once more. What all that asks of AWS is counted: the inputs of
``infra.sizing.conversation``. None of it depends on how quick the machine is, but for functions' own time.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import replace
from typing import Any

from benchmarks.after_call_scripts import CALLS, Turn, said, transcript
from benchmarks.call_budget import Units
from functions.specs import everything
from local.aws.connect.contacts import ConnectContact
from local.embedded import EmbeddedSotto, embedded_sotto
from local.options import Options
from local.spans import Span, SpanKind, now_ms
from sotto.aws.connect_api import instance_id
from sotto.call.contact import Contact, ContactStatus
from sotto.call.events import ConversationEnded
from sotto.call.utterance import Utterance
from sotto.core.resources import AFTER_CALL
from sotto.core.validation import silent
from sotto.media.wav import read_call
from sotto.transcription.lease.lease import Takeover

CALL, TENANT = "bank_card", "harbour_bank"
CONTACT_ID = "a-long-call"
BYTES_A_MS = 32
_utterance = silent(Utterance)


def long_call(minutes: float) -> list[Turn]:
    turns = transcript(CALL)
    length_ms = _length_ms(turns)
    wanted_ms = minutes * 60_000
    times = range(int(wanted_ms // length_ms) + 1)
    moved = (_later(turn, at * length_ms) for at in times for turn in turns)
    return [turn for turn in moved if turn["end_ms"] <= wanted_ms]


def _audio(minutes: float) -> bytes:
    """What is heard of the same turns."""
    one = read_call(CALLS / CALL / "call.wav")
    wanted = int(_length_ms(transcript(CALL))) * BYTES_A_MS
    one = one[:wanted].ljust(wanted, b"\0")
    return (one * (int(minutes * 60_000) * BYTES_A_MS // wanted + 1))[: int(minutes * 60_000) * BYTES_A_MS]


def _length_ms(turns: list[Turn]) -> float:
    """Of one time, until the next begins."""
    return float(turns[-1]["end_ms"] + 2_000)


def _later(turn: Turn, by_ms: float) -> Turn:
    def moved(timed: dict[str, Any]) -> dict[str, Any]:
        return {**timed, "start_ms": timed["start_ms"] + by_ms, "end_ms": timed["end_ms"] + by_ms}

    return moved(turn) | {"words": [moved(word) for word in turn["words"]]}


def stages(minutes: float) -> dict[str, Any]:
    return asyncio.run(_stages(minutes))


async def _stages(minutes: float) -> dict[str, Any]:
    spans = Units()
    async with embedded_sotto(Options(spans=spans, progress=lambda line: print(f"  {line}"))) as stack:
        turns = long_call(minutes)
        contact = await asyncio.to_thread(_guided, stack, turns)
        _record(stack, contact, _audio(minutes))
        spans.units.clear()
        cpu_s, ended_ms = time.process_time(), now_ms()
        await asyncio.to_thread(_ended, stack, contact)
        await stack.idle(CONTACT_ID)
        cpu_s = time.process_time() - cpu_s
        work = stack.root.after_call_work.work(TENANT, CONTACT_ID)
        assert work is not None
        outcomes = {each.step: each.outcome.value for each in work.steps}
        found = [each for each in spans.recorded if each.kind is SpanKind.FUNCTION and each.began_ms >= ended_ms]
        annotations = stack.root.conversations.annotations(TENANT, CONTACT_ID, 0, 2_000)
        asked = _asked(spans, ended_ms)
    rows = [_row(each, ended_ms, outcomes) for each in sorted(found, key=lambda one: one.began_ms)]
    return {
        "minutes": minutes,
        "utterances": len(turns),
        "annotations": len(annotations),
        "stages": rows,
        "outcomes": outcomes,
        "whole_s": round(max(each.at_ms for each in work.steps) / 1000 - ended_ms / 1000, 2),
        "processor_s": round(cpu_s, 2),
        "asked": asked,
    }


REDACTS = "redact_recording"
SWEEPS = ("follow_contact", "guard_recording", "run_erasure", "deliver_webhooks")
"""Run by the clock as well, once a minute for everybody: such a run is no conversation's."""


def _asked(spans: Units, since_ms: float) -> dict[str, float]:
    """Of AWS, since then. Functions' GB-seconds are by the memory that they are deployed with; the redaction is apart,
    as it lasts as long as its recogniser takes."""
    seen = [each for each in list(spans.recorded) if each.began_ms >= since_ms]
    gb = {spec.name: spec.memory_mb / 1024 for spec in everything().functions}
    own = [each for each in seen if each.kind is SpanKind.FUNCTION and each.name not in (*SWEEPS, REDACTS)]
    requests = Counter(each.name for each in seen if each.kind is SpanKind.REQUEST and each.function not in SWEEPS)
    return {
        "invocations": len(own),
        "gb_s": round(sum((each.ended_ms - each.began_ms) / 1000 * gb.get(each.name, 0.25) for each in own), 2),
        "write_units": round(spans.units["writes"]),
        "read_units": round(spans.units["reads"]),
        **{name: count for name, count in sorted(requests.items()) if not name.startswith("dynamodb ")},
    }


def _guided(stack: EmbeddedSotto, turns: list[Turn]) -> Contact:
    sotto = stack.root
    began_ms = int(now_ms()) - int(turns[-1]["end_ms"])
    instance = sotto.books.current(TENANT).settings.instances[0]
    contact = Contact(TENANT, CONTACT_ID, instance, "s", began_ms, agent="agent", team="service")
    sotto.contacts.record(contact)
    lease = sotto.leases.take(TENANT, CONTACT_ID, Takeover("worker", 1), now_ms=now_ms())
    assert lease is not None
    for each in said(contact, turns, sotto.redactor(contact)):
        lease = sotto.leases.commit(lease, each, replace(lease.checkpoint, utterances=each.seq))
        body = _utterance.dump_python(each, mode="json")
        stack.invoke(
            "orchestrate_utterance",
            {"tenant": TENANT, "contact_id": CONTACT_ID, "utterance": body, "stamps": {"received": now_ms()}},
        )
    sotto.leases.release(lease)
    return contact


def _record(stack: EmbeddedSotto, contact: Contact, audio: bytes) -> None:
    """At Connect, from the first word on."""
    began_ms, instance = contact.media_started_at_ms, instance_id(contact.instance_arn)
    assert stack.connect.recordings is not None
    stack.connect.recordings.begin(CONTACT_ID, audio, began_ms)
    stack.connect.contacts.add(
        ConnectContact(CONTACT_ID, instance, "INBOUND", began_ms, CONTACT_ID, connected_at_ms=began_ms)
    )


def _ended(stack: EmbeddedSotto, contact: Contact) -> None:
    ended = replace(contact, status=ContactStatus.ENDED, version=1)
    stack.root.contacts.replace(ended, expected_version=0, events=[ConversationEnded.of(ended, at_ms=now_ms())])
    assert stack.connect.recordings is not None
    stack.connect.recordings.ended(stack.connect.contacts.change(CONTACT_ID, disconnected_at_ms=now_ms()))


def _row(span: Span, ended_ms: float, outcomes: dict[str, str]) -> dict[str, Any]:
    return {
        "function": span.name,
        "begins_ms": round(span.began_ms - ended_ms),
        "takes_ms": round(span.ended_ms - span.began_ms),
        "processor_ms": round(span.cpu_ms),
        "outcome": outcomes.get(span.name, ""),
    }


def print_stages(result: dict[str, Any]) -> None:
    steps = [spec.name for spec in everything().functions if spec.steps_of(AFTER_CALL)]
    print(f"{result['minutes']:g} minutes, {result['utterances']} utterances, {result['annotations']} annotations")
    print(f"{'':<26}{'begins':>9}{'takes':>9}{'processor':>11}   (ms after the end)")
    for row in result["stages"]:
        name = f"* {row['function']}" if row["function"] in steps else f"  {row['function']}"
        print(f"{name:<26}{row['begins_ms']:>9}{row['takes_ms']:>9}{row['processor_ms']:>11}   {row['outcome']}")
    print(f"everything noted {result['whole_s']} s after the end")
    print("asked of AWS since the end: " + ", ".join(f"{name} {count}" for name, count in result["asked"].items()))
    print(f"{result['processor_s']} s of this process's processor, the emulation of AWS included")
