"""What one conversation costs, as a section of docs/cost.md: by where the money goes, and by how long it was."""

from __future__ import annotations

from collections.abc import Iterator

from infra.markdown import prose, row
from infra.sizing import Prices
from infra.sizing.conversation import STREAMED_AT_ONCE, AfterCall, live

LENGTHS = (3.0, 6.0, 10.0)
MONTHS_KEPT = 12.0
HOSTED_HOUR = 0.048
"""Of one call on the recogniser of our own, by `sotto bench recogniser-sessions`."""


def section(agents: int, prices: Prices) -> Iterator[str]:
    yield "## A conversation, its recording and the work after it counted"
    yield ""
    yield from prose(
        f"US dollars by length, {agents:,} agents. *Live* is the table above by the minute, without metrics and",
        "the work after a call. The rest is what",
        "`sotto bench after-call --minutes 10` counted from the end of a call of ten minutes until it was summed up,",
        "scored, filed, indexed and its redacted recording proven. The recording is recognised a second time:",
        "with a provider that costs the call's minutes again, and as long as that takes, in",
        f"{STREAMED_AT_ONCE} parts side by side, `redact_recording` waits.",
    )
    yield row("", *(f"{minutes:g} minutes" for minutes in LENGTHS))
    yield row("---", *("--:" for _ in LENGTHS))
    work = AfterCall()
    columns = {minutes: _parts(work, minutes, agents, prices) for minutes in LENGTHS}
    for name in columns[LENGTHS[0]]:
        yield row(name, *(f"{columns[minutes][name]:.4f}" for minutes in LENGTHS))
    totals = {minutes: sum(parts.values()) for minutes, parts in columns.items()}
    yield row("**ours**", *(f"**{totals[minutes]:.3f}**" for minutes in LENGTHS))
    for title, a_minute in _recognisers(prices):
        cells = (totals[each] + each * a_minute + work.recognised_again(each, a_minute) for each in LENGTHS)
        yield row(f"with {title}, live and again", *(f"{each:.3f}" for each in cells))
    yield ""
    without = (each * _recognisers(prices)[0][1] for each in LENGTHS)
    yield from prose(
        "Who keeps no redacted recordings saves the second recognition, of Transcribe",
        " / ".join(f"{each:.3f}" for each in without) + ", and the function that waits for it.",
        "A recording in which something private was still found is recognised once more.",
    )


def _parts(work: AfterCall, minutes: float, agents: int, prices: Prices) -> dict[str, float]:
    return {
        "live": sum(live(minutes, agents, prices=prices).values()),
        **{f"after it: {name}": dollars for name, dollars in work.costs(minutes, prices=prices).items()},
        f"its recording, kept {MONTHS_KEPT:g} months": work.kept(minutes, MONTHS_KEPT, prices),
    }


def _recognisers(prices: Prices) -> tuple[tuple[str, float], ...]:
    """Dollars a minute of a call, both sides."""
    return (
        ("Amazon Transcribe, first tier", prices.transcribe_minutes[0][1]),
        ("a recogniser of our own", HOSTED_HOUR / 60),
    )
