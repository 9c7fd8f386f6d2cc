"""What a site's robots.txt lets us fetch, by RFC 9309. Python's own reader knows neither ``*`` nor ``$`` in paths."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

LARGEST_BYTES = 512_000
"""RFC 9309, 2.5: a crawler reads at least 500 KiB of it."""
LONGEST_DELAY_MS = 10_000
_LINE = re.compile(r"\s*([A-Za-z-]+)\s*:\s*([^#]*)")


@dataclass(slots=True)
class _Group:
    agents: list[str] = field(default_factory=list)
    rules: list[tuple[str, bool]] = field(default_factory=list)
    delay_ms: int = 0
    is_open: bool = True
    """Whether a further ``User-agent`` names this group too."""


@dataclass(frozen=True, slots=True)
class Robots:
    """``rules``: (path, whether it may be fetched). ``delay_ms``: what the site asks for between two requests."""

    rules: tuple[tuple[str, bool], ...] = ()
    delay_ms: int = 0

    def allows(self, path: str) -> bool:
        """``path`` with its query. The longest rule counts, and of two alike the one that allows."""
        fitting = [(len(rule), allowed) for rule, allowed in self.rules if _fits(rule, path)]
        return max(fitting, default=(0, True))[1]


def read_robots(text: str, agent: str) -> Robots:
    groups: list[_Group] = []
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        name, value = match[1].lower(), match[2].strip()
        if name == "user-agent":
            if not groups or not groups[-1].is_open:
                groups.append(_Group())
            groups[-1].agents.append(value.lower())
        elif groups and name in ("allow", "disallow", "crawl-delay"):
            groups[-1].is_open = False
            if name == "crawl-delay":
                groups[-1].delay_ms = _delay_ms(value)
            elif value:
                groups[-1].rules.append((value, name == "allow"))
    named = [group for group in groups if agent.lower() in group.agents]
    ours = named or [group for group in groups if "*" in group.agents]
    rules = tuple(rule for group in ours for rule in group.rules)
    return Robots(rules, max((group.delay_ms for group in ours), default=0))


def _delay_ms(value: str) -> int:
    try:
        return int(min(max(0.0, float(value)) * 1000, LONGEST_DELAY_MS))
    except (ValueError, OverflowError):
        return 0


def _fits(rule: str, path: str) -> bool:
    """By parts, not by a regular expression: a site's rule of many stars must not keep us busy."""
    is_whole = rule.endswith("$")
    first, *parts = rule.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for number, part in enumerate(parts):
        if is_whole and number == len(parts) - 1:
            return len(path) - len(part) >= at and path.endswith(part)
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return not is_whole or at == len(path)
