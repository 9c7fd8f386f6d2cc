"""How much of AWS a number of calls at once needs, what it costs and how late it is, by formula and by simulation.

Every figure that goes in is named with where it comes from, so that yours can take its place: what a call does in
``load``, list prices in ``prices``, times of AWS's services in ``hops``. ``simulation`` alone needs numpy.
"""

from __future__ import annotations

from infra.sizing.costs import costs_a_month, metrics_a_month
from infra.sizing.load import Load
from infra.sizing.needs import (
    GET_DATA_ENDPOINT_A_SECOND,
    Quota,
    concurrency,
    instances,
    quotas,
    recogniser_instances,
    transcribe_streams,
)
from infra.sizing.prices import HOURS_A_MONTH, Prices

__all__ = [
    "GET_DATA_ENDPOINT_A_SECOND",
    "HOURS_A_MONTH",
    "Load",
    "Prices",
    "Quota",
    "concurrency",
    "costs_a_month",
    "instances",
    "metrics_a_month",
    "quotas",
    "recogniser_instances",
    "transcribe_streams",
]
