"""Unit: who drafts, replays and publishes playbooks; what is refused, and what is noted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from sotto.api.panel.answers import Answer, answered
from sotto.api.roles import Role
from sotto.call.utterance import Utterance
from sotto.core.audit import AuditAction
from sotto.history.conversation import ConversationRow
from tests.fakes.clock import ClockByHand
from tests.fakes.conversations import ConversationsInMemory
from tests.fakes.desk import Desk
from tests.unit.playbooks.past_calls import PLAYBOOK, START_MS, a_call, book_of, buying, keep

NOW = START_MS + 10 * 86_400_000
TENANT = "corner_shop"
PERIOD = {"sinceMs": START_MS, "untilMs": NOW}
CHANGED = PLAYBOOK.replace("[broken, does not work]", "[two of them]")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(ClockByHand(NOW))
    desk.shelf_of_playbooks.pushed(book_of(tmp_path / "shop"), PLAYBOOK, at_ms=START_MS)
    return desk


def ask(desk: Desk, field: str, role: str = "author", who: str = "ada", **given: Any) -> Answer:
    claims = {"tenant": TENANT, "agent": who, "role": role, "teams": ["sales"]}
    return answered(field, given, claims, desk.ports(), lambda name, error: None)


def begun(desk: Desk, text: str | None = CHANGED) -> dict[str, Any]:
    found: dict[str, Any] = ask(desk, "Mutation.beginPlaybookDraft", title="Fewer cards", text=text)["data"]
    return found


def test_an_author_drafts_replays_publishes_and_takes_back(desk: Desk) -> None:
    live = ask(desk, "Query.playbook", role="supervisor")["data"]
    assert live["text"] == PLAYBOOK and [each["name"] for each in live["sets"]] == ["basics"]
    keep(desk, desk.books.current(TENANT), buying(), a_call(shop=TENANT))
    draft = begun(desk)
    assert draft["changes"] == [{"kind": "MOMENT", "name": "complains", "how": "CHANGED"}]
    assert any(line.startswith("+") and "two of them" in line for line in draft["lines"])
    replay = ask(desk, "Mutation.replayPlaybookDraft", draftId=draft["id"], version=1, **PERIOD)["data"]
    page = ask(desk, "Query.playbookReplay", replayId=replay["id"])["data"]
    (played,) = page["played"]
    assert {(each["name"], each["side"]) for each in played["fired"]} >= {("complains", "LIVE"), ("complains", "DRAFT")}
    assert (played["mayOpen"], page["next"]) == (False, None), "authors read no calls but their own"
    done = ask(desk, "Mutation.makePlaybookLive", draftId=draft["id"], version=1, note="Too many")["data"]
    now_live = ask(desk, "Query.playbook")["data"]
    assert (now_live["text"], now_live["versionId"], now_live["drafts"]) == (CHANGED, done["id"], [])
    first, earlier = ask(desk, "Query.playbookVersions")["data"]
    assert (first["publishedBy"], first["note"], earlier["publishedBy"]) == ("ada", "Too many", "engineer")
    shown = ask(desk, "Query.playbookVersion", role="coach", versionId=first["id"])["data"]
    assert [each["name"] for each in shown["changes"]] == ["complains"] and shown["lines"]
    assert isinstance(desk.clock, ClockByHand)
    desk.clock.advance(60_000)
    back = ask(desk, "Mutation.takePlaybookBack", versionId=earlier["id"], insteadOf=now_live["book"])
    assert back["data"]["book"] == live["book"] and ask(desk, "Query.playbook")["data"]["text"] == PLAYBOOK
    noted = [each.action for each in desk.audit.entries(TENANT, 0, NOW + 60_001)]
    assert noted.count(AuditAction.BOOK_PUBLISHED) == 2
    assert {AuditAction.PLAYBOOK_DRAFTED, AuditAction.PLAYBOOK_REPLAYED} <= set(noted)


@pytest.mark.parametrize("role", [each for each in Role if each not in (Role.AUTHOR, Role.ADMIN)])
def test_others_read_or_do_not_even_that_and_change_nothing(desk: Desk, role: Role) -> None:
    draft = begun(desk)
    about = {"draftId": draft["id"], "version": 1}
    version = ask(desk, "Query.playbookVersions")["data"][0]["id"]
    for field, given in {
        "Mutation.beginPlaybookDraft": {"title": "Mine"},
        "Mutation.savePlaybookDraft": {**about, "title": "Mine", "text": PLAYBOOK},
        "Mutation.removePlaybookDraft": about,
        "Mutation.makePlaybookLive": about,
        "Mutation.takePlaybookBack": {"versionId": version, "insteadOf": draft["live"]},
        "Mutation.replayPlaybookDraft": {**about, **PERIOD},
        "Query.playbookReplay": {"replayId": "r1"},
    }.items():
        assert ask(desk, field, role=role.value, **given)["error"]["type"] == "Unauthorized", field
    reads = "data" in ask(desk, "Query.playbook", role=role.value)
    assert reads is (role not in (Role.AUDITOR, Role.PRIVACY_OFFICER))
    assert ask(desk, "Query.playbookDraft", draftId=draft["id"])["data"]["version"] == 1


def test_of_two_authors_the_second_does_not_overwrite_the_first(desk: Desk) -> None:
    draft = begun(desk)
    about = {"draftId": draft["id"], "version": 1, "title": "Mine", "text": PLAYBOOK}
    assert ask(desk, "Mutation.savePlaybookDraft", who="bob", **about)["data"]["version"] == 2
    for field, given in {
        "Mutation.savePlaybookDraft": about,
        "Mutation.makePlaybookLive": {"draftId": draft["id"], "version": 1},
        "Mutation.removePlaybookDraft": {"draftId": draft["id"], "version": 1},
        "Mutation.replayPlaybookDraft": {"draftId": draft["id"], "version": 1, **PERIOD},
    }.items():
        refused = ask(desk, field, **given)
        assert refused["error"]["type"] == "BadRequest" and "read it again" in refused["error"]["message"], field


def test_a_draft_that_something_else_was_published_over_is_not_published_before_that_was_seen(
    desk: Desk, tmp_path: Path
) -> None:
    draft = begun(desk)
    other = PLAYBOOK.replace("longer_than: 10s", "longer_than: 12s")
    desk.shelf_of_playbooks.pushed(book_of(tmp_path / "other", other), other, at_ms=NOW - 1)
    refused = ask(desk, "Mutation.makePlaybookLive", draftId=draft["id"], version=1)
    assert refused["error"]["type"] == "BadRequest" and refused["error"]["message"].startswith("base: ")
    found = ask(desk, "Query.playbookDraft", draftId=draft["id"])["data"]
    assert found["isOvertaken"] and {each["name"] for each in found["changes"]} == {"complains", "long_silence"}
    saved = ask(
        desk, "Mutation.savePlaybookDraft", draftId=draft["id"], version=1, title="x", onLive=True,
        text=other.replace("[broken, does not work]", "[two of them]"),
    )["data"]  # fmt: skip
    assert not saved["isOvertaken"] and [each["name"] for each in saved["changes"]] == ["complains"]
    assert "data" in ask(desk, "Mutation.makePlaybookLive", draftId=draft["id"], version=2)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("version: 1\nsets: {basics: [\n", 3, "not valid YAML"),
        (BOMB, 1, "aliases"),
        ("", 1, "the file is empty"),
        (PLAYBOOK.replace("intent: buy", "intent: bye"), 8, "did you mean 'buy'?"),
        (PLAYBOOK.replace("behaviour: greeting", "behaviour: greetings"), 15, "did you mean 'greeting'?"),
        (PLAYBOOK.replace("        when: wants_to_buy", "        when: wants_to_by"), 18, "wants_to_buy"),
        (PLAYBOOK.replace("hello, good day", "hello, good day, welcome"), 3, "sotto tenants push"),
        (PLAYBOOK.replace("  basics:", "  others:"), 5, "the policy 'everyone' names the set 'basics'"),
        (PLAYBOOK.replace("show: {title", "show: {article: fees, title"), 19, "unknown article 'fees'"),
        (PLAYBOOK.replace("when: wants_to_buy\n", "answer: {model: knowlege}\n"), 18, "did you mean 'knowledge'?"),
    ],
)
def test_a_draft_with_a_mistake_is_kept_with_its_line_and_neither_replayed_nor_published(
    desk: Desk, text: str, line: int, says: str
) -> None:
    draft = begun(desk, text)
    found = {each["line"]: each["message"] for each in draft["mistakes"]}
    assert says in found.get(line, ""), found
    about = {"draftId": draft["id"], "version": 1}
    for field, given in {
        "Mutation.makePlaybookLive": about,
        "Mutation.replayPlaybookDraft": {**about, **PERIOD},
    }.items():
        refused = ask(desk, field, **given)
        assert refused["error"]["message"].startswith("text: playbook.yaml:"), refused
    assert ask(desk, "Query.playbook")["data"]["text"] == PLAYBOOK


def test_what_is_too_large_or_says_nothing_new_is_refused(desk: Desk) -> None:
    large = {"title": "Large", "text": "#" * (256 * 1024 + 1)}
    assert ask(desk, "Mutation.beginPlaybookDraft", **large)["error"]["type"] == "BadRequest"
    bytes_large = {"title": "Large", "text": "#ä" * (128 * 1024)}
    assert "256 KiB" in ask(desk, "Mutation.beginPlaybookDraft", **bytes_large)["error"]["message"]
    same = begun(desk, PLAYBOOK + "# only a comment\n")
    refused = ask(desk, "Mutation.makePlaybookLive", draftId=same["id"], version=1)
    assert "nothing to publish" in refused["error"]["message"]
    for _ in range(19):
        begun(desk)
    assert "remove one first" in ask(desk, "Mutation.beginPlaybookDraft", title="One more")["error"]["message"]


def test_a_period_without_calls_gives_an_empty_replay_and_one_backwards_is_refused(desk: Desk) -> None:
    draft = begun(desk)
    about = {"draftId": draft["id"], "version": 1}
    replay = ask(desk, "Mutation.replayPlaybookDraft", **about, **PERIOD)["data"]
    assert (replay["contacts"], replay["leftOut"]) == (0, 0)
    page = ask(desk, "Query.playbookReplay", replayId=replay["id"])["data"]
    assert (page["played"], page["next"]) == ([], None)
    backwards = ask(desk, "Mutation.replayPlaybookDraft", **about, sinceMs=NOW, untilMs=START_MS)
    assert backwards["error"]["type"] == "BadRequest"
    assert ask(desk, "Query.playbookReplay", replayId="r9")["error"]["type"] == "NotFound"


def test_a_replay_is_read_page_by_page_as_the_calls_are_now(desk: Desk) -> None:
    book = desk.books.current(TENANT)
    for number in range(5):
        keep(desk, book, buying(), a_call(shop=TENANT, number=number))
    draft = begun(desk)
    replay = ask(
        desk, "Mutation.replayPlaybookDraft", draftId=draft["id"], version=1, most=4, **PERIOD
    )["data"]  # fmt: skip
    assert (replay["contacts"], replay["leftOut"]) == (4, 1)
    first = ask(desk, "Query.playbookReplay", replayId=replay["id"], first=3)["data"]
    assert [each["contactId"] for each in first["played"]] == ["c4", "c3", "c2"] and first["next"] == "c2"
    desk.conversations.all_utterances = [each for each in desk.conversations.all_utterances if each.contact_id != "c1"]
    rest = ask(desk, "Query.playbookReplay", replayId=replay["id"], first=3, after="c2")["data"]
    assert [(each["contactId"], each["skipped"]) for each in rest["played"]] == [("c1", "NO_WORDS")]
    assert rest["next"] is None


class SlowConversations(ConversationsInMemory):
    """Each call takes three seconds to read."""

    def utterances(self, tenant: str, contact_id: str, after_seq: int, limit: int) -> Sequence[Utterance]:
        assert isinstance(self.clock, ClockByHand)
        self.clock.advance(3_000)
        return super().utterances(tenant, contact_id, after_seq, limit)

    clock: ClockByHand | None = None


def test_a_page_of_long_calls_ends_early_and_the_next_one_goes_on_there(desk: Desk) -> None:
    desk.conversations = SlowConversations()
    desk.conversations.clock = desk.clock  # type: ignore[assignment]
    book = desk.books.current(TENANT)
    for number in range(5):
        keep(desk, book, buying(), a_call(shop=TENANT, number=number))
    draft = begun(desk)
    replay = ask(desk, "Mutation.replayPlaybookDraft", draftId=draft["id"], version=1, **PERIOD)["data"]
    pages, after = [], None
    while True:
        page = ask(desk, "Query.playbookReplay", replayId=replay["id"], after=after)["data"]
        pages.append([each["contactId"] for each in page["played"]])
        after = page["next"]
        if after is None:
            break
    assert pages == [["c4", "c3"], ["c2", "c1"], ["c0"]]


def test_calls_under_way_and_of_others_are_not_replayed(desk: Desk) -> None:
    book = desk.books.current(TENANT)
    keep(desk, book, buying(), a_call(shop=TENANT))
    (row,) = desk.history.stored.values()
    under_way = ConversationRow(TENANT, "x", tuple(leg.__class__("x", START_MS) for leg in row.legs), 1)
    desk.history.replace(under_way, before=None)
    draft = begun(desk)
    replay = ask(desk, "Mutation.replayPlaybookDraft", draftId=draft["id"], version=1, **PERIOD)["data"]
    assert replay["contacts"] == 1
    claims = {"tenant": "garage", "agent": "eve", "role": "author", "teams": []}
    for field, given in {
        "Query.playbookDraft": {"draftId": draft["id"]},
        "Query.playbookReplay": {"replayId": replay["id"]},
    }.items():
        assert answered(field, given, claims, desk.ports(), lambda *_: None)["error"]["type"] == "NotFound"


def test_an_author_who_has_the_call_may_open_it(desk: Desk) -> None:
    keep(desk, desk.books.current(TENANT), buying(), a_call(shop=TENANT))
    draft = begun(desk)
    replay = ask(desk, "Mutation.replayPlaybookDraft", draftId=draft["id"], version=1, **PERIOD)["data"]
    mine = ask(desk, "Query.playbookReplay", who="ann", replayId=replay["id"])["data"]["played"]
    assert [each["mayOpen"] for each in mine] == [True]


def test_a_book_that_kept_no_text_says_so_and_takes_a_text_that_is_written(desk: Desk, tmp_path: Path) -> None:
    other = PLAYBOOK.replace("longer_than: 10s", "longer_than: 12s")
    desk.books.publish(book_of(tmp_path / "older", other))
    assert ask(desk, "Query.playbook")["data"]["text"] is None
    assert ask(desk, "Mutation.beginPlaybookDraft", title="x")["error"]["type"] == "NotFound"
    assert begun(desk)["changes"]
