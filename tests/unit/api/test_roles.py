"""Unit: the table of roles, and what follows from it for every caller and call."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.api.caller import Caller, Unauthorised, caller_of
from sotto.api.roles import NEVER_OWN, TABLE, Action, Reach, Role
from sotto.call.contact import Contact

TENANTS = st.sampled_from(["bank", "garage"])
NAMES = st.sampled_from(["emma", "sue", "tom"])
TEAMS = st.sampled_from(["service", "retention"])
CALLERS = st.builds(
    Caller, tenant=TENANTS, agent=NAMES, role=st.sampled_from(list(Role)), teams=st.frozensets(TEAMS, max_size=2)
)
CALLS = st.builds(
    Contact,
    tenant=TENANTS,
    contact_id=st.just("c1"),
    instance_arn=st.just("i"),
    stream_arn=st.just("s"),
    media_started_at_ms=st.just(0),
    agent=st.none() | NAMES,
    team=st.none() | TEAMS,
)
ACTIONS = st.sampled_from(list(Action))
OF_NO_CALL = (
    Action.READ_AUDIT,
    Action.HANDLE_DATA,
    Action.READ_FORMS,
    Action.READ_BOOK,
    Action.MANAGE_KEYS,
    Action.READ_USAGE,
    Action.MANAGE_WEBHOOKS,
    Action.COACH,
    Action.READ_SETTINGS,
    Action.READ_ALERTS,
    Action.MANAGE_ALERTS,
    Action.SET_QUIET_HOURS,
    Action.IMPORT_CALLS,
    Action.JUDGE_EXAMPLES,
    Action.ROLL_RELEASES,
    Action.EDIT_PLAYBOOK,
)


def test_the_table_says_something_of_every_action_and_role() -> None:
    assert set(TABLE) == set(Action)
    assert all(set(row) == set(Role) for row in TABLE.values())


@settings(max_examples=300)
@given(CALLERS, CALLS, ACTIONS)
def test_nobody_reaches_another_tenants_call(caller: Caller, call: Contact, action: Action) -> None:
    assert caller.tenant == call.tenant or not caller.may(action, call)


@settings(max_examples=300)
@given(CALLERS, CALLS, ACTIONS)
def test_what_a_caller_may_is_what_the_table_reaches(caller: Caller, call: Contact, action: Action) -> None:
    reach = TABLE[action][caller.role]
    is_own = caller.agent == call.agent
    reached = (
        (is_own and Reach.OWN in reach) or (call.team in caller.teams and Reach.TEAM in reach) or (Reach.ANY in reach)
    )
    judges_own = is_own and action in NEVER_OWN
    assert caller.may(action, call) == (caller.tenant == call.tenant and reached and not judges_own)


@given(CALLERS, CALLS)
def test_who_may_not_read_a_call_finds_nothing_of_it_in_any_other_way(caller: Caller, call: Contact) -> None:
    """Lists and searches show words: they reach no further than reading does."""
    for action in (
        Action.SEARCH,
        Action.LIST_HISTORY,
        Action.FOLLOW_LIVE,
        Action.READ_EVALUATION,
        Action.LIST_EVALUATIONS,
        Action.READ_INSIGHTS,
        Action.LIST_INSIGHTS,
        Action.READ_WORKFLOWS,
    ):
        assert caller.may(Action.READ_CALL, call) or not caller.may(action, call), action


@given(CALLERS, CALLS)
def test_a_scorecard_is_listed_exactly_for_those_who_may_read_it(caller: Caller, call: Contact) -> None:
    assert caller.may(Action.LIST_EVALUATIONS, call) == caller.may(Action.READ_EVALUATION, call)


def test_those_who_see_no_calls_but_their_own() -> None:
    call = Contact("bank", "c1", "i", "s", 0, agent="emma", team="service")
    for role in (Role.AGENT, Role.AUTHOR, Role.ADMIN, Role.AUDITOR, Role.PRIVACY_OFFICER):
        anybody = Caller("bank", "sue", role, frozenset({"service"}))
        assert not any(anybody.may(action, call) for action in Action if action not in OF_NO_CALL), role
        assert Caller("bank", "emma", role).may(Action.READ_CALL, call)


def test_a_role_that_is_none_of_them_is_refused_by_name() -> None:
    for role in ("root", "Supervisor", "", 7):
        try:
            caller_of({"tenant": "bank", "agent": "ann", "role": role})
        except Unauthorised as refused:
            assert "agent, supervisor, quality" in str(refused)
        else:
            raise AssertionError(role)
