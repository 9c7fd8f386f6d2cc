"""Builders for the tests of recall."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sotto.after_call.stored_call import Call
from sotto.call.annotation import Annotation, AnnotationKind, Evidence
from sotto.call.contact import Contact, Speaker
from sotto.call.utterance import Utterance

TENANT, CONTACT_ID = "bank", "c1"
CALLS = Path("events/calls")


def any_contact(**changes: Any) -> Contact:
    given = {"tenant": TENANT, "contact_id": CONTACT_ID, "instance_arn": "arn", "stream_arn": "stream"}
    return Contact(**given | {"media_started_at_ms": 0, "agent": "ann"} | changes)


def said(*turns: tuple[str, str]) -> list[Utterance]:
    """(speaker, text), five seconds apart; the ids are u1, u2, ..."""
    return [
        Utterance(TENANT, CONTACT_ID, f"u{seq}", seq, Speaker(speaker), 5_000 * (seq - 1), 5_000 * seq - 1_000, text)
        for seq, (speaker, text) in enumerate(turns, 1)
    ]


def noted(kind: AnnotationKind, name: str, on: str, *, seq: int = 1, severity: str = "info", **show: Any) -> Annotation:
    return Annotation(
        TENANT,
        CONTACT_ID,
        f"{name}-{seq}",
        seq,
        kind,
        name,
        0,
        on,
        0.9,
        severity=severity,
        show=show,
        evidence=(Evidence(on),),
    )


def sample_call(name: str) -> Call:
    """The transcript as recognised; ids are the start in ms."""
    lines = (CALLS / name / "call.transcript.jsonl").read_text().splitlines()
    turns = [json.loads(line) for line in lines]
    return Call(
        [
            Utterance(
                TENANT,
                CONTACT_ID,
                str(turn["start_ms"]),
                seq,
                Speaker(turn["speaker"]),
                turn["start_ms"],
                turn["end_ms"],
                turn["text"],
            )
            for seq, turn in enumerate(turns, 1)
        ]
    )
