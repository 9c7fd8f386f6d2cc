"""The tools: each is a reading route of the REST API, asked with its fields as arguments, and answered as it answers.

So a tool can do nothing that the key could not do with the route, and what a route shows, shows its tool.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from pydantic import BaseModel

from sotto.api.keys.authorise import Principal
from sotto.api.rest.answer import GatePorts, check_may, done, read_fields
from sotto.api.rest.problem import Problem, WrongField
from sotto.api.rest.route import ID, Asked, Route
from sotto.api.rest.routing import routes_of
from sotto.core.errors import SottoError


@dataclass(frozen=True)
class Tool:
    """``operation``: the route's name; ``subject``: of the module that it is in."""

    name: str
    subject: str
    operation: str
    about: str

    @cached_property
    def route(self) -> Route:
        return next(each for each in routes_of(self.subject) if each.name == self.operation)

    def may(self, principal: Principal) -> bool:
        try:
            check_may(self.route, principal)
        except SottoError:
            return False
        return True

    @cached_property
    def shape(self) -> dict[str, Any]:
        """As tools/list shows it."""
        return {
            "name": self.name,
            "title": self.name.replace("_", " ").capitalize(),
            "description": self.about,
            "inputSchema": _input_schema(self.route),
            "annotations": {"readOnlyHint": True, "idempotentHint": True, "openWorldHint": False},
        }


TOOLS = (
    Tool("search_conversations", "search", "search_moments",
         "Find what was said in conversations, by words and by meaning. Each result names its contact and utterance."),
    Tool("get_conversation", "conversations", "get_conversation",
         "One conversation: its contacts, when, who, how it ended, its scores, the first line of its summary."),
    Tool("get_transcript", "contacts", "get_transcript",
         "What was said in a contact, utterance by utterance. Private words are masked. Go on with next as cursor."),
    Tool("get_summary", "contacts", "get_summary",
         "The summary of a contact; each line names the utterances that it rests on."),
    Tool("list_scorecards", "contacts", "list_evaluations",
         "The quality forms of a contact, with each answer's evidence."),
    Tool("get_customer_insights", "contacts", "get_insights_of_contact",
         "What all conversations with the customer of a contact say: needs, risks, opportunities, promises and"
         " preferences, the newest first."),
    Tool("query_metric", "metrics", "query_metric",
         "Figures of one metric by a form. Which metrics there are, ask_figures finds out from a question."),
    Tool("ask_figures", "metrics", "ask_metrics",
         "A question about figures of conversations, in words. The answer shows the form that was counted."),
)  # fmt: skip


@cache
def tool(name: str) -> Tool | None:
    return next((each for each in TOOLS if each.name == name), None)


def called(of: Tool, arguments: Mapping[str, Any], principal: Principal, ports: GatePorts) -> dict[str, Any]:
    """The answer, with what it rests on and what it cost. Raises SottoError."""
    route = of.route
    check_may(route, principal)
    asked = _asked(route, arguments, principal)
    answer = _json(done(route, asked, ports).body)
    return {
        "answer": answer,
        "citations": citations(answer, asked.path.get("contact_id")),
        "cost": {"model_calls": 0, "usd": 0.0},
    }


def citations(answer: Any, contact_id: str | None = None) -> list[dict[str, str]]:
    """Each utterance that an answer names, once, in its order; of figures, the form they were counted by."""
    found = (tuple(sorted(each.items())) for each in _cited(answer, contact_id))
    return [dict(each) for each in dict.fromkeys(found)]


def _cited(part: Any, contact_id: str | None) -> Iterator[dict[str, str]]:
    if isinstance(part, list):
        for each in part:
            yield from _cited(each, contact_id)
    elif isinstance(part, dict):
        contact_id = part.get("contact_id") or contact_id
        named = [part.get("utterance_id"), *(part.get("utterance_ids") or ())]
        if "speaker" in part and "id" in part and "text" in part:  # of a transcript
            named.append(part["id"])
        if contact_id:
            yield from ({"contact_id": contact_id, "utterance_id": each} for each in named if each)
            if "contact_id" in part and not any(named) and "started_at_ms" in part:
                yield {"contact_id": contact_id}
        if isinstance(part.get("form"), dict) and "metric" in part["form"]:
            yield {"metric": part["form"]["metric"]}
        for each in part.values():
            yield from _cited(each, contact_id)


def _asked(route: Route, arguments: Mapping[str, Any], principal: Principal) -> Asked:
    """Raises Problem, with the names of wrong fields."""
    rest = dict(arguments)
    path = {name: rest.pop(name, None) for name in route.names}
    wrong = [
        WrongField(field=name, detail=f"a string of the form {ID}")
        for name, given in path.items()
        if not isinstance(given, str) or not re.fullmatch(ID, given)
    ]
    if wrong:
        raise Problem(422, "not-accepted", "Some arguments are wrong; errors says which.", errors=tuple(wrong))
    query, body = route.query, route.body
    if body is None:
        read = read_fields(lambda: query.model_validate(rest), "arguments")
        return Asked(principal.caller, path, read, None)
    written = _written(rest)
    return Asked(
        principal.caller,
        path,
        query(),
        read_fields(lambda: body.model_validate_json(written, strict=True), "arguments"),
    )


def _written(arguments: Mapping[str, Any]) -> bytes:
    return json.dumps(arguments).encode()


def _json(body: bytes) -> Any:
    return json.loads(body)


def _input_schema(route: Route) -> dict[str, Any]:
    model: type[BaseModel] = route.body if route.body is not None else route.query
    described = model.model_json_schema(by_alias=False)
    names = {name: {"type": "string", "pattern": f"^{ID}$"} for name in route.names}
    required = [*route.names, *described.get("required", [])]
    return {
        "type": "object",
        "properties": names | described.get("properties", {}),
        "additionalProperties": False,
        **({"required": required} if required else {}),
        **({"$defs": described["$defs"]} if "$defs" in described else {}),
    }
