"""Figures on the manager's app: what can be asked, a form or a question answered, the conversations behind a figure.
Who may see which is asked where they are counted (sotto.api.analytics.access)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import Field, field_validator

from sotto.api.caller import Caller, Unauthorised
from sotto.api.panel.ports import AgentPorts
from sotto.api.panel.request_models import BadRequest, RequestModel

Text = Annotated[str, Field(max_length=256)]
MOST_ON_A_PAGE = 100
LONGEST_QUESTION = 500


class FormPeriod(RequestModel):
    first: Text
    last: Text


class FormFilter(RequestModel):
    dimension: Text
    values: Annotated[tuple[Text, ...], Field(max_length=50)]
    without: bool = False


class FigureForm(RequestModel):
    """As the schema has it; sotto.analytics.query.form says what of it is right."""

    metric: Text
    period: FormPeriod
    dimensions: Annotated[tuple[Text, ...], Field(max_length=10)] = ()
    filters: Annotated[tuple[FormFilter, ...], Field(max_length=10)] = ()
    compare: Text = "nothing"
    highest: bool | None = None
    limit: int | None = None

    @field_validator("dimensions", "filters", mode="before")
    @classmethod
    def _left_out(cls, written: Any) -> Any:
        return () if written is None else written

    @field_validator("compare", mode="before")
    @classmethod
    def _as_kept(cls, written: Any) -> Any:
        return "nothing" if written is None else written.lower() if isinstance(written, str) else written

    def written(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class AboutForm(RequestModel):
    form: FigureForm


class FigureQuestion(RequestModel):
    question: Annotated[str, Field(max_length=LONGEST_QUESTION)]
    before: FigureForm | None = None


class AboutFigure(AboutForm):
    first: Annotated[int, Field(ge=1, le=MOST_ON_A_PAGE)] = 25
    after: Annotated[str, Field(max_length=500)] | None = None


def metrics(asked: RequestModel, caller: Caller, ports: AgentPorts) -> dict[str, Any]:
    return _asked({"ask": "metrics"}, caller, ports)


def anomalies(asked: RequestModel, caller: Caller, ports: AgentPorts) -> dict[str, Any]:
    return _asked({"ask": "anomalies"}, caller, ports)


class AboutDrift(RequestModel):
    days: Annotated[int, Field(ge=1, le=28)] = 7


def drift(asked: AboutDrift, caller: Caller, ports: AgentPorts) -> dict[str, Any]:
    return _asked({"ask": "drift", "days": asked.days}, caller, ports)


class AboutCoaching(RequestModel):
    period: FormPeriod
    team: Text | None = None


def coaching(asked: AboutCoaching, caller: Caller, ports: AgentPorts) -> dict[str, Any]:
    request = {"ask": "coaching", "first": asked.period.first, "last": asked.period.last, "team": asked.team}
    return _asked(request, caller, ports)


def figure(asked: AboutForm, caller: Caller, ports: AgentPorts) -> dict[str, Any]:
    return _as_schema(_asked({"ask": "figure", "form": asked.form.written()}, caller, ports))


def ask_figures(asked: FigureQuestion, caller: Caller, ports: AgentPorts) -> dict[str, Any]:
    before = None if asked.before is None else asked.before.written()
    question = ports.redact(caller.tenant, asked.question)
    found = _asked({"ask": "question", "question": question, "before": before}, caller, ports)
    return found if found["figure"] is None else found | {"figure": _as_schema(found["figure"])}


def conversations_behind(asked: AboutFigure, caller: Caller, ports: AgentPorts) -> dict[str, Any]:
    request = {"ask": "conversations", "form": asked.form.written(), "first": asked.first, "after": asked.after}
    found = _asked(request, caller, ports)
    return found | {"conversations": [_readable(each, caller, ports) for each in found["conversations"]]}


def _asked(request: dict[str, Any], caller: Caller, ports: AgentPorts) -> dict[str, Any]:
    """Raises Unauthorised, BadRequest, Retryable."""
    claims = {
        "tenant": caller.tenant,
        "agent": caller.agent,
        "role": caller.role.value,
        "teams": sorted(caller.teams),
    }
    answer = ports.figures.ask({**request, "claims": claims})
    if (error := answer.get("error")) is None:
        found: dict[str, Any] = answer["data"]
        return found
    raise Unauthorised(error["message"]) if error["type"] == "Unauthorized" else BadRequest(error["message"])


def _as_schema(found: dict[str, Any]) -> dict[str, Any]:
    form = found["form"]
    return found | {"form": form | {"compare": form["compare"].upper()}}


def _readable(row: dict[str, Any], caller: Caller, ports: AgentPorts) -> dict[str, Any]:
    """Facts are kept longer than calls, and made-up ones never had any."""
    contact = ports.conversations.contact(caller.tenant, row["conversationId"])
    return row | {"isReadable": contact is not None and not contact.erased and caller.may_read(contact)}


FIELDS: Mapping[str, tuple[type[RequestModel], Callable[[Any, Caller, AgentPorts], Any]]] = {
    "Query.metrics": (RequestModel, metrics),
    "Query.anomalies": (RequestModel, anomalies),
    "Query.drift": (AboutDrift, drift),
    "Query.coaching": (AboutCoaching, coaching),
    "Query.figure": (AboutForm, figure),
    "Query.askFigures": (FigureQuestion, ask_figures),
    "Query.conversationsBehind": (AboutFigure, conversations_behind),
}
