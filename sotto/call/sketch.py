"""What a model made of the customer's utterances of a call, added up: by it drift is found, without a word."""

from __future__ import annotations

import base64
from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CallSketch:
    """``labels``: utterances by label; ``none``: with no label; ``sure``: by the likeliest label's share, in ten bins;
    ``doubt``: entropies of the shares, in nats, added up; ``right``: likeliest shares added up: as many answers are to
    be expected right. ``meaning``: of each random cosine the mean over utterances times 127, a signed byte each, in
    base64 (model_containers.shard.encoder.sketch). ``through_seq``: the last utterance that is in it."""

    tenant: str
    contact_id: str
    version: str
    utterances: int
    none: int
    doubt: float
    right: float
    meaning: str
    labels: Mapping[str, int] = field(default_factory=dict)
    sure: tuple[int, ...] = ()
    through_seq: int = 0

    def plus(self, other: CallSketch) -> CallSketch:
        """Of the same call and version."""
        both = self.utterances + other.utterances
        pairs = zip(bytes_in(self.meaning), bytes_in(other.meaning), strict=True)
        means = [round((one * self.utterances + two * other.utterances) / both) for one, two in pairs]
        return CallSketch(
            self.tenant,
            self.contact_id,
            self.version,
            both,
            self.none + other.none,
            self.doubt + other.doubt,
            self.right + other.right,
            base64.b64encode(array("b", means).tobytes()).decode(),
            dict(Counter(self.labels) + Counter(other.labels)),
            tuple(map(sum, zip(self.sure, other.sure, strict=True))),
            max(self.through_seq, other.through_seq),
        )


def bytes_in(meaning: str) -> array[int]:
    return array("b", base64.b64decode(meaning))
