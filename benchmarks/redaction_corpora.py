"""The public corpora that redaction is measured on, and what in them counts as private."""

from __future__ import annotations

import csv
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sotto.redaction.detectors.en.number_words import TEENS, TENS, UNITS
from sotto.redaction.detectors.vocabulary import words_of
from sotto.redaction.finding import Finding
from sotto.tenants.redaction_rules import PrivateKind


def shared_text() -> Path:
    here = Path(__file__).resolve().parents[1]
    return Path(os.environ.get("SOTTO_SHARED_DATA", here.parent / "shared" / "data")) / "text"


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """``spans`` are (kind, start, end); labels out of our scope keep their own name in capitals."""

    text: str
    group: str
    spans: tuple[tuple[str, int, int], ...]


_PRESIDIO_KINDS = {
    "CREDIT_CARD": PrivateKind.CARD_NUMBER,
    "US_SSN": PrivateKind.SOCIAL_SECURITY,
    "IBAN_CODE": PrivateKind.ACCOUNT_NUMBER,
    "PHONE_NUMBER": PrivateKind.PHONE,
    "EMAIL_ADDRESS": PrivateKind.EMAIL,
    "DOMAIN_NAME": PrivateKind.NETWORK_ADDRESS,
    "IP_ADDRESS": PrivateKind.NETWORK_ADDRESS,
    "ZIP_CODE": PrivateKind.POSTCODE,
    "US_DRIVER_LICENSE": PrivateKind.IDENTITY_DOCUMENT,
    "PERSON": PrivateKind.NAME,
    "STREET_ADDRESS": PrivateKind.ADDRESS,
}
"""GPE, ORGANIZATION, NRP, TITLE, AGE and dates that are no birth are out of scope: guidance needs them."""


def presidio_sentences() -> Iterator[LabelledSentence]:
    for row in json.loads((shared_text() / "presidio_synth/synth_dataset_v2.dev.json").read_text(encoding="utf-8")):
        birth = re.search(r"born on|date of birth", row["masked"])
        spans = []
        for span in row["spans"]:
            label = span["entity_type"]
            kind = PrivateKind.DATE_OF_BIRTH if label == "DATE_TIME" and birth else _PRESIDIO_KINDS.get(label, label)
            spans.append((str(kind), span["start_position"], span["end_position"]))
        yield LabelledSentence(row["full_text"], f"template {row['template_id']}", tuple(spans))


@dataclass(frozen=True, slots=True)
class IdentityTurn:
    speaker: str
    item: str
    text: str
    name: frozenset[str]

    def private_words_in(self, shown: str) -> list[str]:
        """What a reader could still learn: digits, spelled letters, months, or the caller's name."""
        words = re.sub(r"\[[^]]*\]", " ", shown).lower().split()
        if self.item == "name":
            return [word for word in words if word in self.name]
        if self.item == "dob":
            return [word for word in words if _is_date_word(word)]
        return [word for word in words if _is_code_word(word)]


_MONTHS = frozenset(
    ["january", "february", "march", "april", "june", "july", "august", "september", "october", "november", "december"]
)
_NUMBER_WORDS = frozenset({*UNITS, *TEENS, *TENS})


def _is_date_word(word: str) -> bool:
    return word in _MONTHS or word in _NUMBER_WORDS or any(character.isdigit() for character in word)


def _is_code_word(word: str) -> bool:
    single = len(word) == 1 and word not in ("a", "i")
    return single or word in _NUMBER_WORDS or any(character.isdigit() for character in word)


def evi_turns() -> Iterator[IdentityTurn]:
    folder = shared_text() / "evi_spoken_identity"
    with (folder / "records.en.csv").open(encoding="utf-8") as file:
        records = {row["scenario_id"]: row for row in csv.DictReader(file)}
    with (folder / "dialogues.en.dev.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            scenario = row["scenario_id"]
            record = records.get(scenario) or records[f"en.GB.{scenario}"]
            name = frozenset(record["name"].lower().split())
            if row["transcription"].strip():
                yield IdentityTurn(row["speaker_id"], row["item"], row["transcription"], name)


@dataclass(frozen=True, slots=True)
class SpokenLine:
    name: str
    text: str
    private: bool


def itn_lines() -> Iterator[SpokenLine]:
    """Telephone lines of seven digits and more and e-mail addresses are private; money, measures, times, decimals and
    plain cardinals are not."""
    folder = shared_text() / "nemo_itn_spoken_numbers"
    for name in ("telephone", "electronic", "money", "measure", "time", "decimal", "cardinal", "ordinal"):
        for row in (folder / f"test_cases_{name}.txt").read_text(encoding="utf-8").splitlines():
            spoken, _, written = row.partition("~")
            if not spoken.strip():
                continue
            if name == "telephone" and len(re.sub(r"\D", "", written)) < 7:
                continue
            if name == "electronic" and "@" not in written:
                continue
            yield SpokenLine(name, spoken, name in ("telephone", "electronic"))


@dataclass(frozen=True, slots=True)
class Line:
    place: str
    speaker: str
    start_ms: float
    text: str
    private_spans: tuple[tuple[int, int], ...] = ()
    reviewed: bool = False

    def is_private(self, finding: Finding) -> bool:
        return self.reviewed or any(finding.overlaps(start, end) for start, end in self.private_spans)


_INTERVAL = re.compile(r'xmin = ([\d.]+)\s+xmax = ([\d.]+)\s+text = "(.*?)"\s*\n', re.S)
# Where a birth date or an e-mail address is truly given, found by reading every finding by hand.
_GIVEN = words_of(
    "day2_consultation01_patient@19.4 day2_consultation06_patient@18.2 day2_consultation08_patient@19.6",
    "day2_consultation09_patient@27.5 day3_consultation01_patient@31.8 day3_consultation01_patient@40.6",
    "day3_consultation02_patient@16.4 day3_consultation03_patient@37.5 day3_consultation04_patient@16.6",
    "day3_consultation05_patient@30.2 day3_consultation06_patient@22.5 day3_consultation07_patient@27.6",
    "day3_consultation08_patient@21.8 day3_consultation08_patient@32.1 day4_consultation01_patient@30.2",
    "day4_consultation02_patient@25.2 day4_consultation02_patient@29.0 day4_consultation03_patient@17.1",
    "day4_consultation05_patient@15.6 day4_consultation06_patient@27.4 day4_consultation07_patient@22.1",
    "day4_consultation08_patient@30.4 day4_consultation09_patient@15.8 day4_consultation09_patient@17.4",
    "day4_consultation09_doctor@42.8 day5_consultation01_patient@26.5 day5_consultation03_patient@9.2",
    "day5_consultation04_patient@23.3 day5_consultation06_patient@25.2 day5_consultation07_patient@7.8",
    "day5_consultation08_patient@11.8 day5_consultation09_patient@10.7 day5_consultation11_patient@9.5",
)


def consultations() -> list[list[Line]]:
    calls: dict[str, list[Line]] = defaultdict(list)
    for path in sorted((shared_text() / "primock57_two_channel_transcripts/transcripts").glob("*.TextGrid")):
        call, _, role = path.stem.rpartition("_")
        for m in _INTERVAL.finditer(path.read_text(encoding="utf-8")):
            text = re.sub(r"<[^>]*>", "", m[3]).strip()
            if text:
                start_ms = float(m[1]) * 1000
                speaker = "agent" if role == "doctor" else "customer"
                place = f"{path.stem}@{float(m[1]):.1f}"
                calls[call].append(Line(place, speaker, start_ms, text, (), place in _GIVEN))
    return [sorted(call, key=lambda line: line.start_ms) for call in calls.values()]


_AIRLINE_PRIVATE = re.compile(
    r"(?i:card|certificate|mastercard|visa)[\w\s*:(#]{0,30}?[ _#(]*\d{4,9}|ending (?:in|with) \W*\d{4}|\d{4}"
    r"(?= card| mastercard| visa)|[\w.]+@[\w.]+|"
    r"(?i:dob|birth|born)\W{0,6}(?:of|is|on|remains|as|to|[:*-])?\W*(?:\w+ \d{1,2}(?:st|nd|rd|th)?,? \d{4}|"
    r"\d{4}-\d\d-\d\d|\d\d?/\d\d?/\d{4})|\b(?:19\d\d|200\d)-\d\d-\d\d"
)


def airline_calls() -> list[list[Line]]:
    """Conversations in writing; payment ids, last four digits, e-mail addresses and birth dates in them are private."""
    calls = []
    for c, row in enumerate(
        json.loads((shared_text() / "taubench_airline_trajectories/gpt-4o-airline.json").read_text())
    ):
        said = [m for m in row["traj"] if m["role"] in ("user", "assistant") and m.get("content")]
        call = []
        for i, message in enumerate(said):
            text = message["content"]
            spans = tuple(m.span() for m in _AIRLINE_PRIVATE.finditer(text))
            speaker = "customer" if message["role"] == "user" else "agent"
            call.append(Line(f"{c}:{i}", speaker, i * 5000.0, text, spans))
        calls.append(call)
    return calls
