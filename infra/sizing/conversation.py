"""What one conversation costs, from its first word until its redacted recording is proven and it is filed."""

from __future__ import annotations

from dataclasses import dataclass

from functions.specs import function_specs
from infra.sizing.costs import costs_a_month
from infra.sizing.load import Load
from infra.sizing.needs import APPSYNC
from infra.sizing.prices import Prices

REDACTS = "redact_recording"
STREAMED_AT_ONCE = 6
"""Parts of a recording that a provider recognises side by side, each no faster than it was spoken."""


@dataclass(frozen=True, slots=True)
class AfterCall:
    """What a conversation asks of AWS once it has ended, by `sotto bench after-call --minutes 10` (harbour_bank, every
    step, filed, its recording redacted; transitions as in ``Load``).

    ``gb_s``, ``invocations``: of all functions but the one that redacts, as long as they ran here. Only audio, vectors
    and the recogniser are reckoned by the minute; the rest is taken for fixed, so that short calls look dearer than
    they are. ``vectors_kb_a_minute``: ten utterances, of 384 numbers each and what is noted beside them.
    ``around_s``: of the redaction before its recogniser has audio and after its last; ``passes``: a second one where
    the first found something private.
    """

    minutes: float = 10.0
    invocations: float = 67.0
    gb_s: float = 21.6
    writes: float = 332.0
    reads: float = 502.0
    puts: float = 5.0
    gets: float = 35.0
    keys: float = 18.0
    vectors_kb_a_minute: float = 20.0
    recording_kb_a_minute: float = 1_875.0  # two channels of 16 bits at 8 kHz
    around_s: float = 5.0
    passes: float = 1.0

    def costs(self, minutes: float, load: Load | None = None, prices: Prices | None = None) -> dict[str, float]:
        """US dollars by what they are paid for, of a conversation of so many minutes; the recogniser is not in it."""
        load, prices = load or Load(), prices or Prices()
        (memory_mb,) = (spec.memory_mb for spec in function_specs() if spec.name == REDACTS)
        redacts_s = self.around_s + self.passes * minutes * 60 / STREAMED_AT_ONCE
        return {
            "Lambda": self.gb_s * prices.lambda_gb_s + self.invocations / 1e6 * prices.lambda_million,
            "Lambda, recording": redacts_s * memory_mb / 1024 * prices.lambda_gb_s,
            "Step Functions": load.after_call_transitions / 1e6 * prices.standard_million,
            "DynamoDB": self.writes / 1e6 * prices.dynamodb_writes_million
            + self.reads / 1e6 * prices.dynamodb_reads_million,
            "S3": self.puts / 1e6 * prices.s3_puts_million + self.gets / 1e6 * prices.s3_gets_million,
            "S3 Vectors": minutes * self.vectors_kb_a_minute / 1e6 * prices.vectors_gb_in,
            "KMS": self.keys / 1e6 * prices.kms_million,
        }

    def recognised_again(self, minutes: float, a_minute: float) -> float:
        """What the recogniser takes for the recording, at so much a minute of call."""
        return self.passes * minutes * a_minute

    def kept(self, minutes: float, months: float, prices: Prices | None = None) -> float:
        """US dollars for its redacted recording, kept so long."""
        return minutes * self.recording_kb_a_minute / 1e6 * months * (prices or Prices()).s3_gb_month


def live(minutes: float, agents: int, load: Load | None = None, prices: Prices | None = None) -> dict[str, float]:
    """US dollars of guidance for a conversation of so many minutes, by service, without the recogniser, where so many
    agents talk: an agent-hour's share, less the work after a call, which is counted by itself."""
    load, prices = load or Load(), prices or Prices()
    month = costs_a_month(agents, load=load, prices=prices, channels=APPSYNC)
    month["Step Functions"] -= (
        agents * load.talk_hours_a_month * 60 / load.call_minutes
        * load.after_call_transitions / 1e6 * prices.standard_million
    )  # fmt: skip
    of_month = minutes / (agents * load.talk_hours_a_month * 60)
    return {service: dollars * of_month for service, dollars in month.items() if service != "Transcribe"}
