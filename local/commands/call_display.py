"""A call on the terminal: what was said, what was shown, how far it is."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from local.commands.rich_text import plain
from local.commands.terminal_text import visible

Event = dict[str, Any]
SIDES = {"customer": "cyan", "agent": "green", "system": "dim"}
PARTS = {
    "overview": "",
    "reason": "why they called",
    "moment": "what happened",
    "done": "what was done",
    "outcome": "how it ended",
    "open": "left open",
}
SEVERITIES = {"high": "bold red", "medium": "yellow", "low": "blue", "info": "dim"}


def clock_face(ms: float) -> str:
    """``83_400`` -> ``1:23.4``."""
    return f"{int(ms // 60_000)}:{ms % 60_000 / 1000:04.1f}"


class CallDisplay:
    """Prints events as they come, with a progress bar below where the terminal has one. ``quiet`` prints nothing on
    standard output, which is then for JSON."""

    def __init__(self, duration_ms: int, *, quiet: bool = False) -> None:
        self._console = Console(stderr=quiet, highlight=False)
        self._quiet = quiet
        self._duration_ms = duration_ms
        doing = TextColumn("{task.description}", style="dim", markup=False)
        columns = (doing, BarColumn(), TextColumn("{task.fields[at]}"))
        self.bar = Progress(*columns, console=self._console, transient=True, disable=not self._console.is_terminal)
        self._task: TaskID | None = None
        self._trained: TaskID | None = None
        self._summarised: Event | None = None
        self._worked: Event | None = None

    def __enter__(self) -> Self:
        self.bar.start()
        self._task = self.bar.add_task("starting", total=self._duration_ms, at="")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bar.stop()

    def progress(self, line: str) -> None:
        """A step of the preparations."""
        if self._task is not None:
            self.bar.update(self._task, description=visible(line))
        if not self._console.is_terminal:
            self._console.print(plain(line, "dim"))

    def training(self, line: str, share: float) -> None:
        """Models, behind the call. From any thread. What is over is a line of its own."""
        if share >= 1.0:
            self._print(plain(f"         {line}", "dim"))
        elif self._task is not None and not self.bar.live.is_started:  # the calls have ended
            self.bar.update(self._task, visible=False)
            self.bar.start()
        if self._trained is None:
            self._trained = self.bar.add_task("", total=1.0, at="behind the calls")
        self.bar.update(self._trained, description=visible(line), completed=share, visible=share < 1.0)

    def again(self) -> None:
        """Another call begins."""
        if self._task is not None:
            self._summarised = self._worked = None
            self.bar.reset(self._task, description="the next call begins", visible=True)
            self.bar.start()

    def show(self, event: Event) -> None:
        show = getattr(self, f"_{event['type']}", None)
        if show is not None:
            show(event)

    def _print(self, line: Text | Table) -> None:
        if not self._quiet:
            self._console.print(line)

    def _contact(self, event: Event) -> None:
        self._print(plain(f"contact of {event['tenant']}, answered by {event['agent']}", "bold"))

    def _interim(self, event: Event) -> None:
        self._advance(event["end_ms"], f"{event['speaker']}: {event['text'][-60:]}")

    def _utterance(self, event: Event) -> None:
        self._advance(event["end_ms"], "listening")
        line = Text(f"{clock_face(event['start_ms']):>7}  ", style="dim")
        line.append(f"{event['speaker']:<9}", style=SIDES[event["speaker"]])
        self._print(line.append(plain(event["text"])))

    def _annotation(self, event: Event) -> None:
        if event["withdraws"] is not None:
            taken_back = f"{self._sign('✓', '-')} taken back: {event['title'] or event['name']}"
            self._print(plain(" " * 9 + taken_back, "dim"))
            return
        sign = self._sign("●", "*") if event["kind"] == "moment" else self._sign("▶", ">")
        line = Text(" " * 9 + sign + " ", style=SEVERITIES.get(event["severity"], ""))
        line.append(plain(event["name"])).append(plain(f"  {event['title']}", "dim"))
        if event["kind"] == "action" and event["text"]:
            line.append(plain(f" {self._sign('—', '-')} {event['text']}", "italic"))
        took = "" if event["latency_ms"] is None else f"  {event['latency_ms']:.0f} ms"
        self._print(line.append(f"  {event['confidence']:.2f}{took}", style="dim"))

    def _handover(self, event: Event) -> None:
        what = f"audio worker {event['generation']} took over, {event['overlap_ms']} ms replayed"
        self._print(Text(f"         {self._sign('⇄', '<>')} {what}", "magenta"))

    def _fault(self, event: Event) -> None:
        self._print(plain(f"         {self._sign('✖', 'x')} {event['name']}", "bold magenta"))

    def _handover_note(self, event: Event) -> None:
        self._print(plain("         for the agent who has the customer now:", "bold"))
        for line in event["lines"]:
            self._print(plain(f"           {PARTS.get(line['part'], line['part'])}: {line['text']}", "dim"))

    def _call_summary(self, event: Event) -> None:
        self._summarised = event  # a later one takes its place

    def _after_call(self, event: Event) -> None:
        self._worked = event  # a later one takes its place

    def _print_work(self, steps: dict[str, str], disposition: str | None) -> None:
        if disposition is not None:
            self._print(Text("\nsuggested disposition: ", "dim").append(plain(disposition)))
        outcomes = ", ".join(f"{step} {outcome}" for step, outcome in steps.items())
        self._print(plain(f"\nafter-call work: {outcomes}", "dim"))

    def _print_filed(self, filed: dict[str, dict[str, str]]) -> None:
        for each in filed.values():
            self._print(plain(f"in {each['title']}, emulated on this machine: {each['state']}", "dim"))

    def _print_summary(self, summary: Event) -> None:
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        before = ""
        for line in summary["lines"]:
            part = "" if line["part"] == before else PARTS.get(line["part"], line["part"])
            table.add_row(Text(part, style="dim"), plain(line["text"]))
            before = line["part"]
        self._print(Text("\nThe call in short", style="bold"))
        self._print(table)

    def _summary(self, event: Event) -> None:
        self.bar.stop()
        if self._summarised is not None:
            self._print_summary(self._summarised)
        if self._worked is not None:
            self._print_work(self._worked["steps"], self._worked["disposition"])
            self._print_filed(self._worked["filed"])
        counted = ", ".join(f"{event[what]} {what}" for what in ("utterances", "annotations", "handovers"))
        line = Text(counted, style="bold")
        self._print(line.append("; the call failed", style="bold red") if event["failures"] else line)
        for speaker, samples in event["samples"].items():
            recognised = f"{samples['recognised']} of {samples['source']} samples recognised"
            detail = f"  {speaker:<9}{recognised}, {samples['lost']} lost, {samples['duplicated']} twice"
            self._print(Text(detail, style="dim"))
        if event["handovers_unfinished"]:
            begun = f"  handovers begun and not finished: {event['handovers_unfinished']}"
            self._print(Text(f"{begun} (the recogniser did not catch up before the call ended)", "yellow"))
        for name in event["faults_left_out"]:
            self._print(plain(f"  {name} was left out: the call had ended before", "yellow"))
        if event["latency_ms"]["p50"] is not None:
            self._print(self._latencies(event))

    @staticmethod
    def _latencies(event: Event) -> Table:
        table = Table("our own time, ms", "p50", "p95", box=None, header_style="dim")
        for stage, took in event["stages_ms"].items():
            table.add_row(plain(stage), f"{took['p50']:.1f}", f"{took['p95']:.1f}")
        total = event["latency_ms"]
        table.add_row("final to panel", f"{total['p50']:.1f}", f"{total['p95']:.1f}", style="bold")
        return table

    def _sign(self, sign: str, narrow: str) -> str:
        """For terminals without Unicode, a sign that they have."""
        return narrow if self._console.options.ascii_only else sign

    def _advance(self, at_ms: float, description: str) -> None:
        if self._task is not None:
            at = f"{clock_face(at_ms)} / {clock_face(self._duration_ms)}"
            self.bar.update(self._task, completed=at_ms, description=visible(description), at=at)
