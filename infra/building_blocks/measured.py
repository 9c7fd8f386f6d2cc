"""Our own metrics as CloudWatch finds them: only those of the catalogue, only under dimensions that code writes."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk.aws_cloudwatch import IMetric, MathExpression, Metric

from infra.building_blocks.alarm import MINUTE, metric
from infra.deployment import Cell
from sotto.core.metrics.measure import CELL, NAMESPACE, TENANT, Measure


def metrics_cell(cell: Cell) -> str:
    """The dimension that keeps the metrics of an account's cells apart: the functions' SOTTO_CELL."""
    return cell.prefix.rstrip("-")


class CellMetrics:
    """The metrics of a cell, or of one tenant in it."""

    def __init__(self, cell: Cell, tenant: str | None = None) -> None:
        self._dimensions = {CELL: metrics_cell(cell)} | ({TENANT: tenant} if tenant else {})

    def of(self, measure: Measure, statistic: str = "Sum", *, label: str | None = None, **by: str) -> Metric:
        """By the minute. Raises ValueError for dimensions under which nobody writes the measure."""
        dimensions = [*self._dimensions, *by]
        if dimensions not in measure.dimension_sets(of_tenant=TENANT in self._dimensions):
            raise ValueError(f"{measure.name} is not written by {dimensions}")
        named = metric(NAMESPACE, measure.name, statistic, **self._dimensions, **by)
        return named.with_(label=label or " ".join(by.values()) or f"{measure.name} {statistic}")

    def every(self, measure: Measure, statistic: str = "Sum", *, named: str = "") -> IMetric:
        """One line for each value that its own dimensions have taken; ``named`` goes before it."""
        schema = ",".join([NAMESPACE, *self._dimensions, *measure.by])
        wanted = " ".join(f'{name}="{value}"' for name, value in self._dimensions.items())
        search = f"SEARCH('{{{schema}}} MetricName=\"{measure.name}\" {wanted}', '{statistic}', 60)"
        label = " ".join([*named.split(), *(f"${{PROP('Dim.{name}')}}" for name in measure.by)])
        return MathExpression(expression=search, label=label, period=MINUTE, using_metrics={})


def total(metrics: Sequence[Metric], label: str) -> IMetric:
    """Their sum; what nobody wrote in a minute is nothing."""
    named = {f"{label.replace(' ', '_').lower()}_{at}": each for at, each in enumerate(metrics)}
    expression = " + ".join(f"FILL({name}, 0)" for name in named)
    return MathExpression(expression=expression, using_metrics=named, label=label, period=MINUTE)
