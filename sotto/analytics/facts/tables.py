"""The facts that analytics counts: which there are, and their columns. Parquet files, Glue's tables and the checks of
metrics are all made from these. No fact holds a word of a call; ids and names of agents, teams and queues are theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Kind = Literal["text", "int", "double", "bool"]
Value = str | int | float | bool | None
Row = Mapping[str, Value]
DUCKDB_TYPES: Mapping[Kind, str] = {"text": "VARCHAR", "int": "BIGINT", "double": "DOUBLE", "bool": "BOOLEAN"}
GLUE_TYPES: Mapping[Kind, str] = {"text": "string", "int": "bigint", "double": "double", "bool": "boolean"}


@dataclass(frozen=True, slots=True)
class FactTable:
    """``grain``: what a row is. ``columns``: name -> kind; units are in the names."""

    name: str
    grain: str
    columns: Mapping[str, Kind]


def _read(columns: str) -> dict[str, Kind]:
    """``name:kind`` with blanks between."""
    kinds: dict[str, Kind] = {"text": "text", "int": "int", "double": "double", "bool": "bool"}
    return {name: kinds[kind] for name, _, kind in (each.partition(":") for each in columns.split())}


COMMON = MappingProxyType(
    _read(
        "conversation:text day:text started_ms:int hour:int weekday:int "
        "agent:text team:text queue:text language:text channel:text synthetic:bool"
    )
)
"""Of every fact, so that none needs another to be counted by team or hour. ``day``: of the conversation's start, in UTC
(2026-11-30), as ``hour`` (0 to 23) and ``weekday`` (1 is Monday); ``started_ms``: Unix epoch. ``synthetic``: made up by
``sotto history make``."""


def _table(name: str, grain: str, columns: str) -> FactTable:
    return FactTable(name, grain, MappingProxyType({**COMMON, **_read(columns)}))


TABLES: Mapping[str, FactTable] = MappingProxyType(
    {
        table.name: table
        for table in (
            _table(
                "conversation",
                "a conversation, over all its contacts",
                "customer:text disposition:text disposition_chosen:bool disposition_accepted:bool contacts:int "
                "agents:int transfers:int is_over:bool answered:bool queue_s:double talk_s:double hold_s:double "
                "after_work_s:double handle_s:double duration_s:double customer_speech_s:double agent_speech_s:double "
                "silence_s:double longest_silence_s:double overlap_s:double sentiment_first:int sentiment_last:int "
                "negative_moments:int positive_moments:int high_moments:int clocks_disagree:bool cost_usd:double",
            ),
            _table(
                "contact",
                "one leg of a conversation, as Connect counts it",
                "contact:text initiation:text disconnect_reason:text is_over:bool measured:bool answered:bool "
                "transferred:bool queue_s:double talk_s:double hold_s:double holds:int longest_hold_s:double "
                "after_work_s:double handle_s:double",
            ),
            _table(
                "speech",
                "what one speaker of a contact spoke",
                "contact:text speaker:text utterances:int words:int speech_s:double longest_s:double "
                "confidence:double masked:int",
            ),
            _table(
                "moment",
                "a moment that was noticed",
                "contact:text moment:text severity:text at_s:double confidence:double latency_ms:double policy:text",
            ),
            _table(
                "action",
                "an action that the agent was shown",
                "contact:text action:text at_s:double latency_ms:double policy:text used:bool dismissed:bool "
                "replaced:bool rated:bool rated_up:bool answered_after_s:double",
            ),
            _table(
                "checklist",
                "a line of a checklist of a contact",
                "contact:text checklist:text item:text state:text done:bool missed:bool",
            ),
            _table(
                "evaluation",
                "a quality form that stands for a contact",
                "contact:text form:text form_version:text by_person:bool score_pct:double automatic_fail:bool "
                "determined:double",
            ),
            _table(
                "answer",
                "an answer of a quality form that stands for a contact",
                "contact:text form:text form_version:text question:text standing:text value:text answered_by:text "
                "confidence:double full_marks:bool",
            ),
            _table(
                "understanding",
                "what the intent model made of a contact's customer, added up over utterances",
                "contact:text model_version:text utterances:int unanswered:int doubt:double right:double "
                "unrecognised:double sure:text labels:text meaning:text",
            ),
            _table("intent", "an intent that a contact's customer had", "contact:text intent:text utterances:int"),
            _table(
                "step",
                "a step of the work after a contact",
                "contact:text step:text outcome:text after_end_s:double",
            ),
        )
    }
)
