"""Erasures: what is kept of a person goes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sotto.api.privacy import certificate, erase
from sotto.api.rest.fields import AtMs
from sotto.api.rest.person import EXAMPLE, Person
from sotto.api.rest.route import ApiPorts, Asked, Example, Shown, Wanted, route
from sotto.api.roles import Action
from sotto.erasure.identity import IdentityKind
from sotto.erasure.request import NobodyKnown, NoSuchRequest
from sotto.realtime.shapes import Shape


class Erasure(Shown):
    id: str
    asked_by: str
    asked_at_ms: AtMs
    by: Annotated[IdentityKind, Field(description="What kind of identity was asked for, never which.")]
    contacts: Annotated[int, Field(description="How many were found.")]


class Certificate(Shown):
    """What was deleted, signed by the cell's key."""

    request_id: str
    asked_at_ms: AtMs
    finished_at_ms: AtMs
    contacts: int
    counts: dict[str, int]
    remaining: int
    key_id: str
    algorithm: str
    signature: str


class WantedErasure(Wanted):
    person: Person


@route(
    "POST", "/v1/erasures", action=Action.HANDLE_DATA, scope="erasures:write", body=WantedErasure, answers=Erasure,
    status=202, absent=(NobodyKnown,),
    example=Example(
        role="privacy_officer", body={"person": EXAMPLE},
        answer={
            "id": "1790000000000-5f0c2a91", "asked_by": "key:k7f3m2p9q1z8", "asked_at_ms": 1_790_000_000_000,
            "by": "contact", "contacts": 1,
        },
    ),
)  # fmt: skip
def ask_erasure(asked: Asked, ports: ApiPorts) -> Shape:
    """Ask for all contacts of a person to be erased. It takes a while; its certificate says when it is done."""
    wanted: WantedErasure = asked.body
    request = erase(asked.caller, wanted.person.identity, ports.privacy())
    return {
        "id": request.id,
        "askedBy": request.asked_by,
        "askedAtMs": request.asked_at_ms,
        "by": request.by,
        "contacts": request.contacts,
    }


@route(
    "GET", "/v1/erasures/{erasure_id}/certificate", action=Action.HANDLE_DATA, scope="erasures:read",
    answers=Certificate, absent=(NoSuchRequest,),
    example=Example(
        path={"erasure_id": "e1"}, role="privacy_officer",
        answer={
            "request_id": "e1", "asked_at_ms": 1, "finished_at_ms": 2, "contacts": 1, "counts": {"contact": 9},
            "remaining": 0, "key_id": "k", "algorithm": "ECDSA_SHA_256", "signature": "MEUCIQ==",
        },
    ),
)  # fmt: skip
def get_erasure_certificate(asked: Asked, ports: ApiPorts) -> Shape:
    """Of an erasure that is finished; until then there is none."""
    found = certificate(asked.caller, asked.path["erasure_id"], ports.privacy())
    return {
        "requestId": found.request_id,
        "askedAtMs": found.asked_at_ms,
        "finishedAtMs": found.finished_at_ms,
        "contacts": found.contacts,
        "counts": dict(found.counts),
        "remaining": found.remaining,
        "keyId": found.key_id,
        "algorithm": found.algorithm,
        "signature": found.signature,
    }
