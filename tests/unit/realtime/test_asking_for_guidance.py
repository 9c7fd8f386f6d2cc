"""Unit: which utterances functions are invoked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sotto.aws.table import StorageUnavailable
from sotto.call.contact import Speaker
from sotto.call.live import Invocation
from sotto.call.utterance import Utterance
from sotto.realtime.guidance_sink import GuidanceSink
from sotto.realtime.panel_publisher import PanelPublisher
from tests.fakes.channel import ChannelInMemory

FINAL = Utterance("t", "c", "u1", 1, Speaker.CUSTOMER, 0, 1_000, "close my account")
INTERIM = replace(FINAL, seq=0, is_final=False)


class Functions:
    def __init__(self) -> None:
        self.invoked: list[str] = []

    def invoke_async(self, name: str, event: Invocation) -> None:
        self.invoked.append(name)


def wanted(interim: Utterance) -> bool:
    return interim.speaker is Speaker.CUSTOMER


def unknown(interim: Utterance) -> bool:
    raise StorageUnavailable("ThrottlingException")


@pytest.mark.parametrize(
    ("utterance", "is_wanted", "invoked"),
    [
        (FINAL, wanted, 1),
        (FINAL, unknown, 1),
        (INTERIM, wanted, 1),
        (replace(INTERIM, speaker=Speaker.AGENT), wanted, 0),
        (INTERIM, unknown, 0),
    ],
    ids=["final", "final whatever", "wanted", "not wanted", "not known"],
)
def test_an_interim_costs_an_invocation_where_a_model_wants_it(utterance, is_wanted, invoked: int) -> None:
    functions, failed = Functions(), list[str]()
    sink = GuidanceSink(PanelPublisher(ChannelInMemory(), failed.append), functions, failed.append, is_wanted)
    sink.ask_guidance(utterance, {})
    assert (functions.invoked, failed) == (["orchestrate_utterance"] * invoked, [])
