"""Call: a German call with a card number, transcribed word by word, through a stack of its own. Connect says en-US of
it, as it does of every contact whose flow sets no language: the tenant's own language counts."""

from __future__ import annotations

import logging
import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from botocore.credentials import Credentials

from local.aws.event_streams.signatures import Principal
from local.aws.transcribe.server import LocalTranscribe
from local.call_script import script_beside
from local.commands.call import caller_for
from local.known_speech import KnownCall
from local.options import TENANTS, Options
from local.played_call import CallPlan, played
from sotto.core.clock import SystemClock
from sotto.media.wav import read_call, write_call
from sotto.recognition.adapters.transcribe import TranscribeRecogniser
from tests.call.conftest import CALLS, Stack, models_at_hand
from tests.call.test_privacy_of_calls import TIME, texts_in
from tests.opened_items import opened

pytestmark = pytest.mark.call

TENANT = "nordlicht_energie"
CALL = CALLS / "energie_karte"
TRANSCRIPT = CALL / "call.transcript.jsonl"
SPEED = 6.0
PRINCIPAL = Principal("AKIATEST", "secret", "eu-central-1")
PLANTED = {
    "card number": ("4012888888881881", "vier null eins zwei", "acht acht acht", "eins acht acht eins", "8888 8888"),
    "expiry": ("null neun siebenundzwanzig", "siebenundzwanzig", "0927"),
    "security code": ("drei eins sieben", "317"),
    "date of birth": ("siebzehnten märz", "neunzehnhundertachtzig", "märz neunzehn"),
    "phone": ("null eins sieben null", "eins neun acht vier", "fünf fünf fünf", "01705551984"),
    "e-mail": ("lena punkt brandt", "lena punkt", "beispiel punkt de", "brandt at"),
}
"""As spoken and as digits; parts, too, that an interim shows of them."""
INNOCENT = (
    "Mein Abschlag ist viel zu hoch, ich zahle zweiundachtzig Euro im Monat.",
    "Ich kann den Abschlag ab dem nächsten Monat auf siebzig Euro senken.",
    "Und wir ziehen um, in eine neue Wohnung am anderen Ende der Stadt.",
    "Dann brauche ich die Meldung vierzehn Tage vorher, und später den Zählerstand.",
    "Die zahle ich gleich mit der Karte.",
)


def found_in(text: str) -> list[str]:
    words = " " + re.sub(r"[^\w/]+", " ", TIME.sub(" ", text.lower())) + " "
    return [kind for kind, forms in PLANTED.items() if any(f" {form} " in words for form in forms)]


def found_inside(value: Any) -> list[str]:
    return found_in(" . ".join(texts_in(value)))


@dataclass
class GermanCall:
    stack: Stack
    log: Path
    metrics: Path
    events: list[dict[str, Any]]
    language_codes: list[str]

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == kind]


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GermanCall]:
    folder = tmp_path_factory.mktemp("german")
    shutil.copytree(TENANTS / TENANT, folder / "tenants" / TENANT)
    recording = folder / "call.wav"
    write_call(recording, quiet_noise(97))
    handler = logging.FileHandler(folder / "everything.log")
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    metrics = folder / "metrics.jsonl"
    server = LocalTranscribe([KnownCall.read(recording, TRANSCRIPT)], PRINCIPAL)
    state = models_at_hand(folder / "state")
    stack = started_with(server, Options(tenants=folder / "tenants", state=state, speed=SPEED, metrics=metrics))
    try:
        events = played_on(stack, recording)
        codes = [seen.headers["x-amzn-transcribe-language-code"] for seen in server.sessions]
        yield GermanCall(stack, folder / "everything.log", metrics, events, codes)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        handler.close()
        stack.run(server.__aexit__(None, None, None))
        stack.close()


def quiet_noise(seconds: int) -> bytes:
    """No German voice is at hand; audible, so that the emulated Transcribe finds its place in it."""
    return bytes(each % 3 for each in random.Random(3).randbytes(seconds * 8_000 * 4))


def started_with(server: LocalTranscribe, options: Options) -> Stack:
    """A stack whose calls go to the emulated Transcribe, which runs on the stack's own loop."""
    credentials = Credentials("AKIATEST", "secret", "token").get_frozen_credentials()

    class Late(TranscribeRecogniser):
        """Knows where the server is when the first call comes."""

        def open(self, session: Any) -> Any:
            where: Any = {"endpoint": server.address, "tls": server.client_tls}
            there = TranscribeRecogniser(lambda: credentials, region="eu-central-1", clock=SystemClock(), **where)
            return there.open(session)

    late = Late(lambda: credentials, region="eu-central-1", clock=SystemClock())
    stack = Stack(replace(options, recogniser="transcribe", provider=late))
    stack.run(server.__aenter__())
    return stack


def played_on(stack: Stack, recording: Path) -> list[dict[str, Any]]:
    sotto = stack.sotto
    caller = caller_for(sotto.books[TENANT], None, script_beside(CALL / "call.wav"))
    # Of noise nothing could be recognised anew, and Transcribe takes as long for a recording as it lasts.
    caller = replace(caller, recorded=False)
    plan = CallPlan(read_call(recording), caller, TENANT, SPEED)

    async def watched() -> list[dict[str, Any]]:
        return [event async for event in played(plan, sotto, "energie-karte")]

    events: list[dict[str, Any]] = stack.run(watched())
    return events


def test_everything_planted_is_spoken_so_that_this_can_fail() -> None:
    assert set(found_in(TRANSCRIPT.read_text(encoding="utf-8"))) == set(PLANTED)


def test_the_panel_receives_nothing_private_not_even_in_interims(call: GermanCall) -> None:
    assert len(call.of("interim")) > 40
    for event in call.events:
        assert found_inside(event) == [], event


def test_no_store_holds_anything_private(call: GermanCall) -> None:
    dynamodb = call.stack.sotto.engineer("dynamodb")
    for table in dynamodb.list_tables()["TableNames"]:
        for page in dynamodb.get_paginator("scan").paginate(TableName=table):
            for item in opened(page["Items"], call.stack.sotto.root.data_keys):
                assert found_inside(item) == [], (table, item.get("sk"))
    s3 = call.stack.sotto.engineer("s3")
    for bucket in s3.list_buckets()["Buckets"]:
        for item in s3.list_objects_v2(Bucket=bucket["Name"]).get("Contents", []):
            if item["Key"].endswith(".json"):
                body = s3.get_object(Bucket=bucket["Name"], Key=item["Key"])["Body"].read().decode()
                assert found_in(body) == [], item["Key"]


def test_no_log_and_no_metric_holds_anything_private(call: GermanCall) -> None:
    for file in (call.log, call.metrics):
        text = file.read_text(encoding="utf-8", errors="replace")
        assert text, f"{file.name} is empty, so this test shows nothing"
        assert found_in(text) == []
        assert not [line for line in INNOCENT if line.lower() in text.lower()]


def test_innocent_words_stay_readable(call: GermanCall) -> None:
    spoken = " ".join(each["text"] for each in call.of("utterance"))
    assert [line for line in INNOCENT if line not in spoken] == []
    assert "[card number]" in spoken and "[date of birth]" in spoken


def test_guidance_comes_by_german_phrases_and_numbers(call: GermanCall) -> None:
    shown = {each["name"] for each in call.of("annotation")}
    assert {"abschlag_zu_hoch", "umzug_genannt", "kartennummer_genannt", "frist_genannt"} <= shown
    assert {"abschlag_senken", "keine_pruefziffer"} <= shown


def test_transcribe_is_asked_for_german(call: GermanCall) -> None:
    assert set(call.language_codes) == {"de-DE"}
    contact = call.stack.sotto.root.contacts.contact(TENANT, "energie-karte")
    assert contact is not None and (contact.language, contact.unavailable) == ("de-DE", ("sentiment",))
