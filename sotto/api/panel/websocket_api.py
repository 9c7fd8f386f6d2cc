"""What a desktop may say over the WebSocket channel, and what it is answered. Every question and every subscription is
decided by the code that decides them for AppSync.

    {"action": "ping"}
    {"action": "ask", "id": "7", "fields": {"call": {"field": "Query.contact", "arguments": {"contactId": "..."}}}}
    {"action": "subscribe", "id": "8", "field": "Subscription.onContactMessage", "arguments": {"contactId": "..."}}
    {"action": "unsubscribe", "id": "8"}

The answers are in sotto.realtime.frames.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from sotto.api.panel.answers import UNAVAILABLE, Refused, answered
from sotto.api.panel.desktop import Desktop
from sotto.api.panel.ports import AgentPorts
from sotto.api.panel.requests import SERVED_FIELDS
from sotto.core.errors import Retryable
from sotto.core.validation import silent
from sotto.realtime.connections import ANYONE, ConnectionTable, Subscriber, Topic
from sotto.realtime.frames import LARGEST_ANSWER_BYTES, as_schema, error_frame, text_of
from sotto.realtime.shapes import Shape

MOST_SUBSCRIPTIONS = 50
MOST_FIELDS = 20

_Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class _Input(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class _Ping(_Input):
    action: Literal["ping"]


class _Wanted(_Input):
    field: Annotated[str, StringConstraints(pattern=r"^(Query|Mutation)\.\w{1,64}$")]
    arguments: dict[str, Any] = Field(default_factory=dict)


class _Ask(_Input):
    action: Literal["ask"]
    id: _Id
    fields: Annotated[dict[_Id, _Wanted], Field(min_length=1, max_length=MOST_FIELDS)]


class _Subscribe(_Input):
    action: Literal["subscribe"]
    id: _Id
    field: Annotated[str, StringConstraints(pattern=r"^Subscription\.\w{1,64}$")]
    arguments: dict[str, Any] = Field(default_factory=dict)


class _Unsubscribe(_Input):
    action: Literal["unsubscribe"]
    id: _Id


_REQUEST: TypeAdapter[_Ping | _Ask | _Subscribe | _Unsubscribe] = silent(
    Annotated[_Ping | _Ask | _Subscribe | _Unsubscribe, Field(discriminator="action")]
)


@dataclass(frozen=True, slots=True)
class DesktopPorts:
    """``agent``: made when first needed, because a ping needs nothing of it."""

    agent: Callable[[], AgentPorts]
    connections: ConnectionTable
    refused: Refused


def replies(text: str, desktop: Desktop, ports: DesktopPorts) -> Iterator[Shape]:
    """The frames to post back. Raises what no answer covers, after the frame that says so."""
    try:
        request = _REQUEST.validate_json(text)
    except ValidationError as error:
        wrong = "; ".join(f"{_place(each['loc'])}: {each['msg']}" for each in error.errors())
        yield error_frame(_id_in(text), {"type": "BadRequest", "message": wrong})
        return
    if isinstance(request, _Ping):
        yield {"type": "pong"}
        return
    try:
        if ports.agent().clock.now_ms() / 1000 >= desktop.expires_at:
            yield error_frame(request.id, {"type": "UnauthorizedException", "message": "Token has expired."})
        else:
            yield from _replies(request, desktop, ports)
    except Retryable:
        yield error_frame(request.id, {"type": "Unavailable", "message": UNAVAILABLE})
    except Exception:
        # What a failed function says may quote the call, so it stays in the function's log.
        yield error_frame(request.id, {"type": "Unavailable", "message": UNAVAILABLE})
        raise


def _replies(request: _Ask | _Subscribe | _Unsubscribe, desktop: Desktop, ports: DesktopPorts) -> Iterator[Shape]:
    match request:
        case _Ask():
            yield _asked(request, desktop, ports)
        case _Subscribe():
            yield _subscribed(request, desktop, ports)
        case _Unsubscribe():
            for listener in ports.connections.of_connection(desktop.tenant, desktop.connection_id):
                if listener.id == request.id:
                    ports.connections.remove(listener)
            yield {"type": "complete", "id": request.id}


def _asked(request: _Ask, desktop: Desktop, ports: DesktopPorts) -> Shape:
    """All or nothing, as a GraphQL operation whose fields may not be null."""
    if not all(wanted.field in SERVED_FIELDS for wanted in request.fields.values()):
        return _wrong(request.id, "field: there is no such field")
    data = {}
    for name, wanted in request.fields.items():
        answer = answered(wanted.field, wanted.arguments, desktop.claims, ports.agent(), ports.refused)
        if "error" in answer:
            return error_frame(request.id, answer["error"])
        data[name] = as_schema(answer["data"])
    frame = {"type": "answer", "id": request.id, "data": data}
    if len(text_of(frame)) > LARGEST_ANSWER_BYTES:
        return _wrong(request.id, "the answer is too long: ask for less at once")
    return frame


def _subscribed(request: _Subscribe, desktop: Desktop, ports: DesktopPorts) -> Shape:
    there = ports.connections.of_connection(desktop.tenant, desktop.connection_id)
    if request.field not in SERVED_FIELDS:
        return _wrong(request.id, "field: there is no such field")
    if any(each.id == request.id for each in there):
        return _wrong(request.id, "id: is the id of another subscription")
    if len(there) >= MOST_SUBSCRIPTIONS:
        return _wrong(request.id, f"a connection has at most {MOST_SUBSCRIPTIONS} subscriptions")
    answer = answered(request.field, request.arguments, desktop.claims, ports.agent(), ports.refused)
    if "error" in answer:
        return error_frame(request.id, answer["error"])
    listener = _listener(request.id, answer["data"], desktop)
    ports.connections.add(listener)
    error = _lost_meanwhile(listener, desktop, ports)
    if error is None:
        return {"type": "subscribed", "id": request.id}
    ports.connections.remove(listener)
    return error_frame(request.id, error)


def _listener(id_: str, decided: Mapping[str, Any], desktop: Desktop) -> Subscriber:
    """The conditions that AppSync would filter by, as places in the table."""
    wanted = {name: test["eq"] for name, test in decided["deliverWhen"].items()}
    end = decided["endWhen"]
    topic = Topic(wanted["tenant"], contact_id=wanted.get("contactId"), agent=wanted.get("agent"))
    ends_with = None if end is None else end["agent"]["eq"] if "agent" in end else ANYONE
    return Subscriber(topic, desktop.connection_id, id_, desktop.expires_at, ends_with)


def _lost_meanwhile(listener: Subscriber, desktop: Desktop, ports: DesktopPorts) -> Shape | None:
    """An error, if a release came between the decision and the entry: it would have found nothing to end."""
    if listener.topic.contact_id is None:
        return None
    about = {"contactId": listener.topic.contact_id}
    seen = answered("Query.contact", about, desktop.claims, ports.agent(), ports.refused)
    if seen.get("data") is not None:
        return None
    return seen.get("error") or {"type": "Unauthorized", "message": "contactId: there is no such contact among yours"}


def _wrong(id_: str, message: str) -> Shape:
    return error_frame(id_, {"type": "BadRequest", "message": message})


def _place(location: tuple[int | str, ...]) -> str:
    """Names of fields; what the desktop itself named is not repeated."""
    known = {"action", "id", "fields", "field", "arguments"}
    return ".".join(str(step) if step in known else "*" for step in location) or "message"


class _OnlyId(_Input):
    id: _Id


def _id_in(text: str) -> str | None:
    try:
        return _OnlyId.model_validate_json(text).id
    except ValidationError:
        return None
