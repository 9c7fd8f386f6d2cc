"""What words say of feeling by themselves: VADER's lexicon and rules (negation, degree, "but"), with no training.

Hutto and Gilbert, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text", ICWSM 2014.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from model_containers.shard.base_encoder.embedding import Vectors

COLUMNS = ("neg", "neu", "pos", "compound")
"""The shares of the text that are negative, neutral and positive words, and the whole between -1 and 1."""


def feelings(texts: Sequence[str]) -> Vectors:
    """Shape (texts, 4)."""
    scores = [_analyser().polarity_scores(text) for text in texts]
    return np.array([[score[column] for column in COLUMNS] for score in scores], dtype=np.float32)


@cache
def _analyser() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # type: ignore[import-untyped]

    return SentimentIntensityAnalyzer()
