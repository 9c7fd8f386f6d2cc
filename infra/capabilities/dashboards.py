"""How calls fare, for a cell and for each tenant in it. Every widget shows metrics that code writes or AWS does."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk.aws_cloudwatch import (
    Color,
    Dashboard,
    GraphWidget,
    HorizontalAnnotation,
    IMetric,
    IWidget,
    MathExpression,
    Metric,
    SingleValueWidget,
    TextWidget,
)
from constructs import Construct

from functions.specs import of_channel
from infra.building_blocks.aws_metrics import AwsMetrics
from infra.building_blocks.measured import CellMetrics
from infra.deployment import Cell
from infra.sizing import Prices
from sotto.core.metrics import measure
from sotto.core.metrics.measure import Measure
from sotto.core.metrics.stages import ALL, BUDGET_MS

_WIDE, _HALF, _THIRD = 24, 12, 8
_HOUR = Duration.hours(1)
PERCENTILES = ("p50", "p90", "p99")


class CellDashboard(Dashboard):
    def __init__(self, scope: Construct, id: str, *, cell: Cell, aws: AwsMetrics) -> None:
        super().__init__(scope, id, dashboard_name=f"{cell.prefix}calls".replace("_", "-"))
        ours = CellMetrics(cell)
        title = f"# Sotto: {cell.title}, {cell.region}\nTenants: {', '.join(cell.tenants)}"
        self.add_widgets(TextWidget(markdown=title, width=_WIDE, height=2))
        self.add_widgets(
            _now("Live calls", ours.of(measure.LIVE_CALLS)),
            _now("Last word to guidance, p95 (ms)", ours.of(measure.WORD_TO_SCREEN, "p95")),
            _now("Failed events", aws.failed_events()),
        )
        for row in (_latency(ours), _audio(ours), _recognising(ours), _models(ours), _shard(ours)):
            self.add_widgets(*row)
        self.add_widgets(
            _graph("Guidance asked for", [ours.every(measure.GUIDANCE_ASKED)]),
            _graph(
                "Refused, not published",
                [ours.of(each) for each in (measure.PUBLISH_FAILED, measure.ISOLATION_DENIED)],
            ),
        )
        self.add_widgets(
            _graph("Requests of panels refused", [ours.every(measure.REQUESTS_REFUSED)]),
            _graph(
                "Errors of AWS's parts", [aws.functions("Errors"), aws.api("5XXError", "Sum"), aws.machines_failed()]
            ),
        )
        self.add_widgets(
            _graph("One utterance, all waves (ms)", _rounds(aws)),
            _graph("Panel's API (ms)", [aws.api("Latency", "p95")]),
        )
        if cell.recognises_with("self_hosted"):
            self.add_widgets(*_hosted(ours))
        if aws.desktops is not None:
            self.add_widgets(*_desktops(aws))
        self.add_widgets(*_cost(ours))


class TenantDashboard(Dashboard):
    def __init__(self, scope: Construct, id: str, *, cell: Cell, tenant: str) -> None:
        super().__init__(scope, id, dashboard_name=f"{cell.prefix}tenant-{tenant}".replace("_", "-"))
        ours = CellMetrics(cell, tenant)
        self.add_widgets(TextWidget(markdown=f"# Sotto: {tenant}, {cell.region}", width=_WIDE, height=1))
        self.add_widgets(
            _now("Live calls", ours.of(measure.LIVE_CALLS)),
            _now("Last word to guidance, p95 (ms)", ours.of(measure.WORD_TO_SCREEN, "p95")),
            _now("Utterances a minute", ours.every(measure.UTTERANCES)),
        )
        for row in (_latency(ours), _audio(ours), _recognising(ours), _models(ours)):
            self.add_widgets(*row)
        self.add_widgets(
            _graph("Guidance given", [ours.every(measure.ANNOTATIONS)]),
            _graph("Consent", [ours.every(measure.CONSENT_DECISIONS)]),
        )
        self.add_widgets(
            _graph("Private data masked, by kind", [ours.every(measure.REDACTIONS)]),
            _graph("Text generated (ms)", [ours.every(measure.GENERATION_LATENCY, "p90")]),
        )
        self.add_widgets(*_cost(ours))


def _rounds(aws: AwsMetrics) -> list[IMetric]:
    """Those that one function runs, and what it hands over."""
    direct = [
        aws.function("orchestrate_utterance", "Duration", each).with_(label=f"direct {each}") for each in PERCENTILES
    ]
    return [*direct, aws.machine("ExecutionTime", "p90").with_(label="handed over p90")]


def _latency(ours: CellMetrics) -> tuple[IWidget, IWidget]:
    budget = HorizontalAnnotation(value=BUDGET_MS, label="budget, p95", color=Color.RED)
    stages = [ours.of(measure.STAGE_LATENCY, "p95", stage=stage) for stage in ALL]
    own = ours.of(measure.GUIDANCE_LATENCY, "p95", label="our code p95")
    to_screen = [*_percentiles(ours, measure.WORD_TO_SCREEN), own]
    return (
        _graph("Stages, p95 (ms), one upon the other", stages, stacked=True, lines=[budget]),
        _graph("Last spoken word to guidance (ms)", to_screen, lines=[budget]),
    )


def _audio(ours: CellMetrics) -> tuple[IWidget, IWidget]:
    media = (measure.MEDIA_RECONNECTS, measure.MEDIA_FAILURES, measure.FOREIGN_FRAGMENTS)
    outcomes = [ours.of(measure.HANDOVERS, outcome=each) for each in ("ok", "failed", "fenced", "unfinished")]
    return (
        _graph("Media streams", [ours.of(each, label=each.name) for each in media]),
        _graph("Handovers", outcomes),
    )


def _recognising(ours: CellMetrics) -> tuple[IWidget, ...]:
    lost = ours.every(measure.RECOGNISER_LOST, named="lost")
    stalled = ours.every(measure.TRANSCRIPT_STALLED, named="stalled")
    sure = ours.every(measure.RECOGNISER_CONFIDENCE, "Average", named="sure")
    churn = ours.every(measure.INTERIM_CHURN, "Average", named="taken back")
    return (
        _graph("Recogniser lost, transcript stalled", [lost, stalled], _THIRD),
        _graph("Sure of finals, words of interims taken back (%)", [sure, churn], _THIRD),
        _graph("Audio until the recogniser has it (ms)", _percentiles(ours, measure.CHUNK_DELAY), _THIRD),
    )


def _models(ours: CellMetrics) -> tuple[IWidget, IWidget]:
    return (
        _graph("Models, p95 (ms)", [ours.every(measure.MODEL_LATENCY, "p95")]),
        _graph("Answers late, degraded or missing", [ours.of(measure.MODELS_FAILED, label="failed")]),
    )


def _shard(ours: CellMetrics) -> tuple[IWidget, ...]:
    resident = ours.of(measure.ADAPTERS_RESIDENT, "Maximum", label="resident")
    loading = ours.of(measure.ADAPTER_LOAD, "p90", label="load p90")
    batches = [
        ours.of(measure.SHARD_QUEUE, "p99", label="queue p99"),
        ours.of(measure.BATCH_SIZE, "Average", label="batch size"),
        ours.of(measure.SHARD_RESTARTS, label="restarts"),
    ]
    return (
        _graph("Adapters resident", [resident, ours.of(measure.EVICTIONS, label="evicted")], _THIRD),
        _graph("Shard (ms)", [*_percentiles(ours, measure.SHARD_LATENCY), loading], _THIRD),
        _graph("Queue and batches", batches, _THIRD),
    )


def _hosted(ours: CellMetrics) -> tuple[IWidget, ...]:
    """The self-hosted recogniser."""
    busy = [
        ours.of(measure.HOSTED_LOAD, "Average", label="of what instances admit (%)"),
        ours.of(measure.HOSTED_BATCH, "Average", label="readings a pass"),
    ]
    ended = ours.every(measure.HOSTED_SESSIONS_ENDED, named="ended")
    late = [ours.of(each, "p95", label=f"{each.name} p95") for each in (measure.HOSTED_FINAL, measure.HOSTED_BEHIND)]
    return (
        _graph("Self-hosted recogniser: load", busy, _THIRD),
        _graph("Its sessions", [ended, ours.every(measure.HOSTED_REFUSED, named="refused")], _THIRD),
        _graph("Finals, audio waiting (ms)", late, _THIRD),
    )


def _desktops(aws: AwsMetrics) -> tuple[IWidget, ...]:
    refused = [aws.desktops_api(each) for each in ("ClientError", "IntegrationError", "ExecutionError")]
    failed = [aws.desktop_functions(each) for each in ("Errors", "Throttles")]
    functions = [spec.name for spec in of_channel("websocket").functions]
    late = [aws.function(name, "Duration", "p95").with_(label=name) for name in functions]
    return (
        _graph("WebSocket API", [aws.desktops_api(each) for each in ("ConnectCount", "MessageCount")], _THIRD),
        _graph("Its errors, and its functions'", [*refused, *failed], _THIRD),
        _graph("Its functions, p95 (ms)", late, _THIRD),
    )


def _cost(ours: CellMetrics) -> tuple[IWidget, IWidget]:
    """Audio at Transcribe's dearest tier, and what generated text was reported to cost."""
    a_second = Prices().transcribe_minutes[0][1] / 60
    received = ours.of(measure.AUDIO_RECEIVED).with_(period=_HOUR)
    recognised = MathExpression(
        expression=f"FILL(received, 0) * {a_second:.6f}",
        using_metrics={"received": received},
        label="recognised, first tier",
        period=_HOUR,
    )
    prompts = ours.every(measure.PROMPT_TOKENS, named="read")
    written = ours.every(measure.COMPLETION_TOKENS, named="written")
    return (
        _graph("Cost an hour (US dollars)", [recognised, ours.every(measure.GENERATION_COST, named="generated")]),
        _graph("Tokens", [prompts, written]),
    )


def _percentiles(ours: CellMetrics, measure: Measure) -> list[Metric]:
    return [ours.of(measure, each, label=each) for each in PERCENTILES]


def _now(title: str, shown: IMetric) -> SingleValueWidget:
    return SingleValueWidget(title=title, metrics=[shown], width=_THIRD)


def _graph(
    title: str,
    metrics: Sequence[IMetric],
    width: int = _HALF,
    *,
    stacked: bool = False,
    lines: Sequence[HorizontalAnnotation] = (),
) -> GraphWidget:
    return GraphWidget(title=title, left=list(metrics), width=width, stacked=stacked, left_annotations=list(lines))
