"""Unit: what ``sotto tenants check`` warns of in a book that can be published."""

from __future__ import annotations

from pathlib import Path

import pytest

from sotto.tenants.book import Hours, When
from sotto.tenants.together import can_both_count
from sotto.wiring.publishing import load_tenant
from tests.unit.tenants.tenant_files import write_tenant

TRANSFER = "{title: Transfer to sales, done_text: Transferred}"
CLOSED = '{title: Sales is closed, text: "Offer a call back.", done_text: Offered a call back}'
PLAYBOOK = f"""\
version: 1
sets:
  day:
    moments:
      wants_to_buy: {{when: {{intent: buy}}}}
    actions:
      transfer: {{when: wants_to_buy, show: {TRANSFER}}}
  night:
    actions:
      call_back: {{when: wants_to_buy, show: {CLOSED}}}
"""
POLICIES = """\
version: 1
policies:
  - name: all
    run: [{model: intent}]
    playbooks: [day]
  - name: at night
    when: {hours: [{from: "20:00", to: "08:00", zone: Europe/Berlin}]}
    playbooks: [night]
"""


def warned(
    folder: Path, *, playbook: str = PLAYBOOK, policies: str = POLICIES, article: str = "", name: str = "corner_shop"
) -> list[str]:
    tenant = write_tenant(folder, playbook=playbook, policies=policies, name=name)
    if article:
        (tenant / "knowledge").mkdir(exist_ok=True)
        (tenant / "knowledge" / "a.md").write_text(article)
    loaded = load_tenant(tenant)
    assert loaded.mistakes == [] and loaded.book is not None
    return [str(warning) for warning in loaded.warnings]


def test_two_cards_for_the_same_words_of_which_one_denies_the_other_are_warned_of_with_their_line(
    tmp_path: Path,
) -> None:
    (warning,) = warned(tmp_path)
    assert warning.startswith("corner_shop/playbook.yaml:10:7: 'Sales is closed' and 'Transfer to sales' (transfer)")
    assert "instead_of: transfer" in warning


def test_leaving_the_other_set_out_settles_it(tmp_path: Path) -> None:
    assert warned(tmp_path, policies=POLICIES + "    leave_out: {playbooks: day}\n") == []


def test_naming_which_one_is_shown_settles_it(tmp_path: Path) -> None:
    named = PLAYBOOK.replace("call_back: {when: wants_to_buy,", "call_back: {when: wants_to_buy, instead_of: transfer,")
    assert warned(tmp_path, playbook=named) == []


def test_cards_that_no_call_gets_together_are_not_warned_of(tmp_path: Path) -> None:
    apart = POLICIES.replace("run: [{model: intent}]", "when: {teams: sales}\n    run: [{model: intent}]")
    apart = apart.replace("when: {hours", "when: {teams: help, hours")
    assert warned(tmp_path, policies=apart) == []


def test_cards_that_agree_are_not_warned_of(tmp_path: Path) -> None:
    agreeing = PLAYBOOK.replace(CLOSED, "{title: Praise sales, done_text: Praised}")
    assert warned(tmp_path, playbook=agreeing) == []


def test_an_action_with_the_name_of_an_article_is_asked_to_cite_it(tmp_path: Path) -> None:
    alone = PLAYBOOK.replace(CLOSED, "{title: Loaner car, done_text: Offered it}")
    article = "---\nid: loaners\ntitle: Loaner cars\n---\nThey are free\nfor one day. More costs.\n"
    (warning,) = warned(tmp_path, playbook=alone, article=article)
    assert "write 'article: loaners' under 'show'" in warning
    cited = alone.replace("{title: Loaner car,", "{title: Loaner car, article: loaners,")
    assert warned(tmp_path, playbook=cited, article=article, name="citing") == []
    book = load_tenant(tmp_path / "citing").book
    assert book is not None
    source = book.playbook.sets[1].actions[0].show.source
    assert source is not None and source.quote == "They are free for one day."


def test_actions_without_done_text_are_named_once(tmp_path: Path) -> None:
    bare = PLAYBOOK.replace(", done_text: Transferred", "").replace(CLOSED, "{title: Praise sales}")
    (warning,) = warned(tmp_path, playbook=bare)
    assert "done_text" in warning and warning.endswith("without one: transfer, call_back")


NIGHT = Hours(from_minute=1_200, to_minute=480, zone="UTC")
SUNDAY_NIGHT = Hours(days=(6,), from_minute=1_200, to_minute=480)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (When(), When(teams=("a",)), True),
        (When(teams=("a",)), When(teams=("b",)), False),
        (When(teams=("a",)), When(queues=("q",)), True),
        (When(attributes={"kind": ("x",)}), When(attributes={"kind": ("y",)}), False),
        (When(attributes={"kind": ()}), When(attributes={"kind": ("y",)}), True),
        (When(customer={"tier": ("Gold",)}), When(customer={"tier": ("Basic",)}), False),
        (When(hours=(NIGHT,)), When(hours=(Hours(from_minute=480, to_minute=1_200, zone="UTC"),)), False),
        (When(hours=(NIGHT,)), When(hours=(Hours(from_minute=420, to_minute=540, zone="UTC"),)), True),
        (
            When(hours=(Hours(days=(6,), from_minute=1_200, to_minute=480),)),
            When(hours=(Hours(days=(0,), to_minute=60),)),
            True,
        ),
        (When(hours=(NIGHT,)), When(hours=(Hours(from_minute=600, to_minute=660, zone="Asia/Tokyo"),)), True),
    ],
)
def test_two_policies_count_together_unless_something_keeps_them_apart(one: When, other: When, both: bool) -> None:
    assert can_both_count(one, other) is both and can_both_count(other, one) is both
