"""Unit: what travels over the WebSocket channel has the schema's shapes, whole or in parts."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
from graphql import GraphQLObjectType, GraphQLSchema, build_schema, get_named_type, is_list_type, is_non_null_type
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.call.annotation import Checklist, ChecklistItem
from sotto.call.utterance import PrivateSpan
from sotto.realtime.channel import (
    AgentAssignment,
    AssignmentState,
    Health,
    HealthState,
    annotation_message,
    checklist_message,
    contact_message,
    health_message,
    utterance_message,
)
from sotto.realtime.frames import JSON_FIELDS, LARGEST_FRAME_BYTES, as_schema, parts_of
from sotto.realtime.shapes import assignment_shape, message_shape
from tests.contract.test_delivery_to_the_panel import any_annotation, any_contact, any_utterance

MESSAGES = [
    utterance_message(any_utterance(private=(PrivateSpan("card_number", 1000, 1400, 0, 4),)), at_ms=1),
    annotation_message(any_annotation(), at_ms=1),
    checklist_message(Checklist("bank", "c1", (ChecklistItem("duties", "greeting", "Greet", "done"),), 1, 1)),
    contact_message(any_contact(), at_ms=1),
    health_message("bank", "c1", Health(HealthState.OK, "audio"), at_ms=1),
]


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    delivery = files("sotto.realtime")
    return build_schema("\n".join(delivery.joinpath(f"{name}.graphql").read_text() for name in ("appsync", "schema")))


def mistakes(value: Any, type_: Any, where: str) -> list[str]:
    """Where ``value`` is not of ``type_``; a nullable field may be absent."""
    if is_non_null_type(type_):
        return [f"{where}: missing"] if value is None else mistakes(value, type_.of_type, where)
    if value is None:
        return []
    if is_list_type(type_):
        return [wrong for at, each in enumerate(value) for wrong in mistakes(each, type_.of_type, f"{where}.{at}")]
    if isinstance(type_, GraphQLObjectType):
        unknown = [f"{where}.{name}: unknown" for name in value if name not in type_.fields]
        return unknown + [
            wrong
            for name, field in type_.fields.items()
            for wrong in mistakes(value.get(name), field.type, f"{where}.{name}")
        ]
    expected = {"Int": int, "Float": (int, float), "Boolean": bool}.get(type_.name, str)
    return [] if isinstance(value, expected) else [f"{where}: {value!r} is no {type_.name}"]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.kind.value)
def test_a_message_is_the_schemas(message: Any, schema: GraphQLSchema) -> None:
    assert mistakes(as_schema(message_shape(message)), schema.type_map["ContactMessage"], "message") == []


def test_an_assignment_is_the_schemas(schema: GraphQLSchema) -> None:
    assignment = as_schema(assignment_shape(AgentAssignment("ann", AssignmentState.ASSIGNED, any_contact())))
    assert mistakes(assignment, schema.type_map["Assignment"], "assignment") == []


def test_every_field_that_the_schema_calls_json_travels_as_text(schema: GraphQLSchema) -> None:
    served = [each for each in schema.type_map.values() if isinstance(each, GraphQLObjectType)]
    named = {
        name for each in served for name, field in each.fields.items() if get_named_type(field.type).name == "AWSJSON"
    }
    assert named == JSON_FIELDS


@settings(deadline=None, max_examples=50)
@given(st.text(alphabet='a"\\\n\x11ä€😀', min_size=1, max_size=40), st.integers(1, 6_000))
def test_parts_make_the_whole_again_and_none_is_too_long(text: str, times: int) -> None:
    whole = json.dumps({"text": text * times}, ensure_ascii=False).encode()[:120_000].decode(errors="ignore").encode()
    frames = list(parts_of(whole))
    assert all(len(frame) <= LARGEST_FRAME_BYTES for frame in frames)
    if len(frames) > 1:
        assert "".join(json.loads(frame)["text"] for frame in frames).encode() == whole
    else:
        assert frames == [whole]
