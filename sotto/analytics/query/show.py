"""An answer for people: a sentence, a chart of characters, a Vega-Lite specification, JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sotto.analytics.definition.metric import TIMES, Metric
from sotto.analytics.query.answer import Answer, Figure
from sotto.analytics.query.form import Compare, Form, form_shape

WIDTH = 32
MOST_BARS = 20
_COMPARED = {
    Compare.PREVIOUS: "the period before",
    Compare.WEEK: "the same weekdays before",
    Compare.YEAR: "a year before",
}
VEGA_LITE = "https://vega.github.io/schema/vega-lite/v6.json"


def written(value: float | None, unit: str) -> str:
    """With its unit, as people read it."""
    if value is None:
        return "-"
    match unit:
        case "s" if abs(value) >= 120:
            return f"{int(value // 60)} min {int(value % 60):02d} s"
        case "s":
            return f"{value:.1f} s"
        case "ms":
            return f"{value:.0f} ms"
        case "share":
            return f"{value * 100:.1f} %"
        case "usd":
            return f"${value:,.4f}" if abs(value) < 1 else f"${value:,.2f}"
        case "count":
            return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
        case "words/min":
            return f"{value:.0f} words/min"
        case _:
            return f"{value:.2f}"


def form_line(form: Form) -> str:
    """The form as one line, which says all that was computed."""
    parts = [form.metric, f"{form.period.first} to {form.period.last}"]
    parts += [f"by {', '.join(form.dimensions)}"] if form.dimensions else []
    parts += [
        f"{each.dimension} {'is not' if each.without else 'is'} {' or '.join(each.values)}" for each in form.filters
    ]
    parts += [f"compared with {_COMPARED[form.compare]}"] if form.compare is not Compare.NOTHING else []
    parts += [f"{'highest' if form.highest else 'lowest'} first"] if form.highest is not None else []
    return " | ".join(parts)


def sentence(answer: Answer) -> str:
    metric, total, unit = answer.metric, answer.total, answer.metric.unit
    if total.value is None:
        return f"{metric.title}: nothing to count in this period."
    text = f"{metric.title} was {written(total.value, unit)} over {total.counted:,} {_rows(metric)}"
    if answer.form.compare is not Compare.NOTHING:
        text += _compared(answer, total)
    if answer.form.highest is not None and answer.figures:
        first = answer.figures[0]
        text += f"; {'highest' if answer.form.highest else 'lowest'}: {named(first)} with {written(first.value, unit)}"
    return f"{text}."


def _rows(metric: Metric) -> str:
    return {"speech": "speakers of contacts", "checklist": "checklist lines"}.get(metric.fact, f"{metric.fact}s")


def _compared(answer: Answer, figure: Figure) -> str:
    if figure.before is None or figure.value is None:
        return f", and {_COMPARED[answer.form.compare]} has nothing to compare with"
    change = figure.value - figure.before
    good = answer.metric.good
    better = "" if good == "neither" or not change else ", better" if (change > 0) == (good == "high") else ", worse"
    direction = "unchanged from" if not change else "up from" if change > 0 else "down from"
    return f", {direction} {written(figure.before, answer.metric.unit)} {_COMPARED[answer.form.compare]}{better}"


def named(figure: Figure) -> str:
    return ", ".join("(none)" if each is None else each for each in figure.key)


def notes(answer: Answer) -> list[str]:
    """What a figure must not be read without."""
    found = []
    if answer.synthetic:
        found.append("SYNTHETIC: these conversations were made up by 'sotto history make'")
    if answer.missing:
        days = ", ".join(answer.missing[:5]) + (", ..." if len(answer.missing) > 5 else "")
        found.append(f"{len(answer.missing)} days are missing and not counted: {days}")
    if answer.behind:
        found.append(f"{len(answer.behind)} days are being written anew; their latest conversations come later")
    if answer.doubled:
        found.append(f"{answer.doubled} conversations are counted twice while a day is written anew")
    return found


def text_chart(answer: Answer, width: int = WIDTH) -> list[str]:
    """A bar for each row, at most MOST_BARS."""
    rows = [each for each in answer.figures if each.value is not None][:MOST_BARS]
    highest = max((abs(each.value or 0.0) for each in rows), default=0.0)
    label = max((len(named(each)) for each in rows), default=0)
    lines = []
    for each in rows:
        length = round(abs(each.value or 0.0) / highest * width) if highest else 0
        before = f"  ({written(each.before, answer.metric.unit)})" if each.before is not None else ""
        figure = written(each.value, answer.metric.unit)
        lines.append(f"{named(each):<{label}}  {'█' * length:<{width}}  {figure}{before}".rstrip())
    if len(answer.figures) > len(rows):
        lines.append(f"... {len(answer.figures) - len(rows)} more")
    return lines


def vega_lite(answer: Answer) -> dict[str, Any]:
    """A specification of Vega-Lite 6 with its data."""
    names = answer.form.dimensions
    data = [
        {**dict(zip(names, each.key, strict=True)), "value": each.value, "counted": each.counted, "before": each.before}
        for each in (answer.figures if names else (answer.total,))
    ]
    value = {"field": "value", "type": "quantitative", "title": _axis(answer.metric)}
    if answer.metric.unit == "share":
        value["axis"] = {"format": ".0%"}  # type: ignore[assignment]
    return {
        "$schema": VEGA_LITE,
        "title": answer.metric.title,
        "data": {"values": data},
        **_mark(names, value),
    }


def _mark(names: Sequence[str], value: dict[str, Any]) -> dict[str, Any]:
    times = [name for name in names if name in TIMES]
    others = [name for name in names if name not in TIMES]
    if not names:
        return {"mark": {"type": "text", "fontSize": 40}, "encoding": {"text": value}}
    color = {"color": {"field": others[-1], "type": "nominal"}} if others and (times or len(others) > 1) else {}
    if times:
        kind = "temporal" if times[0] in ("day", "week") else "ordinal"
        across = {"field": times[0], "type": kind}
        return {"mark": {"type": "line", "point": True}, "encoding": {"x": across, "y": value, **color}}
    return {
        "mark": "bar",
        "encoding": {"y": {"field": others[0], "type": "nominal", "sort": None}, "x": value, **color},
    }


def _axis(metric: Metric) -> str:
    return metric.title if metric.unit in ("count", "share") else f"{metric.title} ({metric.unit})"


def metric_shape(metric: Metric) -> dict[str, Any]:
    """As JSON."""
    return {
        "name": metric.name,
        "title": metric.title,
        "note": metric.note,
        "fact": metric.fact,
        "unit": metric.unit,
        "good": metric.good,
        "dimensions": list(metric.dimensions),
    }


def answer_shape(answer: Answer) -> dict[str, Any]:
    """As JSON."""
    return {
        "form": form_shape(answer.form),
        "metric": metric_shape(answer.metric),
        "sentence": sentence(answer),
        "total": _figure_shape(answer.total),
        "figures": [_figure_shape(each) for each in answer.figures],
        "notes": notes(answer),
        "synthetic": answer.synthetic,
        "missing": list(answer.missing),
        "behind": list(answer.behind),
        "chart": vega_lite(answer),
    }


def _figure_shape(figure: Figure) -> dict[str, Any]:
    return {"key": list(figure.key), "value": figure.value, "counted": figure.counted, "before": figure.before}
