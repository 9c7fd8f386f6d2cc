"""What somebody is called for while calls are guided; each alarm has its page in docs/runbook."""

from __future__ import annotations

import math
from collections.abc import Iterator

from aws_cdk.aws_sns import ITopic
from constructs import Construct

from infra.building_blocks.alarm import RunbookAlarm, Trouble
from infra.building_blocks.aws_metrics import AwsMetrics
from infra.building_blocks.measured import CellMetrics, total
from infra.deployment import Cell, Region
from infra.sizing import GET_DATA_ENDPOINT_A_SECOND, transcribe_streams
from sotto.core.metrics import measure
from sotto.core.metrics.stages import BUDGET_MS, OUR_BUDGET_MS

GUIDANCE_LATE_MS = 500
"""Of the 1.5 s from the last spoken word to the screen, Kinesis Video takes about 1 s: all models have the rest."""
NEAR = 0.8
"""Of a quota or of what was planned for."""
UNSURE_PERCENT = 65
"""The sample calls with the embedded recogniser: 87 on a clean line, 70 with people talking at 10 dB, where three words
of ten are wrong."""
DIRECTORY_OLD_MS = 86_400_000
"""As sotto.contacts.directory says of an old one."""
ANSWERS_LATE_MS = 1_000
"""An agent who asks for a call's history looks at an empty panel meanwhile."""
_REFUSED_A_MINUTE_PER_CALL = 0.1
_FEWEST_REFUSED = 20


class CallAlarms(Construct):
    def __init__(
        self, scope: Construct, id: str, *, cell: Cell, region: Region, aws: AwsMetrics, topic: ITopic
    ) -> None:
        super().__init__(scope, id)
        ours = CellMetrics(cell)
        troubles = [*_of_recognition(ours, aws), *_of_guidance(ours, aws), *_of_limits(ours, aws, region)]
        troubles += _after_calls(ours, aws)
        if aws.desktops is not None:
            troubles += _of_desktops(aws, region)
        for trouble in troubles:
            RunbookAlarm(self, trouble.name, prefix=cell.prefix, trouble=trouble, topic=topic)


def _of_recognition(ours: CellMetrics, aws: AwsMetrics) -> Iterator[Trouble]:
    unavailable = ours.of(measure.GUIDANCE_ASKED, outcome="unavailable")
    yield Trouble("guidance-unavailable", "Calls begin without guidance.", unavailable, 1)
    yield Trouble("audio-worker-failed", "Audio workers crash.", aws.function("transcribe_call", "Errors"), 1, 5, 1)
    yield Trouble("media-failures", "Media streams cannot be read.", ours.of(measure.MEDIA_FAILURES), 5)
    yield Trouble("transcript-stalled", "Speech brings no text.", ours.of(measure.TRANSCRIPT_STALLED), 1, 5, 1)
    yield Trouble("recogniser-lost", "Recognisers drop calls.", ours.of(measure.RECOGNISER_LOST), 5)
    sure = ours.of(measure.RECOGNISER_CONFIDENCE, "Average")
    yield Trouble("recogniser-unsure", "Recognisers doubt their words.", sure, UNSURE_PERCENT, 15, 10, falls=True)
    failures = ours.of(measure.REDACTION_FAILURES)
    age = ours.of(measure.DIRECTORY_AGE, "Maximum")
    yield Trouble("directory-old", "Agents and queues are known by old names.", age, DIRECTORY_OLD_MS, 60, 1)
    yield Trouble("redaction-failed", "Texts are withheld: redaction fails on them.", failures, 1, 1, 1)
    yield Trouble("handover-failed", "Handovers fail.", ours.of(measure.HANDOVERS, outcome="failed"), 1, 5, 1)


def _of_guidance(ours: CellMetrics, aws: AwsMetrics) -> Iterator[Trouble]:
    to_screen = ours.of(measure.WORD_TO_SCREEN, "p95")
    yield Trouble("over-budget", "Words take too long to guidance.", to_screen, BUDGET_MS)
    round_ms = aws.function("orchestrate_utterance", "Duration", "p95")
    yield Trouble("guidance-late", "Guidance comes late.", round_ms, GUIDANCE_LATE_MS)
    own = ours.of(measure.GUIDANCE_LATENCY, "p95")
    yield Trouble("our-code-late", "Our own code takes too long.", own, OUR_BUDGET_MS, 15, 10)
    yield Trouble("guidance-failed", "Utterances go without guidance.", aws.rounds_failed(), 1)
    yield Trouble("models-failing", "Models do not answer in time.", ours.of(measure.MODELS_FAILED), 20)
    yield Trouble("publish-failed", "Panels miss what was found.", ours.of(measure.PUBLISH_FAILED), 5)
    yield Trouble("agents-api-errors", "The panel's API fails.", aws.api("5XXError", "Sum"), 5)
    yield Trouble("isolation-denied", "A tenant's limits were met.", ours.of(measure.ISOLATION_DENIED), 1, 1, 1)


def _of_limits(ours: CellMetrics, aws: AwsMetrics, region: Region) -> Iterator[Trouble]:
    planned = max(1, math.floor(NEAR * region.calls))
    streams = max(1, math.floor(NEAR * transcribe_streams(region.calls)))
    connections = NEAR * GET_DATA_ENDPOINT_A_SECOND * 60
    for group, failed in enumerate(aws.failed_events_in_groups()):
        yield Trouble("failed-events", "Events were given up.", failed, 1, 1, 1, group)
    for group, undelivered in enumerate(aws.undelivered_events_in_groups()):
        yield Trouble("events-undelivered", "Events reached no consumer.", undelivered, 1, 1, 1, group=group)
    for group, throttles in enumerate(aws.functions_in_groups("Throttles")):
        yield Trouble("functions-throttled", "Functions are throttled.", throttles, 1, group=group)
    yield Trouble("calls-near-limit", "More calls than planned for.", aws.calls_at_once(), planned, 5, 5)
    live = ours.of(measure.LIVE_CALLS)
    yield Trouble("transcribe-quota-near", "Streams near Transcribe's quota.", live, streams, 5, 3)
    opened = ours.of(measure.MEDIA_CONNECTIONS)
    yield Trouble("kvs-quota-near", "Connections near Kinesis Video's quota.", opened, connections, 5, 1)


def _after_calls(ours: CellMetrics, aws: AwsMetrics) -> Iterator[Trouble]:
    yield Trouble("after-call-step-failed", "Steps after calls fail.", ours.of(measure.AFTER_CALL_FAILED), 1, 5, 1)
    yield Trouble("after-call-failed", "Work after calls is not done.", aws.after_call_failed(), 1, 5, 1)


def _of_desktops(aws: AwsMetrics, region: Region) -> Iterator[Trouble]:
    """Of the second channel. A token that has expired is refused once and fetched anew: a few refusals are daily."""
    refused = max(_FEWEST_REFUSED, round(_REFUSED_A_MINUTE_PER_CALL * region.calls))
    errors = total([aws.desktops_api(each) for each in ("IntegrationError", "ExecutionError")], "errors")
    late = aws.function("serve_connection", "Duration", "p95")
    yield Trouble("desktops-failing", "Functions behind the WebSocket API fail.", aws.desktop_functions("Errors"), 5)
    yield Trouble("desktops-throttled", "They are throttled.", aws.desktop_functions("Throttles"), 1)
    yield Trouble("desktops-late", "Desktops are answered late.", late, ANSWERS_LATE_MS)
    yield Trouble("desktops-api-errors", "The WebSocket API fails.", errors, 5)
    yield Trouble("desktops-refused", "The WebSocket API refuses.", aws.desktops_api("ClientError"), refused)
