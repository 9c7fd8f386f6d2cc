"""What a head learns from: example phrases by label, and the labels' own names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from model_containers.shard.heads.classifier import NONE_OF_THESE
from model_containers.trainer.examples.tenant_files import Phrases
from model_containers.trainer.heads.fitting import Targets

_WORDS = re.compile(r"[^\W\d_]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
SHORTEST = 3
"""Letters of a word that says something: "i12" and "x_7" are numbers, not names."""


@dataclass(frozen=True, slots=True)
class Examples:
    """``targets``: places in ``labels``, shape (texts,). ``is_utterance``: False for the name of a label, which is
    learned from as one more phrase, but is nothing that a caller says, so nothing is judged by it."""

    texts: tuple[str, ...]
    targets: Targets
    labels: tuple[str, ...]
    is_utterance: npt.NDArray[np.bool_]

    def only(self, places: Sequence[int]) -> Examples:
        kept = np.array(places, dtype=np.int64)
        return replace(
            self,
            texts=tuple(self.texts[i] for i in places),
            targets=self.targets[kept],
            is_utterance=self.is_utterance[kept],
        )


def examples(phrases: Phrases, *, names: bool = False) -> Examples:
    """``names``: learn from what labels are called, too. A tenant writes "card_arrival" and means it: with ten phrases
    an intent that is worth more than an eleventh (docs/quality.md)."""
    labels = tuple(phrases)
    rows = [(text, place, True) for place, label in enumerate(labels) for text in phrases[label]]
    if names:
        own = ((spoken_name(label), place, label) for place, label in enumerate(labels) if label != NONE_OF_THESE)
        known = {label: {text.casefold() for text in phrases[label]} for label in labels}
        rows += [(name, place, False) for name, place, label in own if name and name.casefold() not in known[label]]
    return Examples(
        tuple(text for text, _, _ in rows),
        np.array([place for _, place, _ in rows], dtype=np.int64),
        labels,
        np.array([is_utterance for _, _, is_utterance in rows], dtype=np.bool_),
    )


def spoken_name(label: str) -> str:
    """``card_arrival`` and ``cardArrival`` as words; empty where there are none."""
    words = _WORDS.findall(_HUMP.sub(" ", label))
    return " ".join(words) if any(len(word) >= SHORTEST for word in words) else ""
