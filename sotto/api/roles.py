"""Who may do what with which call: one table of role, action and reach, which every use case asks.

What a role reaches of calls is said by how the caller stands to one: it is their own, one of a team of theirs, or any
of their tenant. Whoever has a call is its agent, whatever else they are. No role reaches another tenant, and none
reaches what was said before redaction: that is stored nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Flag, StrEnum


class Role(StrEnum):
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    QUALITY = "quality"
    COACH = "coach"
    ANALYST = "analyst"
    AUTHOR = "author"
    ADMIN = "admin"
    AUDITOR = "auditor"
    PRIVACY_OFFICER = "privacy_officer"
    """Erases, holds and hands over (sotto.api.privacy); reads no more calls than an agent."""


class Action(StrEnum):
    READ_CALL = "read_call"
    """Its words, guidance, summary and the work after it."""
    FOLLOW_LIVE = "follow_live"
    """Get its messages as they come."""
    LIST_LIVE = "list_live"
    LIST_HISTORY = "list_history"
    """Rows of conversations: who, when, how long, how it ended, its summary's first line."""
    SEARCH = "search"
    READ_FIGURES = "read_figures"
    """What is counted of conversations."""
    READ_INSIGHTS = "read_insights"
    """What the conversations with one customer say together, and questions about them; of each no more than its
    words."""
    LIST_INSIGHTS = "list_insights"
    """For which customers there are insights, and how many; no call's words."""
    SEND_NOTE = "send_note"
    READ_EVALUATION = "read_evaluation"
    LIST_EVALUATIONS = "list_evaluations"
    """Rows of scorecards: whose call, by which form, what came of it and what it waits for."""
    READ_FORMS = "read_forms"
    """Quality forms, and how well those who judge by them agree; no call's words."""
    REVIEW = "review"
    CALIBRATE = "calibrate"
    ACKNOWLEDGE = "acknowledge"
    APPEAL = "appeal"
    DECIDE = "decide"
    HANDLE_DATA = "handle_data"
    """Erase, hold, release and hand over what is kept of a person."""
    JUDGE_EXAMPLES = "judge_examples"
    """Say what utterances are examples of, for models to learn from; shows the words of any call."""
    ROLL_RELEASES = "roll_releases"
    """See what was learned and how it is judged, and take a version on trial back; no call's words."""
    READ_AUDIT = "read_audit"
    """Who looked at what, and who changed what; no call's words."""
    READ_BOOK = "read_book"
    """What the tenant has published: playbooks, policies, articles."""
    EDIT_PLAYBOOK = "edit_playbook"
    """Write drafts of the playbook, replay them over past calls (their ids and times, no call's words) and publish."""
    READ_USAGE = "read_usage"
    """What language models were used for, what that cost, and how budgets stand."""
    MANAGE_KEYS = "manage_keys"
    """API keys: create, list, roll and revoke them."""
    MANAGE_WEBHOOKS = "manage_webhooks"
    """Where events are sent to: create, change, replay and remove endpoints."""
    COACH = "coach"
    """See agents beside their team, by what they do and do not; no call's words."""
    SHARE_MOMENT = "share_moment"
    """Show the agent a moment of a call, with a comment, and see what became of it."""
    READ_SETTINGS = "read_settings"
    """What the tenant has settled in its folder: teams, retention, policies; and this table."""
    READ_ALERTS = "read_alerts"
    """Alerts and the rules that raise them, as far as the teams that they look at."""
    MANAGE_ALERTS = "manage_alerts"
    """Rules of alerts, and alerts: to write the one, and to acknowledge the other."""
    SET_QUIET_HOURS = "set_quiet_hours"
    """When alerts of the tenant wait."""
    READ_WORKFLOWS = "read_workflows"
    """Runs of workflows, and what they show of their conversation: what was promised, or complained about."""
    RUN_WORKFLOWS = "run_workflows"
    """Start, fork and cancel them."""
    DECIDE_WORKFLOWS = "decide_workflows"
    """Decide what a workflow waits for."""
    IMPORT_CALLS = "import_calls"
    """Start imports of conversations of the past, and see how far they are; no call's words."""


class Reach(Flag):
    """Calls, by how the caller stands to them."""

    NONE = 0
    OWN = 1
    TEAM = 2
    """Of a team that the caller's token names. Their own is among them only where its team is."""
    ANY = 4
    """Of the tenant."""


_MINE = Reach.OWN
_MINE_AND_TEAM = Reach.OWN | Reach.TEAM
_MINE_AND_ANY = Reach.OWN | Reach.ANY
_READERS = {Role.SUPERVISOR: _MINE_AND_TEAM, Role.COACH: _MINE_AND_TEAM, Role.QUALITY: _MINE_AND_ANY}
_JUDGES = {Role.SUPERVISOR: Reach.TEAM, Role.QUALITY: Reach.ANY}
_WATCHERS = {Role.SUPERVISOR: Reach.TEAM, Role.QUALITY: Reach.ANY, Role.ANALYST: Reach.ANY}
_COACHES = {Role.SUPERVISOR: Reach.TEAM, Role.COACH: Reach.TEAM, Role.QUALITY: Reach.ANY}
_FORM_READERS = (Role.SUPERVISOR, Role.COACH, Role.QUALITY, Role.AUTHOR, Role.ADMIN)


def _for_all(otherwise: Reach, named: Mapping[Role, Reach]) -> Mapping[Role, Reach]:
    return {role: named.get(role, otherwise) for role in Role}


TABLE: Mapping[Action, Mapping[Role, Reach]] = {
    Action.READ_CALL: _for_all(_MINE, {**_READERS, Role.ANALYST: _MINE_AND_ANY}),
    Action.FOLLOW_LIVE: _for_all(_MINE, {Role.SUPERVISOR: _MINE_AND_TEAM, Role.COACH: _MINE_AND_TEAM}),
    Action.LIST_LIVE: _for_all(Reach.NONE, {Role.SUPERVISOR: Reach.TEAM}),
    Action.LIST_HISTORY: _for_all(_MINE, {**_READERS, Role.ANALYST: _MINE_AND_ANY}),
    Action.SEARCH: _for_all(_MINE, {**_READERS, Role.ANALYST: _MINE_AND_ANY}),
    Action.READ_FIGURES: _for_all(_MINE, {**_READERS, Role.ANALYST: _MINE_AND_ANY}),
    Action.READ_INSIGHTS: _for_all(_MINE, {**_READERS, Role.ANALYST: _MINE_AND_ANY}),
    Action.LIST_INSIGHTS: _for_all(Reach.NONE, dict.fromkeys((Role.QUALITY, Role.ANALYST), Reach.ANY)),
    Action.SEND_NOTE: _for_all(Reach.NONE, {Role.SUPERVISOR: Reach.TEAM}),
    Action.READ_EVALUATION: _for_all(_MINE, _READERS),
    Action.LIST_EVALUATIONS: _for_all(_MINE, _READERS),
    Action.READ_FORMS: _for_all(Reach.NONE, dict.fromkeys(_FORM_READERS, Reach.ANY)),
    Action.REVIEW: _for_all(Reach.NONE, _JUDGES),
    Action.CALIBRATE: _for_all(Reach.NONE, _JUDGES),
    Action.ACKNOWLEDGE: _for_all(_MINE, {}),
    Action.APPEAL: _for_all(_MINE, {}),
    Action.DECIDE: _for_all(Reach.NONE, _JUDGES),
    Action.HANDLE_DATA: _for_all(Reach.NONE, {Role.PRIVACY_OFFICER: Reach.ANY}),
    Action.JUDGE_EXAMPLES: _for_all(Reach.NONE, {Role.QUALITY: Reach.ANY}),
    Action.ROLL_RELEASES: _for_all(Reach.NONE, {Role.QUALITY: Reach.ANY, Role.ADMIN: Reach.ANY}),
    Action.READ_AUDIT: _for_all(Reach.NONE, {Role.ADMIN: Reach.ANY, Role.AUDITOR: Reach.ANY}),
    Action.READ_BOOK: _for_all(Reach.ANY, {Role.AUDITOR: Reach.NONE, Role.PRIVACY_OFFICER: Reach.NONE}),
    Action.EDIT_PLAYBOOK: _for_all(Reach.NONE, dict.fromkeys((Role.AUTHOR, Role.ADMIN), Reach.ANY)),
    Action.READ_USAGE: _for_all(Reach.NONE, dict.fromkeys((Role.ADMIN, Role.ANALYST, Role.AUDITOR), Reach.ANY)),
    Action.MANAGE_KEYS: _for_all(Reach.NONE, {Role.ADMIN: Reach.ANY}),
    Action.MANAGE_WEBHOOKS: _for_all(Reach.NONE, {Role.ADMIN: Reach.ANY}),
    Action.COACH: _for_all(Reach.NONE, {**_WATCHERS, Role.COACH: Reach.TEAM}),
    Action.SHARE_MOMENT: _for_all(Reach.NONE, _COACHES),
    Action.READ_SETTINGS: _for_all(Reach.NONE, dict.fromkeys((*_FORM_READERS, Role.ANALYST), Reach.ANY)),
    Action.READ_ALERTS: _for_all(Reach.NONE, {**_WATCHERS, Role.COACH: Reach.TEAM}),
    Action.MANAGE_ALERTS: _for_all(Reach.NONE, _WATCHERS),
    Action.READ_WORKFLOWS: _for_all(Reach.NONE, _WATCHERS),
    Action.RUN_WORKFLOWS: _for_all(Reach.NONE, _JUDGES),
    Action.DECIDE_WORKFLOWS: _for_all(Reach.NONE, _JUDGES),
    Action.IMPORT_CALLS: _for_all(Reach.NONE, {Role.ADMIN: Reach.ANY}),
    Action.SET_QUIET_HOURS: _for_all(
        Reach.NONE, {Role.QUALITY: Reach.ANY, Role.ANALYST: Reach.ANY, Role.ADMIN: Reach.ANY}
    ),
}
NEVER_OWN = frozenset({Action.REVIEW, Action.CALIBRATE, Action.DECIDE, Action.DECIDE_WORKFLOWS, Action.SHARE_MOMENT})
"""Whoever has the call cannot judge it, nor be their own coach, whatever their role."""
