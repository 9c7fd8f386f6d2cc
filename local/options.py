"""What whoever starts the embedded stack may choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from local.aws.connect import ContactEventFaults
from local.aws.connect.chats import SegmentFaults
from local.aws.event_delivery import DeliveryFaults
from local.spans import Spans
from local.writing import Writing
from sotto.core.errors import Rejected
from sotto.core.settings import CHANNELS
from sotto.recognition.recogniser import Recogniser

REPOSITORY = Path(__file__).resolve().parents[1]
METRICS = "metrics.jsonl"
TENANTS = REPOSITORY / "tenants"
RECOGNISERS = ("embedded", "transcript", "transcribe", "deepgram", "self_hosted")

Progress = Callable[[str], None]
Training = Callable[[str, float], None]
"""Gets what is being done, and which share of it is done."""


class UnknownRecogniser(Rejected):
    """``--recogniser`` names one that this stack has not."""


@dataclass(frozen=True, slots=True)
class Options:
    """``port``: of the panel; 0 chooses a free one. ``state``: where trained models and logs are kept between runs.
    ``provider``: a recogniser outside this stack, with credentials of its own. ``channels``: to every tenant's panels;
    the first is the one that a call is watched by. ``writing``: who writes texts; None: nobody.
    ``delivery_faults``: how badly the event bus delivers; ``contact_event_faults``: how badly Connect's events come;
    ``segment_faults``: Contact Lens's segments of chats; ``stream_event_faults``: Voice Connectors' events."""

    port: int = 0
    speed: float = 1.0
    recogniser: str = "embedded"
    provider: Recogniser | None = None
    writing: Writing | None = None
    worker_limit_s: float | None = None
    delivery_faults: DeliveryFaults = field(default_factory=DeliveryFaults)
    contact_event_faults: ContactEventFaults = field(default_factory=ContactEventFaults)
    segment_faults: SegmentFaults = field(default_factory=SegmentFaults)
    stream_event_faults: ContactEventFaults = field(default_factory=lambda: ContactEventFaults(doubled=0.3))
    channels: tuple[str, ...] = CHANNELS[:1]
    state: Path = REPOSITORY / ".sotto"
    tenants: Path = TENANTS
    metrics: Path | None = None
    """What functions write as metrics in this run; by default ``metrics.jsonl`` among the state."""
    spans: Spans | None = None
    """Records who does what when."""
    progress: Progress = field(default=lambda line: None)
    patience: float = 1.0
    """By how much functions' time-outs are longer than deployed, where many calls share few processors."""
    recognises_recordings: bool = True
    """Whether recordings are recognised by the embedded recogniser even of calls whose words a transcript says."""
    training: Training | None = None
    """Watches adapters being trained behind the calls; None: what is at hand will do, and none is trained."""

    def __post_init__(self) -> None:
        """Raises UnknownRecogniser."""
        if self.recogniser not in RECOGNISERS:
            raise UnknownRecogniser(f"--recogniser {self.recogniser!r}: use one of {', '.join(RECOGNISERS)}")

    @property
    def metrics_file(self) -> Path:
        return self.metrics or self.state / METRICS
