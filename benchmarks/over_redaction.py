"""Talk that holds nothing private, after every kind of question: what of it is taken for an answer.

The phrases of every shipped tenant, and of the public calls the utterances without a number, which nobody tuned on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from benchmarks.redaction_corpora import airline_calls, consultations
from sotto.call.contact import Speaker
from sotto.call.transcript_result import TranscriptResult
from sotto.redaction.detectors.en.pack import ENGLISH
from sotto.redaction.detectors.spoken.context import announcements_in
from sotto.redaction.detectors.spoken.numbers.digit_runs import runs_of
from sotto.redaction.detectors.tokens import tokens_of
from sotto.redaction.engine import ConversationRedactor
from sotto.tenants.redaction_rules import RedactionRules

TENANTS = Path(__file__).resolve().parents[1] / "tenants"
QUESTIONS = {
    "account_number": (
        "what is your account number",
        "could you give me your policy number",
        "and the sort code please",
    ),
    "identity_document": ("and your passport number please", "may I have your driver's license number?"),
    "card_number": ("what is your card number", "read me your card", "could you give me the card details"),
    "security_code": ("and the security code on the back?",),
    "card_expiry": ("and when does it expire?",),
    "card_ending": ("what are the last four digits",),
    "pin": ("what is your pin", "and the passcode please"),
    "one_time_code": ("what is the code we sent you?", "please read me the verification code"),
    "password": ("what is your password?", "and the passphrase"),
    "security_answer": (
        "what is your mother's maiden name?",
        "and your memorable word please",
        "what was your first pet?",
    ),
    "social_security": ("what is your social security number",),
    "phone": ("what is the best number to call you back on",),
    "email": ("what is your email address?",),
    "date_of_birth": ("what is your date of birth",),
    "postcode": ("and your postcode please", "what is your zip code"),
}
"""Questions for a name or an address are left out: what answers those is the subject of the other figures."""
_NOT_SPOKEN = frozenset(
    {"version", "title", "when", "speaker", "severity", "expires", "again_after", "withdraw_when", "tone"}
)


@cache
def tenant_phrases() -> dict[str, list[str]]:
    """What customers and agents say, by the intents, behaviours, replies and texts of every shipped tenant."""
    return {folder.name: sorted(set(_phrases_of(folder))) for folder in sorted(TENANTS.iterdir()) if folder.is_dir()}


def _phrases_of(folder: Path) -> Iterator[str]:
    for name in ("intents.yaml", "playbook.yaml"):
        yield from _sentences(YAML(typ="safe").load((folder / name).read_text(encoding="utf-8")))


def _sentences(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.endswith((".", "?", "!")) and len(value.split()) > 1:
            yield " ".join(value.split())
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in _NOT_SPOKEN:
                yield from _sentences(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _sentences(inner)


def changed_after(question: str, said: str, rules: RedactionRules | None = None) -> str | None:
    """What a reader sees of ``said`` after ``question``, where that is not all of it."""
    redactor = ConversationRedactor(rules or RedactionRules())
    redactor.redact(TranscriptResult(Speaker.AGENT, "bench", 0.0, 2000.0, question, (), True))
    shown = redactor.redact(TranscriptResult(Speaker.CUSTOMER, "bench", 3000.0, 5000.0, said, (), True)).result.text
    return None if shown == said else shown


def measure_over_redaction() -> tuple[dict[str, Any], list[str]]:
    rows: dict[str, Any] = {}
    misses: list[str] = []
    sources = {**tenant_phrases(), "public talk without numbers": list(_public_talk())}
    for name, phrases in sources.items():
        tries = lost = 0
        hit: set[str] = set()
        for kind, question in ((kind, question) for kind, asked in QUESTIONS.items() for question in asked):
            for phrase in phrases:
                tries += 1
                if shown := changed_after(question, phrase):
                    lost += 1
                    hit.add(phrase)
                    misses.append(f"+ over {name}, {kind}: {phrase!r} shows {shown!r}")
        rows[name] = {"phrases": len(phrases), "phrases hit": len(hit), "answers": tries, "changed": lost}
    return rows, misses


def _public_talk(first: int = 3, every: int = 8) -> Iterable[str]:
    """A sample of what customers said that has no number and announces none."""
    said = [line.text for call in (*consultations(), *airline_calls()) for line in call if line.speaker == "customer"]
    plain = [text for text in dict.fromkeys(said) if not any(c.isdigit() for c in text) and len(text.split()) > 2]
    plain = [text for text in plain if not announcements_in(ENGLISH.language.plain(text), ENGLISH.language.announcing)]
    return [
        text
        for text in plain[first::every]
        if not any(run.certain_digits for run in runs_of(tokens_of(text), ENGLISH.language.numbers))
    ]
