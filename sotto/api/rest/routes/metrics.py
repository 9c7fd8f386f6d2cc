"""Figures: what is counted of conversations."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from sotto.api.rest.fields import Id
from sotto.api.rest.route import ApiPorts, Asked, Example, Shown, Wanted, route
from sotto.api.roles import Action
from sotto.realtime.shapes import Shape

Word = Annotated[str, StringConstraints(min_length=1, max_length=256)]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class Metric(Shown):
    name: str
    title: str
    note: str
    unit: str
    good: Literal["high", "low", "neither"]


class KnownMetric(Metric):
    dimensions: list[str]


class Metrics(Shown):
    data: list[KnownMetric]


class MetricPeriod(Wanted):
    """Days in UTC, both included."""

    first: Day
    last: Day


class MetricFilter(Wanted):
    dimension: Word
    values: Annotated[list[Word], Field(min_length=1, max_length=50)]
    without: Annotated[bool, Field(description="All others instead.")] = False


class MetricForm(Wanted):
    metric: Id
    period: MetricPeriod
    dimensions: Annotated[list[Word], Field(max_length=3)] = []
    filters: Annotated[list[MetricFilter], Field(max_length=10)] = []
    compare: Annotated[Literal["nothing", "previous", "year"], Field(description="With which other period.")] = (
        "nothing"
    )
    highest: Annotated[bool | None, Field(description="The highest first, or the lowest (false).")] = None
    limit: Annotated[int, Field(ge=1, le=1_000)] = 1_000


class BehindForm(MetricForm):
    most: Annotated[int, Field(ge=1, le=200)] = 50


class Figure(Shown):
    key: Annotated[list[str | None], Field(description="A value for each dimension.")]
    value: float | None
    counted: Annotated[int, Field(description="How many rows it rests on.")]
    before: float | None


class Figures(Shown):
    metric: Metric
    total: Figure
    figures: list[Figure]
    notes: Annotated[list[str], Field(description="What the figures must not be read without.")]
    synthetic: bool
    missing: list[str]
    chart: Annotated[dict[str, Any], Field(description="A specification of Vega-Lite 6.")]


class Refused(Shown):
    reason: str
    ask: Annotated[list[str], Field(description="What can be asked instead.")]


class AnsweredForm(Shown):
    """How the question was understood: ask for it again with POST /v1/metrics/query, as it is or changed."""

    metric: str
    period: MetricPeriod
    dimensions: list[str]
    filters: list[MetricFilter]
    compare: Literal["nothing", "previous", "week", "year"]
    highest: bool | None
    limit: int


class AnsweredQuestion(Shown):
    form: AnsweredForm | None
    figures: Figures | None
    refused: Annotated[Refused | None, Field(description="Why it was not understood; then nothing is counted.")]


class WantedQuestion(Wanted):
    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class Behind(Shown):
    data: Annotated[list[str], Field(description="Ids of conversations, the latest first.")]


_FORM = {
    "metric": "average_handle_time",
    "period": {"first": "2026-11-01", "last": "2026-11-30"},
    "dimensions": ["team"],
}


@route(
    "GET", "/v1/metrics", action=Action.READ_FIGURES, scope="metrics:read", answers=Metrics,
    example=Example(
        answer={"data": [{
            "name": "moments_noticed", "title": "Moments noticed", "note": "What was noticed of calls.",
            "unit": "count", "good": "neither", "dimensions": ["day", "team"],
        }]},
    ),
)  # fmt: skip
def list_metrics(asked: Asked, ports: ApiPorts) -> Shape:
    """The metrics that can be asked for."""
    catalogue = ports.figures().catalogue(asked.caller.tenant)
    return {
        "data": [
            {
                "name": each.name,
                "title": each.title,
                "note": each.note,
                "unit": each.unit,
                "good": each.good,
                "dimensions": list(each.dimensions),
            }
            for each in catalogue.metrics.values()
        ]
    }


@route(
    "POST", "/v1/metrics/query", action=Action.READ_FIGURES, scope="metrics:read", body=MetricForm, answers=Figures,
    example=Example(
        body=_FORM,
        answer={
            "metric": {
                "name": "average_handle_time", "title": "Average handle time", "note": "Talk, hold and work after it.",
                "unit": "s", "good": "low",
            },
            "total": {"key": [], "value": None, "counted": 0, "before": None},
            "figures": [], "notes": [], "synthetic": False, "missing": [], "chart": {},
        },
    ),
)  # fmt: skip
def query_metric(asked: Asked, ports: ApiPorts) -> Shape:
    """Figures of one metric, of what you may see."""
    from sotto.analytics.query.form import form_from
    from sotto.analytics.query.show import answer_shape
    from sotto.api.analytics.use_cases import figures_of

    wanted: MetricForm = asked.body
    return answer_shape(figures_of(form_from(wanted.model_dump()), asked.caller, ports.figures()))


@route(
    "POST", "/v1/metrics/ask", action=Action.READ_FIGURES, scope="metrics:read", body=WantedQuestion,
    answers=AnsweredQuestion,
    example=Example(
        body={"question": "How is the weather?"},
        answer={"form": None, "figures": None, "refused": {"reason": "not measured", "ask": ["Adoption by team"]}},
    ),
)  # fmt: skip
def ask_metrics(asked: Asked, ports: ApiPorts) -> Shape:
    """A question in words becomes a form over a metric, which is shown and then counted; or it is refused."""
    from sotto.analytics.analyst.understand import Refused as NotUnderstood
    from sotto.analytics.query.form import form_shape
    from sotto.analytics.query.show import answer_shape
    from sotto.api.analytics.use_cases import answered_question

    wanted: WantedQuestion = asked.body
    question = ports.panel().redact(asked.caller.tenant, wanted.question)
    found = answered_question(question, asked.caller, ports.figures())
    if isinstance(found, NotUnderstood):
        return {"form": None, "figures": None, "refused": {"reason": found.reason, "ask": list(found.ask)}}
    return {"form": form_shape(found.form), "figures": answer_shape(found), "refused": None}


@route(
    "POST", "/v1/metrics/behind", action=Action.READ_FIGURES, scope="metrics:read", body=BehindForm, answers=Behind,
    example=Example(body=_FORM | {"most": 5}, answer={"data": []}),
)  # fmt: skip
def list_conversations_behind(asked: Asked, ports: ApiPorts) -> Shape:
    """The conversations behind a figure."""
    from sotto.analytics.query.form import form_from
    from sotto.api.analytics.use_cases import behind_figure

    wanted: BehindForm = asked.body
    form = form_from(wanted.model_dump(exclude={"most"}))
    return {"data": behind_figure(form, asked.caller, ports.figures(), limit=wanted.most)}
