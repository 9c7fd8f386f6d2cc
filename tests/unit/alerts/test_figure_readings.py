"""Unit: what rules see of figures, over a made-up fortnight: the figure as the analyst gives it, and whether it
holds."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sotto.alerts.rule import Kind, RuleFilter
from sotto.analytics.definition.metric import UnknownMetric
from sotto.analytics.query.answer import answer
from sotto.analytics.query.form import Filter, Form, Period
from sotto.core.clock import Clock
from sotto.wiring.alert_readings import FigureReadings
from tests.fakes.audit_log import AuditLogInMemory
from tests.fakes.clock import ClockByHand
from tests.fakes.figures import figure_ports, make_history
from tests.unit.alerts.any_rule import any_rule
from tests.unit.analytics.any_sketches import any_calls, row_of, write_rows

LAST = "2026-09-21"
NOW = int(datetime(2026, 9, 21, 23, 30, tzinfo=UTC).timestamp() * 1000)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("facts")
    make_history(folder, "bank", LAST, conversations=160, days=14)
    return folder


def test_a_level_is_compared_with_the_figure_of_each_value(folder: Path) -> None:
    ports = figure_ports(folder, AuditLogInMemory(), _clock())
    readings = FigureReadings(ports.catalogue, ports.query)
    rule = any_rule(by="team", days=14, level=0.0, at_least=1, filters=(RuleFilter("queue", ("cards",)),))
    form = Form(rule.metric, Period("2026-09-08", LAST), ("team",), (Filter("queue", ("cards",)),))
    wanted = answer("bank", form, ports.catalogue("bank"), ports.query)
    found = readings.of(rule, NOW)
    # Sums of floats come in another order with another number of threads.
    assert {(each.name, round(each.value, 6), each.counted) for each in found} == {
        (each.key[0], round(each.value, 6), each.counted) for each in wanted.figures
    }
    assert len(found) == 2 and all(each.holds and each.subject == f"team={each.name}" for each in found)
    highest = max(each.value for each in found)
    for above, level in ((True, highest), (False, 0.0)):
        assert not any(each.holds for each in readings.of(any_rule(days=14, above=above, level=level, at_least=1), NOW))
    assert [each.holds for each in readings.of(any_rule(days=14, level=0.0, at_least=100_000), NOW)] == [None]
    assert [each.holds for each in readings.of(any_rule(tenant="garage"), NOW)] == [None], "nothing was counted"


def test_a_change_is_of_days_that_are_over_beside_as_many_before(folder: Path) -> None:
    ports = figure_ports(folder, AuditLogInMemory(), _clock())
    readings = FigureReadings(ports.catalogue, ports.query)
    rule = any_rule(kind=Kind.CHANGE, metric="conversations", days=6, level=0.01, at_least=1)
    (risen,) = readings.of(rule, NOW)
    (fallen,) = readings.of(any_rule(kind=Kind.CHANGE, metric="conversations", days=6, level=0.01, above=False), NOW)
    assert (risen.first, risen.last) == ("2026-09-15", "2026-09-20")
    assert risen.before is not None and {risen.holds, fallen.holds} == {True, False}
    assert risen.holds == (risen.value > risen.before)
    (unknown,) = readings.of(any_rule(kind=Kind.CHANGE, metric="conversations", days=13, level=1.0, at_least=1), NOW)
    assert unknown.before in (None, 0.0) and unknown.holds is None, "there is nothing to have changed against"


def test_a_metric_that_is_gone_is_refused_and_too_short_a_past_has_nothing_unusual(folder: Path) -> None:
    ports = figure_ports(folder, AuditLogInMemory(), _clock())
    readings = FigureReadings(ports.catalogue, ports.query)
    with pytest.raises(UnknownMetric):
        readings.of(any_rule(metric="gone"), NOW)
    assert readings.of(any_rule(kind=Kind.ANOMALY), NOW) == []


def _clock() -> Clock:
    return ClockByHand(NOW)


def test_drift_is_looked_for_over_all_or_in_each_queue(tmp_path: Path) -> None:
    """Four weeks of one queue as ever, and of another in which customers want something new since yesterday."""
    rows = [row_of(call, "2026-09-01") for call in any_calls(300, seed=1)]
    rows += [row_of(call, "2026-09-01") for call in any_calls(300, seed=2, queue="loans")]
    rows += [row_of(call, LAST) for call in any_calls(200, seed=3)]
    rows += [row_of(call, LAST) for call in any_calls(200, seed=4, queue="loans", unknown=0.5)]
    write_rows(tmp_path, "bank", "understanding", rows)
    ports = figure_ports(tmp_path, AuditLogInMemory(), _clock())
    readings = FigureReadings(ports.catalogue, ports.query)
    (over_all,) = readings.of(any_rule(kind=Kind.DRIFT, days=2), NOW)
    assert over_all.holds and over_all.before is not None and over_all.value < over_all.before
    found = {each.name: each for each in readings.of(any_rule(kind=Kind.DRIFT, days=2, by="queue"), NOW)}
    assert {name: each.holds for name, each in found.items()} == {"cards": False, "loans": True}
    assert readings.of(any_rule(kind=Kind.DRIFT, days=2, tenant="garage"), NOW) == []
