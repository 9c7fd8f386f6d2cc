"""``sotto search``: moments of the conversations that a running demo holds, through its API as a person would ask."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import click

from local.commands.terminal_text import show_line
from sotto.api.roles import Role
from sotto.core.errors import Rejected, Retryable

WITHIN_S = 20
QUERY = """
query Search($text: String!, $filter: SearchFilter, $first: Int) {
  search(text: $text, filter: $filter, first: $first) {
    candidates mayMiss byMeaning
    moments { ...Found beside { ...Found } }
  }
}
fragment Found on FoundMoment {
  contactId conversationId kind utteranceId speaker startMs endMs atMs text agent team queue disposition moments score
  highlights { startChar endChar }
}
"""


class NoStack(Retryable):
    """Nothing answers where the demo would."""


class SearchRefused(Rejected):
    """As the API refused it."""


@click.command()
@click.argument("text", metavar="TEXT")
@click.option("--tenant", help="Whose conversations; else those of the demo's first agent.")
@click.option("--as", "agent", default="quality", show_default=True, help="Who asks, for the audit log.")
@click.option("--role", type=click.Choice([each.value for each in Role]), default=Role.QUALITY.value, show_default=True)
@click.option("--speaker", type=click.Choice(["customer", "agent", "system"]))
@click.option("--agent", "of_agents", multiple=True, help="Of these agents' calls; repeat it for several.")
@click.option("--team", "teams", multiple=True)
@click.option("--queue", "queues", multiple=True)
@click.option("--moment", "moments", multiple=True, help="Of the tenant's playbook.")
@click.option("--disposition", "dispositions", multiple=True)
@click.option("--min-score", type=click.FloatRange(0, 100))
@click.option("--max-score", type=click.FloatRange(0, 100))
@click.option("--since", type=click.DateTime(), help="In UTC.")
@click.option("--until", type=click.DateTime(), help="In UTC.")
@click.option("--first", type=click.IntRange(1, 100), default=10, show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8787, show_default=True, help="Of the running demo.")
@click.option("--json", "as_json", is_flag=True, help="The answer as it came, on one line.")
def search(
    text: str,
    tenant: str | None,
    agent: str,
    role: str,
    speaker: str | None,
    of_agents: Sequence[str],
    teams: Sequence[str],
    queues: Sequence[str],
    moments: Sequence[str],
    dispositions: Sequence[str],
    min_score: float | None,
    max_score: float | None,
    since: datetime | None,
    until: datetime | None,
    first: int,
    port: int,
    as_json: bool,
) -> None:
    """Find moments of conversations by words and meaning.

    "in quotes": these words, one after the other; -word: without it; x BEFORE y, x AFTER y: said in that order in one
    conversation. Searched is what a running demo holds (sotto demo), with the rights of --role.
    """
    narrowed = {
        "speakers": [speaker.upper()] if speaker else None,
        "agents": list(of_agents) or None,
        "teams": list(teams) or None,
        "queues": list(queues) or None,
        "moments": list(moments) or None,
        "dispositions": list(dispositions) or None,
        "minScore": min_score,
        "maxScore": max_score,
        "sinceMs": _epoch_ms(since),
        "untilMs": _epoch_ms(until),
    }
    wanted = {name: value for name, value in narrowed.items() if value is not None}
    place = f"http://127.0.0.1:{port}"
    whose = tenant or str(_asked(f"{place}/config.json")["tenant"])
    token = str(_asked(f"{place}/token?{urlencode({'tenant': whose, 'agent': agent, 'role': role})}")["token"])
    body = {"query": QUERY, "variables": {"text": text, "filter": wanted, "first": first}}
    answer = _asked(f"{place}/graphql", body, token)
    if answer.get("errors"):
        raise SearchRefused(str(answer["errors"][0]["message"]))
    found = answer["data"]["search"]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for line in lines(found, whose, is_narrowed=bool(wanted)):
        show_line(line)


def lines(found: Mapping[str, Any], tenant: str, *, is_narrowed: bool) -> Sequence[str]:
    """As a terminal shows it."""
    shown = [line for moment in found["moments"] for line in _moment(moment)]
    if not found["moments"]:
        advice = "leave a filter out, or" if is_narrowed else ""
        shown = [
            f"Nothing found among {tenant}'s conversations ({found['candidates']} candidates).",
            f"Try {advice} other words: what is asked for is looked for by its meaning, too.".replace("  ", " "),
            "A demo holds the calls that it has played since it was started.",
        ]
    if not found["byMeaning"]:
        shown.append("The encoder did not answer: words alone were searched.")
    if found["mayMiss"] and found["moments"]:
        shown.append(f"There may be more: {found['candidates']} candidates were looked at.")
    return shown


def _moment(moment: Mapping[str, Any]) -> Sequence[str]:
    day = datetime.fromtimestamp(moment["atMs"] / 1000, UTC).strftime("%Y-%m-%d %H:%M")
    speaker = (moment["speaker"] or "summary").lower()
    seconds = moment["startMs"] // 1000
    place = "      " if moment["kind"] == "SUMMARY" else f"{seconds // 60:3}:{seconds % 60:02}"
    head = f"{day}  {moment['contactId']}  {moment['agent'] or '-'}"
    found = [head, f"  {place}  {speaker:8}  {_marked(moment['text'], moment['highlights'])}"]
    beside = moment.get("beside")
    return [*found, *(f"     with {line.strip()}" for line in _moment(beside)[1:])] if beside else found


def _marked(text: str, spans: Sequence[Mapping[str, int]]) -> str:
    for span in reversed(spans):
        start, end = span["startChar"], span["endChar"]
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


def _epoch_ms(at: datetime | None) -> float | None:
    return None if at is None else at.replace(tzinfo=UTC).timestamp() * 1000


def _asked(url: str, body: Mapping[str, Any] | None = None, token: str | None = None) -> dict[str, Any]:
    headers = {"Content-Type": "application/json"} | ({"Authorization": token} if token else {})
    data = None if body is None else json.dumps(body).encode()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, data, headers), timeout=WITHIN_S) as answer:
            found: dict[str, Any] = json.loads(answer.read())
    except urllib.error.HTTPError as error:
        raise NoStack(f"what answers at {url.partition('?')[0]} is no demo of Sotto ({error.code})") from error
    except (OSError, ValueError) as error:
        raise NoStack(
            "no demo is running there: start one with 'sotto demo' in another terminal, let it play, and search"
            " again; --port names another than 8787"
        ) from error
    return found
