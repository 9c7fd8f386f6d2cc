"""Unit: what tenants write, and every mistake in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sotto.tenants.book import BOOK
from sotto.tenants.reading.folder import TenantMistaken
from sotto.wiring.publishing import book_from, load_tenant
from tests.unit.tenants.tenant_files import PLAYBOOK, POLICIES, TENANT, write_tenant

TENANTS = Path(__file__).parents[3] / "tenants"


def mistakes(folder: Path) -> list[str]:
    return [str(mistake) for mistake in load_tenant(folder).mistakes]


def policies_running(run: str) -> str:
    return f"version: 1\npolicies:\n  - name: everyone\n    run:\n{run}"


def playbook_with(moment: str) -> str:
    return f"version: 1\nsets:\n  basics:\n    moments:\n      m:\n        when: {moment}\n"


def test_a_tenant_without_mistakes_becomes_a_book(tmp_path: Path) -> None:
    book = book_from(write_tenant(tmp_path))
    assert book.tenant == "corner_shop"
    assert book.settings.team_of("bob") == "sales"
    assert book.models["intent"].labels == ("buy", "complain")
    assert book.policies[0].run[1].after == ()


def test_a_book_survives_json(tmp_path: Path) -> None:
    book = book_from(write_tenant(tmp_path))
    assert BOOK.validate_json(BOOK.dump_json(book)) == book


def test_equal_content_has_an_equal_version_and_other_content_another(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "c").mkdir()
    first, second = book_from(write_tenant(tmp_path / "a")), book_from(write_tenant(tmp_path / "b"))
    third = book_from(write_tenant(tmp_path / "c", playbook=PLAYBOOK.replace("0.6", "0.7")))
    assert first.version == second.version != third.version


@pytest.mark.parametrize("name", ["harbour_bank", "torque_garage"])
def test_the_example_tenants_are_fine(name: str) -> None:
    assert mistakes(TENANTS / name) == []


@pytest.mark.parametrize("name", ["harbour_bank", "torque_garage"])
def test_the_example_books_survive_json(name: str) -> None:
    book = book_from(TENANTS / name)
    assert BOOK.validate_json(BOOK.dump_json(book)) == book


def test_an_unknown_model_is_named_with_its_line_and_the_nearest_name(tmp_path: Path) -> None:
    folder = write_tenant(tmp_path, policies=policies_running("      - model: intnet\n"))
    found = mistakes(folder)
    assert found[0] == "corner_shop/policies.yaml:5:16: unknown model 'intnet'; did you mean 'intent'?"


def test_every_mistake_of_every_file_is_found_in_one_go(tmp_path: Path) -> None:
    folder = write_tenant(
        tmp_path,
        tenant=TENANT.replace("[ann, bob]", "[ann, cem]").replace("title", "tilte"),
        policies=POLICIES.replace("[buy]", "[by]").replace("basics", "basic"),
        playbook=PLAYBOOK.replace("intent: buy", "intent: bay").replace("offer:\n        when", "offer:\n        wen"),
    )
    found = "\n".join(mistakes(folder))
    for part in (
        "tenant.yaml:2:1: unknown field 'tilte'; did you mean 'title'?",
        "agent 'cem' is already in team 'sales'",
        "unknown label of 'intent' 'by'; did you mean 'buy'?",
        "unknown playbook set 'basic'; did you mean 'basics'?",
        "unknown intent 'bay'; did you mean 'buy'?",
        "unknown field 'wen'; did you mean 'when'?",
    ):
        assert part in found


@pytest.mark.parametrize(
    ("run", "message"),
    [
        ("      - model: intent\n        after: [sentiment]\n", "comes after unknown model 'sentiment'"),
        (
            "      - {model: intent, after: sentiment}\n      - {model: sentiment, after: intent}\n",
            "5:9: models wait for each other: intent -> sentiment -> intent",
        ),
        (
            "      - model: intent\n      - model: sentiment\n        only_if: {intent: {at_least: 1.5}}\n",
            "1.5 is out of range; write a number from 0 to 1",
        ),
        (
            "      - model: intent\n      - model: sentiment\n        only_if: {intent: {at_least: 0.8, below: 0.3}}\n",
            "7:18: this condition can never be true: intent: at_least 0.8 leaves nothing below 0.3",
        ),
        (
            "      - model: intent\n      - model: sentiment\n"
            "        only_if: {all: [{intent: buy}, {intent: complain}]}\n",
            "7:18: this condition can never be true: intent gives one label, which cannot be buy and complain at once",
        ),
        ("      - model: intent\n        deadline: soon\n", "6:19: 'soon' is not a time"),
        ("      - model: intent\n      - model: intent\n", "6:9: 'intent' runs twice in this policy"),
    ],
)
def test_a_graph_that_cannot_run_is_refused_with_its_line(tmp_path: Path, run: str, message: str) -> None:
    assert any(message in found for found in mistakes(write_tenant(tmp_path, policies=policies_running(run))))


def test_a_dependency_that_only_another_teams_policy_runs_is_refused(tmp_path: Path) -> None:
    policies = (
        "version: 1\npolicies:\n  - name: a\n    when: {teams: sales}\n    run: [{model: intent}]\n"
        "  - name: b\n    when: {teams: help}\n    run: [{model: sentiment, after: intent}]\n"
    )
    found = mistakes(write_tenant(tmp_path, policies=policies))
    assert found == [
        "corner_shop/policies.yaml:8:11: 'sentiment' comes after 'intent', which only another policy runs; "
        "add '- model: intent' to this one"
    ]


def test_what_on_interims_was_called_is_read_in_files_and_in_published_books(tmp_path: Path) -> None:
    for folder, name in (("now", "on_interims"), ("before", "on_partials")):
        policies = policies_running(f"      - {{model: intent, {name}: true}}\n")
        (tmp_path / folder).mkdir()
        book = book_from(write_tenant(tmp_path / folder, policies=policies))
        assert [rule.on_interims for policy in book.policies for rule in policy.run] == [True]
        published = BOOK.dump_json(book).replace(b"on_interims", name.encode())
        assert BOOK.validate_json(published) == book


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ("{teams: sails}", "unknown team 'sails'; did you mean 'sales'?"),
        ("{agents: an}", "unknown agent 'an'; did you mean 'ann'?"),
        ('{hours: {from: "9 am", to: "17:00", zone: Europe/Berlin}}', "'9 am' is not a time of day"),
        ('{hours: {from: "09:00", to: "17:00", zone: Europe/Berln}}', "did you mean 'Europe/Berlin'?"),
        ('{hours: {days: [mo], from: "09:00", to: "17:00", zone: UTC}}', "unknown day 'mo'; did you mean 'mon'?"),
        ('{hours: {from: "09:00", to: "09:00", zone: UTC}}', "'from' and 'to' are the same"),
    ],
)
def test_a_policy_for_nobody_is_refused(tmp_path: Path, when: str, message: str) -> None:
    policies = f"version: 1\npolicies:\n  - name: a\n    when: {when}\n    playbooks: basics\n"
    assert any(message in found for found in mistakes(write_tenant(tmp_path, policies=policies)))


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("{intnet: buy}", "unknown condition 'intnet'; did you mean 'intent'?"),
        ("{not: {intent: buy}}", "'not' stands in a list under 'all:'"),
        ("{all: [{not: {intent: buy}}]}", "only about what has not happened"),
        ("{behaviour: empathy}", "no model has the task 'behaviours'"),
        ("{sentiment: sad}", "unknown sentiment 'sad'; known: negative, neutral, positive"),
        ("n", "unknown moment 'n'"),
        ("m", "moments wait for each other: m -> m"),
        ("{all: []}", "the list is empty"),
        ("[]", "the list is empty"),
        ("{count: {of: {intent: buy}, times: 1}}", "1 is out of range; write a number from 2 to 8"),
        ("{phrases: ['(hold on']}", "has an open bracket"),
        ("{not_said: {what: {intent: buy}, within: 60}}", "'60' is not a time; write for example 800ms, 20s"),
        ("{not_said: {what: {intent: buy}, within: 60s, after: call_strat}}", "did you mean 'call_start'?"),
        ("{intent: buy, speaker: client}", "unknown speaker 'client'"),
    ],
)
def test_a_moment_that_cannot_be_noticed_is_refused(tmp_path: Path, condition: str, message: str) -> None:
    found = mistakes(write_tenant(tmp_path, playbook=playbook_with(condition)))
    assert any(message in mistake and "playbook.yaml:6" in mistake for mistake in found), found


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            "        when: {intent: buy}\n        fact: true\n",
            "6:15: a fact is words of the call: give 'entity' or 'phrases'",
        ),
        ("        when: [{phrases: [a]}, {private: pin}]\n        fact: true\n", "6:15: a fact is words of the call"),
        ("        when: {phrases: [a]}\n        fact: true\n        quiet: true\n", "8:16: a fact is shown among"),
        ("        when: {phrases: [a]}\n        fact: true\n        outcome: true\n", "8:18: a fact is shown among"),
    ],
)
def test_a_fact_is_words_and_shown(tmp_path: Path, fields: str, message: str) -> None:
    playbook = f"version: 1\nsets:\n  basics:\n    moments:\n      m:\n{fields}"
    found = mistakes(write_tenant(tmp_path, playbook=playbook))
    assert any(message in mistake for mistake in found), found


def test_answers_that_no_policy_looks_for_are_refused(tmp_path: Path) -> None:
    playbook = "version: 1\nsets:\n  basics:\n    actions:\n      a: {answer: {model: knowledge}, show: {title: A}}\n"
    found = mistakes(write_tenant(tmp_path, playbook=playbook, policies="version: 1\npolicies: []\n"))
    assert found == [
        "corner_shop/policies.yaml:1:1: no policy runs 'knowledge', whose answers 'a' shows; add '- model: knowledge'"
    ]


def test_broken_yaml_is_shown_where_it_breaks(tmp_path: Path) -> None:
    found = mistakes(write_tenant(tmp_path, playbook="version: 1\nsets: [a\nb: c"))
    assert found[0].startswith("corner_shop/playbook.yaml:")
    assert "not valid YAML" in found[0]


def test_a_missing_file_and_a_missing_folder_are_named(tmp_path: Path) -> None:
    folder = write_tenant(tmp_path)
    (folder / "intents.yaml").unlink()
    assert "corner_shop/intents.yaml is missing" in mistakes(folder)[0]
    with pytest.raises(TenantMistaken, match="there is no such folder"):
        book_from(tmp_path / "nowhere")


def test_an_article_without_title_or_with_a_taken_id_is_refused(tmp_path: Path) -> None:
    knowledge = write_tenant(tmp_path) / "knowledge"
    knowledge.mkdir()
    (knowledge / "a.md").write_text("---\nid: one\ntitle: One\n---\ntext\n")
    (knowledge / "b.md").write_text("---\nid: one\n---\ntext\n")
    (knowledge / "c.md").write_text("---\nid: c\ntitle: Lost: what now\n---\ntext\n")
    found = "\n".join(mistakes(knowledge.parent))
    assert "b.md:2:1: 'title' is missing" in found
    assert "c.md:3:12: not valid YAML" in found
    assert "id 'one' is already that of a.md" in found


def test_a_field_written_twice_is_refused(tmp_path: Path) -> None:
    found = mistakes(write_tenant(tmp_path, tenant=TENANT + "title: Again\n"))
    assert found == ["corner_shop/tenant.yaml:11:1: 'title' is written twice; the first one is on line 2"]


@pytest.mark.parametrize(("written", "days"), [("", 730), ("audit_days: 3650\n", 3650)])
def test_the_audit_log_has_a_retention_of_its_own(tmp_path: Path, written: str, days: int) -> None:
    settings = book_from(write_tenant(tmp_path, tenant=TENANT + written)).settings
    assert (settings.audit_days, settings.retention_days) == (days, 30)


def test_an_audit_log_is_kept_for_a_month_at_least(tmp_path: Path) -> None:
    (mistake,) = mistakes(write_tenant(tmp_path, tenant=TENANT + "audit_days: 7\n"))
    assert "7 is out of range; write a number from 30 to 3650" in mistake


def test_how_much_guidance_at_a_time_is_read_and_checked(tmp_path: Path) -> None:
    asked = "guidance: {pause: 12s, patience: 30s, card_life: 2m, confidence: {info: 0.7}}\n"
    book = load_tenant(write_tenant(tmp_path, tenant=TENANT + asked)).book
    assert book is not None
    read = book.settings.guidance
    assert (read.pause_ms, read.patience_ms, read.card_life_ms) == (12_000, 30_000, 120_000)
    assert (read.floor("info"), read.floor("high")) == (0.7, 0.4)
    wrong = load_tenant(
        write_tenant(tmp_path, tenant=TENANT + "guidance: {pause: 2h, confidence: {grave: 0.5}}\n", name="other")
    )
    assert ["out of range" in str(wrong.mistakes[0]), "unknown field 'grave'" in str(wrong.mistakes[1])] == [True] * 2


def test_what_an_action_and_an_article_name_must_be_there(tmp_path: Path) -> None:
    named = PLAYBOOK.replace(
        "show: {title: Offer it,", "instead_of: offr\n        show: {title: Offer it, article: nowhere,"
    )
    folder = write_tenant(tmp_path, playbook=named)
    (folder / "knowledge").mkdir(exist_ok=True)
    (folder / "knowledge" / "a.md").write_text("---\nid: a\ntitle: A\nintents: [by]\n---\nText.\n")
    mistakes = " ".join(map(str, load_tenant(folder).mistakes))
    assert "unknown other action 'offr'" in mistakes
    assert "unknown article 'nowhere'" in mistakes and "unknown intent 'by'; did you mean 'buy'?" in mistakes
