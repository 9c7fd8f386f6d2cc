"""Unit: what went wrong in the model process, on the socket, and in HTTP."""

from __future__ import annotations

import pytest

from model_containers.shard.adapters.sources import NotReachable, PackageNotFound
from model_containers.shard.decoder.engine import Overloaded, TooLate
from model_containers.shard.faces.statuses import BodyTooLarge, status_of
from model_containers.shard.protocol.errors import (
    DeadlineMissed,
    InvalidRequest,
    ModelAlreadyLoaded,
    ModelFailed,
    ModelNotFound,
    NoRoom,
    ShardBusy,
    ShardError,
    error_of,
)
from model_containers.shard.protocol.frames import error_frame
from model_containers.shard.protocol.refusals import refusal
from sotto.models.package import BadPackage

STATUSES = [
    (InvalidRequest, 400),
    (ModelNotFound, 404),
    (DeadlineMissed, 408),
    (ModelAlreadyLoaded, 409),
    (BodyTooLarge, 413),
    (ModelFailed, 500),
    (ShardBusy, 503),
    (NoRoom, 507),
]


@pytest.mark.parametrize(("kind", "status"), STATUSES)
def test_each_error_has_one_status(kind: type[ShardError], status: int) -> None:
    assert status_of(kind("why")) == status


@pytest.mark.parametrize("kind", [kind for kind, _ in STATUSES if kind is not BodyTooLarge])
def test_an_error_crosses_the_socket_as_what_it_is(kind: type[ShardError]) -> None:
    frame = error_frame(7, kind("say what to do"))
    again = error_of(frame["error"], frame["message"])
    assert (frame["id"], type(again), str(again)) == (7, kind, "say what to do")


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (BadPackage("the card is wrong"), InvalidRequest),
        (PackageNotFound("publish it"), ModelNotFound),
        (NotReachable("S3 is silent"), ShardBusy),
        (Overloaded("too many"), ShardBusy),
        (TooLate("the deadline passed"), DeadlineMissed),
        (NoRoom("unload another"), NoRoom),
    ],
)
def test_what_a_model_process_raises_is_named_by_what_the_caller_can_do(
    raised: Exception, kind: type[ShardError]
) -> None:
    crossed = error_of(error_frame(1, refusal(raised))["error"], "")
    assert type(crossed) is kind


@pytest.mark.parametrize("unknown", [ValueError("caller said 4111 1111"), TimeoutError("as well")])
def test_an_unknown_error_tells_its_class_and_none_of_its_words(unknown: Exception) -> None:
    found = refusal(unknown)
    assert isinstance(found, ModelFailed) and str(found) == f"the model failed: {type(unknown).__name__}"


def test_a_kind_that_is_not_known_is_a_failure() -> None:
    assert isinstance(error_of("of a later version", "why"), ModelFailed)
