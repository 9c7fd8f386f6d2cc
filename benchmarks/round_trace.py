"""One round of guidance, span by span: whose time it is, and a picture of it.

Of every moment between a final in hand and its annotation on the panel it is asked what was going on, the innermost
thing first: the shard, the emulation of a service, the client that waited for it, our own code; what is left lies
between functions. On AWS the shard, our code and our clients take what they take here; instead of the emulation there
are the services and the network between them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from local.spans import Span, SpanKind

OURS, SHARD, CLIENT, EMULATION, MACHINE, BETWEEN = (
    "our code", "shard", "AWS clients", "emulated services", "state machine", "between functions",
)  # fmt: skip
WHOSE = (OURS, SHARD, CLIENT, EMULATION, MACHINE, BETWEEN)
ALSO_ON_AWS = (OURS, SHARD, CLIENT)
"""The rest is what the emulation takes; AWS takes another time for it, which this stack cannot know."""
WORKER = "transcribe_call"
OF_THE_BENCHMARK = ("asyncio", "MainThread")
"""Threads in which the call is watched, not guided."""
POOLS = ("round", "wave", "earlier-words", "channels", "connections")
"""Threads in which functions have others do a part of a round."""
STAGES_OF_WORKER = ("redact", "store")
_SLACK_MS = 0.5
_COLOURS = {
    OURS: "#0972d3", SHARD: "#037f0c", CLIENT: "#8ebdf0", EMULATION: "#d5a021", MACHINE: "#d91515", BETWEEN: "#b6bec9",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Round:
    """From ``began_ms`` (a final in hand) to ``ended_ms`` (its annotation on the panel), Unix epoch. ``stages``: how
    long each took, in order."""

    began_ms: float
    ended_ms: float
    stages: dict[str, float]

    @property
    def took_ms(self) -> float:
        return self.ended_ms - self.began_ms


def spans_of(one: Round, spans: Iterable[Span]) -> list[tuple[str, Span]]:
    """Whose each is, by when it began. Other work of the stack at the same time is left out as far as it can be told
    apart."""
    near = [span for span in spans if span.ended_ms > one.began_ms and span.began_ms < one.ended_ms]
    own = [each for each in near if each.function not in OF_THE_BENCHMARK]
    found = [(OURS, each) for each in own if each.kind is SpanKind.FUNCTION and each.name != WORKER]
    found += _stages_of_worker(one)
    requests = [each for each in own if each.kind is SpanKind.REQUEST]
    found += [(CLIENT, each) for each in requests]
    served = [each for each in near if each.kind is SpanKind.SERVED]
    found += [(EMULATION, each) for each in served if each.name == "/graphql" or _answers(each, requests)]
    found += [(SHARD, each) for each in near if each.kind is SpanKind.SHARD]
    found += _of_machine(one, own)
    return sorted(found, key=lambda each: each[1].began_ms)


def _stages_of_worker(one: Round) -> list[tuple[str, Span]]:
    """The worker's handler runs as long as the call does; what it did of this round are the stages before dispatch."""
    found, at_ms = [], one.began_ms
    for stage in STAGES_OF_WORKER:
        until_ms = at_ms + one.stages.get(stage, 0.0)
        found.append((OURS, Span(SpanKind.FUNCTION, f"{WORKER}: {stage}", WORKER, at_ms, until_ms)))
        at_ms = until_ms
    return found


def _of_machine(one: Round, spans: Iterable[Span]) -> list[tuple[str, Span]]:
    """From its start until its last delivery in this round."""
    starts = [each.ended_ms for each in spans if each.name.endswith("StartExecution")]
    ends = [each.began_ms for each in spans if each.name == "deliver_annotations" and each.began_ms < one.ended_ms]
    if not starts or not ends or max(ends) < min(starts):
        return []
    return [(MACHINE, Span(SpanKind.FUNCTION, "guide_utterance", "", min(starts), max(ends)))]


def _answers(served: Span, requests: Iterable[Span]) -> bool:
    return any(
        each.began_ms - _SLACK_MS <= served.began_ms and served.ended_ms <= each.ended_ms + _SLACK_MS
        for each in requests
    )


_INNERMOST = (SHARD, EMULATION, CLIENT, OURS, MACHINE)


def shares(one: Round, spans: Iterable[Span]) -> dict[str, float]:
    """Milliseconds of the round by whose they are; together they are all of it."""
    inside = [
        (whose, max(each.began_ms, one.began_ms), min(each.ended_ms, one.ended_ms))
        for whose, each in spans_of(one, spans)
    ]
    cuts = sorted({one.began_ms, one.ended_ms, *(at for _, *ends in inside for at in ends)})
    found = dict.fromkeys(WHOSE, 0.0)
    for begin, end in zip(cuts, cuts[1:], strict=False):
        active = {whose for whose, began, ended in inside if began <= begin and end <= ended}
        found[next((each for each in _INNERMOST if each in active), BETWEEN)] += end - begin
    return found


def table(rounds: Sequence[Round], spans: Sequence[Span]) -> dict[str, Any]:
    """Means over all rounds: ms by whose, invocations and requests."""
    every = [shares(each, spans) for each in rounds]
    began = sum(1 for each in spans if each.kind is SpanKind.FUNCTION and each.name == "orchestrate_utterance")
    live = ("orchestrate_utterance", "route_inference", "deliver_annotations")
    invoked = Counter(each.name for each in spans if each.kind is SpanKind.FUNCTION and each.name in live)
    asked = Counter(each.name for each in spans if each.kind is SpanKind.REQUEST and each.function in (*live, *POOLS))
    cpu = Counter[str]()
    for each in spans:
        if each.kind is SpanKind.FUNCTION and each.name in live:
            cpu[each.name] += each.cpu_ms  # type: ignore[assignment]
    whose = {name: round(mean(each[name] for each in every), 1) for name in WHOSE} if every else {}
    return {
        "rounds": began,
        "annotations": len(rounds),
        "ms": whose,
        "also_on_aws_ms": round(sum(whose.get(name, 0.0) for name in ALSO_ON_AWS), 1),
        "invocations_a_round": {name: round(count / max(1, began), 2) for name, count in invoked.most_common()},
        "requests_a_round": {name: round(count / max(1, began), 2) for name, count in asked.most_common()},
        "processor_ms_a_round": {name: round(ms / max(1, began), 1) for name, ms in cpu.most_common()},
    }


def summary(found: dict[str, Any]) -> str:
    total = sum(found["ms"].values()) or 1.0
    lines = [f"  {found['annotations']} annotations of {found['rounds']} rounds, mean ms from final in hand to panel"]
    for name, ms in found["ms"].items():
        aws = "" if name in ALSO_ON_AWS else "   (the emulation's: AWS takes its own time)"
        lines.append(f"    {name:<20}{ms:>8.1f}{ms / total:>7.0%}{aws}")
    lines.append(f"    also on AWS: {found['also_on_aws_ms']:.1f} of {total:.1f} ms")
    for title, key in (
        ("invocations a round", "invocations_a_round"),
        ("requests a round", "requests_a_round"),
        ("processor ms a round, in handlers", "processor_ms_a_round"),
    ):
        listed = ", ".join(f"{name} {count}" for name, count in found[key].items())
        lines.append(f"  {title}: {sum(found[key].values()):.1f} ({listed})")
    return "\n".join(lines)


def typical(rounds: Sequence[Round]) -> Round | None:
    """The one whose time is the median."""
    return sorted(rounds, key=lambda each: each.took_ms)[len(rounds) // 2] if rounds else None


def draw(one: Round, spans: Iterable[Span], file: Path, *, title: str) -> None:
    """A waterfall, as PNG or SVG by the file's name."""
    import matplotlib
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    matplotlib.rcParams.update({"font.size": 8, "axes.titlesize": 9, "font.family": "DejaVu Sans"})
    spans = list(spans)
    found = spans_of(one, spans)
    figure = Figure(figsize=(11, 1.4 + 0.2 * len(found)), facecolor="white", layout="constrained")
    axes = figure.add_subplot()
    for row, (whose, span) in enumerate(found):
        begin = max(span.began_ms, one.began_ms) - one.began_ms
        length = min(span.ended_ms, one.ended_ms) - one.began_ms - begin
        axes.barh(row, max(length, 0.15), left=begin, height=0.72, color=_COLOURS[whose], alpha=_alpha(whose))
        within = f" in {span.function}" if span.kind is SpanKind.REQUEST else ""
        axes.text(begin + length + 0.4, row, f"{span.name}{within}  {length:.1f}", va="center", fontsize=7)
    axes.set_ylim(len(found) - 0.5, -0.5)
    axes.set_xlim(0, one.took_ms * 1.3)
    axes.set_yticks([])
    axes.set_xlabel("ms since the final was in hand")
    axes.axvline(one.took_ms, color="#5f6b7a", linewidth=0.8)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    mine = shares(one, spans)
    legend = [Patch(color=_COLOURS[name], label=f"{name}: {mine[name]:.1f} ms") for name in WHOSE]
    axes.legend(handles=legend, loc="upper right", frameon=False)
    axes.set_title(f"{title}: {one.took_ms:.0f} ms", loc="left")
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=100)


def _alpha(whose: str) -> float:
    return 0.25 if whose == MACHINE else 1.0
