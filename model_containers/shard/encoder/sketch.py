"""What a head makes of all utterances of a call, added up: so much is emitted for watching drift, and no text.

    {"sketch": {"utterances": 7, "labels": {"lost_card": 3}, "none": 2, "sure": [0, …, 4], "doubt": 3.1, "right": 5.9,
                "meaning": "base64"},
     "unlabelled": [1, 4]}

``unlabelled`` are the places of texts with no label. Everything else is a sum, so that sketches of calls add up to one
of a window. ``sure``: utterances by the share of the
likeliest label, ten bins; ``right``: those shares, which calibration makes the number of right answers to expect
(confidence-based performance estimation); ``doubt``: entropies of the shares, in nats; ``meaning``: means of random
cosines of the base's reading (random Fourier features, Rahimi and Recht 2007), a byte each, whose squared distance
between two windows is an estimate of the maximum mean discrepancy.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from model_containers.shard.base_encoder.embedding import TextEmbedding, Vectors
from model_containers.shard.base_encoder.minilm import DIMENSIONS
from model_containers.shard.heads.classifier import ClassifierHead
from model_containers.shard.protocol.errors import InvalidRequest

COSINES = 448
SCALE = 1.4
"""Of the kernel, in lengths of a reading, which is 1: chosen on one part of BANKING77 (benchmarks/drift.py)."""
BYTE = 127.0
SURE_BINS = 10
MOST_TEXTS = 64
SEED = 7

Read = Callable[[str], Awaitable[TextEmbedding]]


def sketched_texts_in(request: Mapping[str, Any]) -> Any:
    """``inputs.sketch.texts``; None where no sketch is asked for."""
    inputs = request.get("inputs")
    asked = inputs.get("sketch") if isinstance(inputs, Mapping) else None
    return asked.get("texts") if isinstance(asked, Mapping) else None


def wrong_with(texts: Any, longest_text: int) -> str | None:
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) and text.strip() for text in texts):
        return '"inputs.sketch.texts" must be a list of non-empty strings'
    if len(texts) > MOST_TEXTS:
        return f'"inputs.sketch.texts" has {len(texts)} texts, more than {MOST_TEXTS}: send them in several requests'
    if any(len(text) > longest_text for text in texts):
        return f'a text of "inputs.sketch.texts" has more than {longest_text} characters'
    return None


async def sketch(texts: Sequence[str], head: object, read: Read, base: Read) -> dict[str, Any]:
    """``read``: as the head reads; ``base``: as every head's base does. One text at a time: guidance has a caller
    waiting. Raises InvalidRequest for a head that chooses no label."""
    if not isinstance(head, ClassifierHead):
        raise InvalidRequest('"inputs.sketch" is answered by models that choose a label')
    answers: list[Mapping[str, Any]] = []
    shares: list[Vectors] = []
    whole: list[Vectors] = []
    for text in texts:
        embedding = await read(text)
        answers.append(head.answer({}, embedding))
        shares.append(head.probabilities(embedding)[0])
        whole.append((await base(text)).whole)  # the batcher knows it already
    unlabelled = [place for place, each in enumerate(answers) if each["label"] is None]
    return {"sketch": added_up(answers, np.stack(shares), np.stack(whole)), "unlabelled": unlabelled}


def added_up(answers: Sequence[Mapping[str, Any]], shares: Vectors, whole: Vectors) -> dict[str, Any]:
    """``shares``: shape (texts, labels); ``whole``: (texts, 384)."""
    top = shares.max(axis=1)
    labels = Counter(str(each["label"]) for each in answers if each["label"])
    bins = np.bincount(np.minimum((top * SURE_BINS).astype(int), SURE_BINS - 1), minlength=SURE_BINS)
    entropy = -(shares * np.log(np.maximum(shares, 1e-12))).sum(axis=1)
    return {
        "utterances": len(answers),
        "labels": dict(sorted(labels.items())),
        "none": sum(each["label"] is None for each in answers),
        "sure": bins.tolist(),
        "doubt": round(float(entropy.sum()), 4),
        "right": round(float(top.sum()), 4),
        "meaning": packed(cosines(whole).mean(axis=0)),
    }


def cosines(whole: Vectors) -> Vectors:
    """Shape (texts, COSINES), each between -1 and 1."""
    directions, phases = _random()
    found: Vectors = np.cos(whole @ directions / SCALE + phases)
    return found


def packed(means: Vectors) -> str:
    return base64.b64encode(np.rint(means * BYTE).astype(np.int8).tobytes()).decode()


@cache
def _random() -> tuple[Vectors, Vectors]:
    """The same for ever: sketches of last month are compared with these. RandomState's streams are frozen.
    https://numpy.org/doc/stable/reference/random/compatibility.html"""
    source = np.random.RandomState(SEED)
    directions = source.standard_normal((DIMENSIONS, COSINES))
    return directions.astype(np.float32), source.uniform(0, 2 * np.pi, COSINES).astype(np.float32)
