"""``python -m infra.picture TEMPLATE METRICS... --out PICTURE``: a dashboard of a synthesised template, drawn with the
metrics that functions and shard wrote during a call.

    make synth && sotto call events/calls/bank_card/call.wav --worker-limit 45
    python -m infra.picture cdk.out/assembly-us-east-1/*sharedobservability*.template.json \\
        .sotto/metrics.jsonl .sotto/shard.log --dashboard sotto-calls --out docs/images/dashboard-calls.png

The first file says when the calls began; the shard's log may be older. A call lasts minutes, so a period is drawn as
ten seconds, not as a minute; the axis counts minutes and seconds of it. AWS's own metrics stay empty here.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from infra.picture.series import Emitted, Series
from sotto.core.metrics.measure import NAMESPACE

PERIOD_S = 10
_COLUMNS, _INCHES_A_COLUMN, _INCHES_A_ROW = 24, 0.72, 0.42
_GREY, _LIGHT, _BLUE, _RED = "#5f6b7a", "#e9ebed", "#0972d3", "#d91515"


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.picture", description=__doc__)
    parser.add_argument("template", type=Path)
    parser.add_argument("metrics", type=Path, nargs="+")
    parser.add_argument("--dashboard", help="its name; the template's first one without it")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    bodies = dashboards(json.loads(options.template.read_text()))
    if options.dashboard is not None and options.dashboard not in bodies:
        sys.exit(f"--dashboard {options.dashboard!r} is not in the template; it has {', '.join(bodies) or 'none'}")
    body = bodies[options.dashboard or next(iter(bodies))]
    first, *rest = (file.read_text(errors="replace").splitlines() for file in options.metrics)
    since_ms = float(json.loads(first[0])["_aws"]["Timestamp"])
    emitted = Emitted([line for lines in (first, *rest) for line in lines], period_s=PERIOD_S, since_ms=since_ms)
    picture(body, emitted).savefig(options.out, dpi=80)


def dashboards(template: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Bodies by name. What CloudFormation puts in later (ARNs, ids) is left as a word."""
    found = {}
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::CloudWatch::Dashboard":
            body = resource["Properties"]["DashboardBody"]
            pieces = body["Fn::Join"][1] if isinstance(body, dict) else [body]
            text = "".join(piece if isinstance(piece, str) else "later" for piece in pieces)
            found[resource["Properties"]["DashboardName"]] = json.loads(text)
    return found


def picture(body: Mapping[str, Any], emitted: Emitted) -> Figure:
    """Widgets where CloudWatch would put them."""
    matplotlib.rcParams.update({"font.size": 8, "axes.titlesize": 9, "font.family": "DejaVu Sans"})
    widgets = body["widgets"]
    rows = max(widget["y"] + widget["height"] for widget in widgets)
    figure = Figure(figsize=(_COLUMNS * _INCHES_A_COLUMN, rows * _INCHES_A_ROW), facecolor="white")
    for widget in widgets:
        left, width = widget["x"] / _COLUMNS, widget["width"] / _COLUMNS
        top, height = 1 - widget["y"] / rows, widget["height"] / rows
        inset, foot, head = 0.03, 0.32 / rows / _INCHES_A_ROW, 0.3 / rows / _INCHES_A_ROW
        place = (left + inset, top - height + foot, width - 1.4 * inset, max(0.001, height - foot - head))
        _drawn(figure.add_axes(place), widget, emitted)
    return figure


def _drawn(axes: Axes, widget: Mapping[str, Any], emitted: Emitted) -> None:
    about = widget["properties"]
    if widget["type"] == "text":
        axes.axis("off")
        title, _, rest = about["markdown"].partition("\n")
        axes.text(0, 0.5, f"{title.lstrip('# ')}    {rest}", fontsize=12, weight="bold", va="center")
        return
    rows = about.get("metrics", [])
    lines = [line for row in rows for line in emitted.row(row, rows)]
    axes.set_title(about["title"], loc="left", weight="bold", color="#16191f")
    if not lines:
        axes.axis("off")
        axes.text(0.5, 0.5, _why_empty(rows), ha="center", va="center", color=_GREY)
    elif about.get("view") == "singleValue":
        axes.axis("off")
        unit = _unit(about["title"], emitted.period_s) if "(" in about["title"] else ""
        for place, line in enumerate(lines):
            newest = f"{line.points[max(line.points)]:,.0f} {unit}".rstrip()
            axes.text(0.45 * place, 0.35, newest, fontsize=24, color=_BLUE, va="center")
            if len(lines) > 1:
                axes.text(0.45 * place, -0.1, line.label, fontsize=7, color=_GREY, va="center")
    else:
        _graph(axes, lines, about, emitted)


def _why_empty(rows: Sequence[Sequence[Any]]) -> str:
    ours = any(NAMESPACE in json.dumps(row) for row in rows)
    return "nothing of this kind in this call" if ours else "AWS's own metric: no data outside AWS"


def _unit(title: str, period_s: int) -> str:
    """``Models, p95 (ms)`` says it itself; what says none counts, in each of the drawn periods."""
    _, bracket, unit = title.partition("(")
    return unit.partition(")")[0] if bracket else f"in {period_s} s"


def _graph(axes: Axes, lines: Sequence[Series], about: Mapping[str, Any], emitted: Emitted) -> None:
    if about.get("stacked"):
        times = sorted({at for line in lines for at in line.points})
        values = [[line.points.get(at, 0.0) for at in times] for line in lines]
        axes.stackplot(times, values, labels=[line.label for line in lines], alpha=0.85)
    else:
        for line in lines:
            axes.plot(list(line.points), list(line.points.values()), marker=".", markersize=4, label=line.label)
    for mark in about.get("annotations", {}).get("horizontal", ()):
        axes.axhline(
            mark["value"], color=mark.get("color", "#d62728"), linestyle="--", linewidth=1, label=mark["label"]
        )
    axes.set_ylim(bottom=0)
    axes.set_xlim(0, emitted.periods * emitted.period_s)
    axes.xaxis.set_major_formatter(lambda at_s, _: f"{int(at_s) // 60}:{int(at_s) % 60:02}")
    axes.set_ylabel(_unit(about["title"], emitted.period_s), fontsize=7, color=_GREY)
    if "(" not in about["title"]:  # a count
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True, min_n_ticks=1))
    axes.grid(color=_LIGHT)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(colors=_GREY, labelsize=7)
    axes.legend(
        loc="upper left",
        bbox_to_anchor=(0, -0.08),
        ncols=9,
        frameon=False,
        fontsize=6.5,
        columnspacing=1,
        handlelength=1,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
