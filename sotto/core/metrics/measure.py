"""What Sotto measures of itself: every metric by name, unit and dimensions. Dashboards and alarms are made of these.

Dimensions are few and bounded: the cell (tenants that share functions), the tenant, and what ``by`` names. Contacts,
agents, callers and words are none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

NAMESPACE = "Sotto"
CELL, TENANT = "cell", "tenant"


class Unit(StrEnum):
    """CloudWatch's names."""

    COUNT = "Count"
    MS = "Milliseconds"
    SECONDS = "Seconds"
    BYTES = "Bytes"
    NONE = "None"


@dataclass(frozen=True, slots=True)
class Measure:
    """``by``: dimensions beside cell and tenant. ``total``: also without them, for alarms that watch the sum.

    What is counted (COUNT, SECONDS, NONE) is summed before it is written; of times and sizes each value is kept, so
    that CloudWatch can compute percentiles. ``each``: values of a count are kept, too.
    """

    name: str
    unit: Unit
    by: tuple[str, ...] = ()
    total: bool = False
    each: bool = False

    @property
    def keeps_values(self) -> bool:
        return self.each or self.unit in (Unit.MS, Unit.BYTES)

    def dimension_sets(self, *, of_tenant: bool) -> list[list[str]]:
        sets = [[CELL, *self.by]]
        if of_tenant:
            sets.append([CELL, TENANT, *self.by])
        if self.total and self.by:
            sets.append([CELL])
        return sets


GUIDANCE_ASKED = Measure("GuidanceAsked", Unit.COUNT, ("outcome",))
CUSTOMERS_LOOKED_UP = Measure("CustomersLookedUp", Unit.COUNT, ("outcome",))
CONSENT_DECISIONS = Measure("ConsentDecisions", Unit.COUNT, ("decision",))

DIRECTORY_AGE = Measure("DirectoryAge", Unit.MS)
"""Of each Connect instance's directory after every try to synchronise it: since the last that came to its end."""
DIRECTORY_SYNCHRONISED = Measure("DirectorySynchronised", Unit.COUNT, ("outcome",))
AGENTS_LEFT = Measure("AgentsLeft", Unit.COUNT)

LIVE_CALLS = Measure("LiveCalls", Unit.COUNT)
"""Each audio worker counts one in each minute of the clock: a minute's sum is the calls at once."""
AUDIO_RECEIVED = Measure("AudioReceived", Unit.SECONDS)
CHUNK_DELAY = Measure("ChunkDelay", Unit.MS)
"""From the end of a chunk's speech until the recogniser was given it; one chunk a second is looked at."""
MEDIA_CONNECTIONS = Measure("MediaConnections", Unit.COUNT)
MEDIA_RECONNECTS = Measure("MediaReconnects", Unit.COUNT)
MEDIA_FAILURES = Measure("MediaFailures", Unit.COUNT)
MEDIA_GAPS = Measure("MediaGaps", Unit.SECONDS)
"""Audio that never came and was filled with silence, both sides together; a side that has not begun counts too."""
FOREIGN_FRAGMENTS = Measure("ForeignFragments", Unit.COUNT)
UTTERANCES = Measure("Utterances", Unit.COUNT, ("speaker",))
REDACTIONS = Measure("Redactions", Unit.COUNT, ("kind",))
REDACTION_FAILURES = Measure("RedactionFailures", Unit.COUNT, ("error",), total=True)
"""Texts withheld because redaction, or what follows it, failed on them; ``error`` as in sotto.redaction.withheld."""
RECOGNISER_LOST = Measure("RecogniserLost", Unit.COUNT, ("provider",), total=True)
RECOGNISER_CONFIDENCE = Measure("RecogniserConfidence", Unit.COUNT, ("provider",), total=True, each=True)
"""Of each final: the mean of its words, in percent, as the provider says it."""
INTERIM_CHURN = Measure("InterimChurn", Unit.COUNT, ("provider",), total=True, each=True)
"""Of each final: how many percent of the words that its interims showed the next result changed or took back."""
AUDIO_REPLAYED = Measure("AudioReplayed", Unit.MS, ("provider",))
TRANSCRIPT_STALLED = Measure("TranscriptStalled", Unit.COUNT, ("provider",), total=True)
HANDOVERS = Measure("Handovers", Unit.COUNT, ("outcome",))
"""``ok``: the successor has the contact. ``failed``: one could not be started, or never came level. ``fenced``: another
worker had taken the contact unasked."""
WORKERS_ENDED = Measure("WorkersEnded", Unit.COUNT, ("how",))
PUBLISH_FAILED = Measure("PublishFailed", Unit.COUNT, ("what",), total=True)

STAGE_LATENCY = Measure("StageLatency", Unit.MS, ("stage",))
GUIDANCE_LATENCY = Measure("GuidanceLatency", Unit.MS)
"""All of our own code: from the recogniser's final in hand until guidance was handed to the channel."""
WORD_TO_SCREEN = Measure("WordToScreen", Unit.MS)
"""From the last spoken word until guidance was handed to the channel: what the budget of 1.5 s is about."""
ANNOTATIONS = Measure("Annotations", Unit.COUNT, ("kind",))

MODEL_LATENCY = Measure("ModelLatency", Unit.MS, ("model",))
MODEL_ANSWERS = Measure("ModelAnswers", Unit.COUNT, ("model", "outcome"))
MODELS_FAILED = Measure("ModelsFailed", Unit.COUNT)
"""Answers that were late, degraded or missing, of all models."""
GENERATION_LATENCY = Measure("GenerationLatency", Unit.MS, ("task", "provider"))
PROMPT_TOKENS = Measure("PromptTokens", Unit.COUNT, ("task", "provider"))
COMPLETION_TOKENS = Measure("CompletionTokens", Unit.COUNT, ("task", "provider"))
BUDGET_PERCENTS = (50, 80, 100)
"""Of a budget, at which an alarm is raised."""
BUDGET_CROSSED = Measure("BudgetCrossed", Unit.COUNT, ("percent",), total=True)
"""A tenant's budget for language models has come to 50, 80 or 100 percent; once a month each."""
BUDGET_LEASE_LEFT = Measure("BudgetLeaseLeft", Unit.COUNT)
"""What a text came to could not be noted; its lease holds it until it expires."""
GENERATION_COST = Measure("GenerationCostUsd", Unit.NONE, ("task", "provider"))

REQUESTS_REFUSED = Measure("RequestsRefused", Unit.COUNT, ("error",))
ALERTS_SENT = Measure("AlertsSent", Unit.COUNT, ("channel", "outcome"))
"""E-mails and webhooks of alerts, by what became of them."""
WEBHOOKS = Measure("Webhooks", Unit.COUNT, ("outcome",))
"""Attempts, by what became of them; and endpoints that were disabled."""
ISOLATION_DENIED = Measure("IsolationDenied", Unit.COUNT, ("service",), total=True)
"""AWS refused what a function asked while it acted as a tenant."""

ADAPTERS_RESIDENT = Measure("AdaptersResident", Unit.COUNT, each=True)
ADAPTER_LOAD = Measure("AdapterLoad", Unit.MS)
ADAPTER_BYTES = Measure("AdapterBytes", Unit.BYTES)
EVICTIONS = Measure("AdapterEvictions", Unit.COUNT)
SHARD_QUEUE = Measure("ShardQueue", Unit.COUNT, each=True)
BATCH_SIZE = Measure("BatchSize", Unit.COUNT, each=True)
BATCH_PASSES = Measure("BatchPasses", Unit.COUNT, ("mode",))
SHARD_LATENCY = Measure("ShardLatency", Unit.MS)
SHARD_ANSWERS = Measure("ShardAnswers", Unit.COUNT, ("status",))
"""One for each model of a wave; how many requests there were, ShardLatency counts."""
SHARD_RESTARTS = Measure("ShardRestarts", Unit.COUNT)

HOSTED_SESSIONS = Measure("HostedSessions", Unit.COUNT, each=True)
"""At once, of one instance of the self-hosted recogniser, looked at every ten seconds."""
HOSTED_LOAD = Measure("HostedLoad", Unit.COUNT, each=True)
"""The same in percent of what the instance admits: the endpoint is scaled by its average."""
HOSTED_REFUSED = Measure("HostedRefused", Unit.COUNT, ("reason",), total=True)
HOSTED_SESSIONS_ENDED = Measure("HostedSessionsEnded", Unit.COUNT, ("outcome",))
HOSTED_AUDIO = Measure("HostedAudio", Unit.SECONDS)
HOSTED_BEHIND = Measure("HostedBehind", Unit.MS)
"""Of each session: the most audio that waited to be transcribed."""
HOSTED_FINAL = Measure("HostedFinal", Unit.MS)
"""From a chunk's turn until the final that it brought was out."""
HOSTED_WAITING = Measure("HostedWaiting", Unit.MS)
"""How long what has waited longest has waited for a pass."""
HOSTED_BATCH = Measure("HostedBatch", Unit.COUNT, each=True)
GATEWAY_SESSIONS = Measure("GatewaySessions", Unit.COUNT, each=True)
"""Connections of telephone systems at once, of one task of the media gateway, looked at every ten seconds."""
GATEWAY_SESSIONS_ENDED = Measure("GatewaySessionsEnded", Unit.COUNT, ("outcome",), total=True)
"""``over``; ``broke-off`` without an end; ``lost``: its audio could not be stored; ``refused``, ``no-call``."""
GATEWAY_REFUSED = Measure("GatewayRefused", Unit.COUNT, ("reason",), total=True)
"""Handshakes."""
GATEWAY_BLOCK = Measure("GatewayBlock", Unit.MS)
"""From the arrival of a block's last byte until the block was written to its stream."""
AFTER_CALL_STEPS = Measure("AfterCallSteps", Unit.COUNT, ("step", "outcome"))
"""Steps of the work after a call: ``done``, ``nothing`` (there was nothing to do), ``failed``."""
AFTER_CALL_FAILED = Measure("AfterCallFailed", Unit.COUNT, ("step",), total=True)
RECORDINGS = Measure("Recordings", Unit.COUNT, ("outcome",), total=True)
"""Recordings that were settled: ``redacted``, or why one is not published (sotto.recordings.record.Why)."""
RECORDINGS_SUSPENDED = Measure("RecordingsSuspended", Unit.COUNT, ("outcome",))
"""Suspensions of Connect's recording: ``suspended``, ``resumed``, ``refused``, ``overdue`` (resumed by the sweep)."""
CALLS_FILED = Measure("CallsFiled", Unit.COUNT, ("kind", "outcome"))
"""Attempts to file a call in a system of record, by its kind: ``filed``, ``ambiguous`` (the agent chooses), ``pending``
(it did not answer), ``failed`` (it refuses)."""
OUTCOMES_TAKEN = Measure("OutcomesTaken", Unit.COUNT, ("kind",))

MEASURES: Mapping[str, Measure] = {each.name: each for each in list(globals().values()) if isinstance(each, Measure)}
