"""What processes have computed, to the nanosecond: on a machine that others use, this says more than the clock."""

from __future__ import annotations

from pathlib import Path


def processor_ms(pid: int) -> float:
    """Of a process and all that it has started and still run."""
    own = sum(_ran_ns(task) for task in Path(f"/proc/{pid}/task").iterdir())
    return own / 1e6 + sum(processor_ms(child) for child in children(pid))


def _ran_ns(task: Path) -> int:
    """https://docs.kernel.org/scheduler/sched-stats.html"""
    return int((task / "schedstat").read_text().split()[0])


def children(pid: int) -> list[int]:
    """Processes that it has started and that still run."""
    listed = " ".join((task / "children").read_text() for task in Path(f"/proc/{pid}/task").iterdir())
    return [int(child) for child in listed.split()]
