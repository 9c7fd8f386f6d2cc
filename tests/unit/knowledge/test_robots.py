"""Unit: what robots.txt allows, by the examples of RFC 9309."""

from __future__ import annotations

import pytest

from sotto.knowledge.robots import read_robots

RULES = """
# comment
User-agent: *
Disallow: /*.gif$
Disallow: /example/
Allow: /publications/
Disallow: /private

User-agent: foobot
User-agent: sotto-knowledge
Allow: /example/page/
Disallow: /example/page/disallowed.gif
Disallow: /a*b*c
Disallow:
Crawl-delay: 2.5
"""


@pytest.mark.parametrize(
    ("agent", "path", "allowed"),
    [
        ("other", "/example/page/", False),
        ("other", "/pictures/1.gif", False),
        ("other", "/pictures/1.gif?x=1", True),
        ("other", "/publications/", True),
        ("other", "/privately", False),
        ("sotto-knowledge", "/example/page/", True),
        ("sotto-knowledge", "/example/page/disallowed.gif", False),
        ("sotto-knowledge", "/private", True),
        ("sotto-knowledge", "/axxbyyczz", False),
        ("sotto-knowledge", "/acb", True),
    ],
)
def test_the_longest_rule_of_our_group_counts(agent: str, path: str, allowed: bool) -> None:
    assert read_robots(RULES, agent).allows(path) is allowed


@pytest.mark.parametrize(
    ("written", "delay_ms"), [("2.5", 2_500), ("86400", 10_000), ("-1", 0), ("soon", 0), ("nan", 0)]
)
def test_a_pause_is_kept_within_reason(written: str, delay_ms: int) -> None:
    assert read_robots(f"User-agent: *\nCrawl-delay: {written}", "us").delay_ms == delay_ms


def test_a_file_without_groups_allows_everything() -> None:
    assert read_robots("<html>not found</html>\nDisallow: /", "us").allows("/anything")
