"""Learns from one outcome after the other: logistic regression whose weights may drift, the base rate fastest.

How many buy changes several-fold within months, and what makes them buy changes too; a model that was fitted once goes
wrong and does not know it. So each weight is a random walk, seen through outcomes (a Kalman filter, linearised at
each): there is nothing to fit anew, and what it does not know any more shows in its covariance.
McCormick, Raftery, Madigan, Burd: Dynamic Logistic Regression and Dynamic Model Averaging, Biometrics 2012.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sotto.leads.features import Feature
from sotto.leads.model import LeadModel, chance

BEFORE = -2.0
"""Log-odds before anything is known: one of eight buys."""
BASE_SPREAD, SPREAD = 1.0, 0.3
"""Standard deviations of what the base and a slot may be, before anything is known."""
BASE_DRIFT, DRIFT = 0.003, 1e-5
"""Variance that each outcome adds, as time passes: chosen on the middle of a file of calls, by Brier score and AUC."""


class Learner:
    def __init__(self, features: Sequence[Feature], outcome: str = "outcome") -> None:
        self.features = tuple(features)
        self.outcome = outcome
        self.learnt_from = 0
        self._starts = np.cumsum([1, *(len(feature.slots) for feature in self.features)])
        width = int(self._starts[-1])
        self._weights = np.zeros(width)
        self._weights[0] = BEFORE
        self._covariance = np.diag([BASE_SPREAD**2, *[SPREAD**2] * (width - 1)])
        self._seen = np.zeros(width)
        self._drift = np.array([BASE_DRIFT, *[DRIFT] * (width - 1)])

    def chance(self, lead: Mapping[str, Any]) -> float:
        """That this lead buys, 0 to 1. Raises BadLead."""
        return chance(float(self._weights[self._places(lead)].sum()))

    def learn(self, lead: Mapping[str, Any], bought: bool) -> None:
        """Raises BadLead; then nothing is learnt."""
        places = self._places(lead)
        self._covariance[np.diag_indices_from(self._covariance)] += self._drift
        seen = self._covariance[:, places].sum(axis=1)
        expected = chance(float(self._weights[places].sum()))
        information = max(expected * (1.0 - expected), 1e-6)
        gain = seen / (float(seen[places].sum()) + 1.0 / information)
        self._weights += gain * ((bought - expected) / information)
        self._covariance -= np.outer(gain, seen)
        self._covariance = (self._covariance + self._covariance.T) / 2.0
        self._seen[places] += 1
        self.learnt_from += 1

    def model(self, made_at_ms: float, days: int = 30) -> LeadModel:
        """As it is now. The mean of each feature is moved into the base, which is then that of a lead as most are, and
        a slot says by how much it differs."""
        move = np.eye(len(self._weights))
        for begin, end in zip(self._starts, self._starts[1:], strict=False):
            share = self._seen[begin:end] / max(1.0, float(self._seen[begin:end].sum()))
            move[0, begin:end] = share
            move[begin:end, begin:end] -= share
        weights, covariance = move @ self._weights, move @ self._covariance @ move.T
        tables = [
            tuple(float(each) for each in weights[begin:end])
            for begin, end in zip(self._starts, self._starts[1:], strict=False)
        ]
        return LeadModel(
            outcome=self.outcome,
            features=self.features,
            base=float(weights[0]),
            tables=tuple(tables),
            covariance=tuple(tuple(float(each) for each in row) for row in covariance),
            learnt_from=self.learnt_from,
            made_at_ms=math.floor(made_at_ms),
            days=days,
        )

    def _places(self, lead: Mapping[str, Any]) -> list[int]:
        slots = (feature.slot_of(lead.get(feature.name)) for feature in self.features)
        return [0, *(int(begin) + slot for begin, slot in zip(self._starts, slots, strict=False))]
