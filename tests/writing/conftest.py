"""A second stack, in which texts are written for one tenant: by our own shard, then by a host that speaks OpenAI's chat
completions. It stands in a folder of its own because moto holds one stack at a time, and keeps its state apart
from the first one, which another process may be running."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from local.commands.call import caller_for
from local.generation.script import ScriptedAnswer
from local.options import REPOSITORY, Options
from local.played_call import CallPlan, played
from local.writing import Writing
from model_containers.shard.decoder.base_model import fingerprint
from sotto.media.wav import read_call
from tests.call.conftest import CALLS, Stack, models_at_hand
from tests.fakes.quoting_host import QuotingHost, pieces
from tests.fakes.small_adapters import adapter_files, write_adapter_package
from tests.fakes.small_models import write_llama

SPEED = 3.0
BYTES_PER_MS = 32
TENANT, AGENT = "harbour_bank", "liam"
KEY, MODEL = "a-key-of-the-test", "quoting"
PRICES = "openai=0.2/0.4"
WRITTEN, BUSY, CUT = "written", "busy", "cut"
ASKED_MS = (48_400, 56_500)
"""Where the sample call's customer asks for the refund of a fee, of which the knowledge has something to say."""
PARTS = {
    WRITTEN: ((41_500, ASKED_MS[1]), None),
    BUSY: (ASKED_MS, ScriptedAnswer(status=429)),
    CUT: (ASKED_MS, ScriptedAnswer(pieces('{"text": "The fee'), cut_after=2)),
}
"""Which part is played, and what the host does then instead of writing."""
TEMPLATE = "{% for message in messages %}{{ message['content'] }}\n{% endfor %}"


@dataclass(slots=True)
class PlayedPart:
    contact_id: str
    events: list[dict[str, Any]] = field(default_factory=list)

    def actions(self, name: str) -> list[dict[str, Any]]:
        """Without the withdrawals, which have no text."""
        made = [event for event in self.events if event["type"] == "annotation" and event["name"] == name]
        return [event for event in made if event["text"]]


@pytest.fixture(scope="package")
def host() -> Iterator[QuotingHost]:
    with QuotingHost(key=KEY) as host:
        yield host


@pytest.fixture(scope="package")
def stack(host: QuotingHost, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    root = tmp_path_factory.mktemp("writing")
    base = _small_model(root / "small")
    writing = Writing(
        url=f"{host.url}/v1",
        model=MODEL,
        key=KEY,
        base=base,
        adapters=(_adapter(root, base),),
        prices=PRICES,
        tenants=(TENANT,),
    )
    options = Options(
        recogniser="transcript",
        speed=SPEED,
        state=models_at_hand(root / "state"),
        metrics=root / "metrics.jsonl",
        writing=writing,
        tenants=_in_no_hurry(root / "tenants"),
    )
    running = Stack(options)
    yield running
    running.close()


def _in_no_hurry(folder: Path) -> Path:
    """The sample tenants, whose models may take as long as a busy machine needs beside a decoder: what is asserted here
    is what is written, not how soon."""
    shutil.copytree(REPOSITORY / "tenants", folder)
    for policies in folder.glob("*/policies.yaml"):
        policies.write_text(re.sub(r"deadline: \d+ms", "deadline: 6s", policies.read_text()))
    return folder


def _small_model(folder: Path) -> Path:
    """Random weights: what it writes has the form that was asked for, and nothing to say."""
    write_llama(folder, max_position_embeddings=16_384)
    described = {"tokenizer_class": "PreTrainedTokenizerFast", "chat_template": TEMPLATE}
    (folder / "tokenizer_config.json").write_text(json.dumps(described))
    return folder


def _adapter(root: Path, base: Path) -> Path:
    files = adapter_files({f"model.layers.{n}.self_attn.v_proj": (32, 16) for n in range(2)}, value=0.3)
    return write_adapter_package(root, "writer", files, tenant=TENANT, base=(base.name, fingerprint(base)))


@pytest.fixture(scope="package")
def calls(stack: Stack, host: QuotingHost, tmp_path_factory: pytest.TempPathFactory) -> dict[str, PlayedPart]:
    """Parts of a sample call, one after the other: one in which the host writes, two in which it fails."""
    folder, result = tmp_path_factory.mktemp("parts"), dict[str, PlayedPart]()
    for name, (part, fault) in PARTS.items():
        host.fault = fault
        result[name] = stack.run(_played(stack, name, part, folder))
    return result


async def _played(stack: Stack, name: str, part: tuple[int, int], folder: Path) -> PlayedPart:
    result = PlayedPart(f"{name}-call")
    call = CALLS / "bank_cancel"
    begin_ms, end_ms = part
    stack.sotto.transcript(result.contact_id, _said(call / "call.transcript.jsonl", part, folder / f"{name}.jsonl"))
    audio = read_call(call / "call.wav")[begin_ms * BYTES_PER_MS : end_ms * BYTES_PER_MS]
    caller = caller_for(stack.sotto.books[TENANT], AGENT)
    async for event in played(CallPlan(audio, caller, TENANT, SPEED), stack.sotto, result.contact_id):
        result.events.append(event)
    return result


def _said(transcript: Path, part: tuple[int, int], into: Path) -> Path:
    lines = [json.loads(line) for line in transcript.read_text().splitlines()]
    inside = [line for line in lines if part[0] <= line["start_ms"] and line["end_ms"] <= part[1]]
    for each in [*inside, *(word for line in inside for word in line.get("words", ()))]:
        each["start_ms"] -= part[0]
        each["end_ms"] -= part[0]
    into.write_text("".join(json.dumps(line) + "\n" for line in inside))
    return into
