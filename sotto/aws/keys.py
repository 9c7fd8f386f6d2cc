"""How items are addressed; see the package's docstring for the whole picture."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import quote

from sotto.core.errors import Rejected

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class BadKey(Rejected):
    """A tenant, contact or agent id that cannot be part of a key."""


def of_tenant(tenant: str) -> str:
    if not _SLUG.fullmatch(tenant):
        raise BadKey("tenant: use 1 to 64 of a-z, 0-9, '_' and '-'")
    return tenant


def _part(name: str, value: str) -> str:
    if not value or "#" in value or len(value) > 256:
        raise BadKey(f"{name}: must not be empty, contain '#' or exceed 256 characters")
    return value


def of_contact(tenant: str, contact_id: str) -> str:
    return f"{of_tenant(tenant)}#{_part('contact_id', contact_id)}"


def of_agent(tenant: str, agent: str) -> str:
    return f"{of_tenant(tenant)}#agent#{_part('agent', agent)}"


def of_agents_past(tenant: str, agent: str) -> str:
    return f"{of_tenant(tenant)}#past#{_part('agent', agent)}"


def of_past(started_at_ms: int, contact_id: str) -> str:
    return f"{started_at_ms:013d}#{_part('contact_id', contact_id)}"


def of_open(tenant: str) -> str:
    return f"{of_tenant(tenant)}#open"


def of_conversation(tenant: str, conversation_id: str) -> str:
    return f"{of_tenant(tenant)}#conversation#{_part('conversation_id', conversation_id)}"


def of_team(tenant: str, team: str) -> str:
    return f"{of_tenant(tenant)}#team#{_part('team', team)}"


def of_comparisons(tenant: str, model: str, version: str) -> str:
    return f"{of_tenant(tenant)}#compared#{_part('model', model)}#{_part('version', version)}"


def of_connection(tenant: str, connection_id: str) -> str:
    return f"{of_tenant(tenant)}#connection#{_part('connection_id', connection_id)}"


def of_listener(connection_id: str, subscription: str) -> str:
    return f"connection#{_part('connection_id', connection_id)}#{_part('id', subscription)}"


def of_filings(tenant: str) -> str:
    return f"{of_tenant(tenant)}#filings"


def of_directory(tenant: str) -> str:
    return f"{of_tenant(tenant)}#directory"


def of_directory_agent(agent_id: str) -> str:
    return f"agent#{_part('agent_id', agent_id)}"


def of_username(username: str) -> str:
    """Connect tells no two users of an instance apart by case."""
    return f"username#{_part('username', username.casefold())}"


def of_directory_name(kind: str, id: str) -> str:
    return f"{kind}#{_part('id', id)}"


def of_directory_state(instance: str) -> str:
    return f"state#{_part('instance', instance)}"


def of_directory_progress(instance: str, part: int = 0) -> str:
    return f"progress#{_part('instance', instance)}#{part:04d}"


def of_utterance(seq: int) -> str:
    return f"utterance#{seq:08d}"


def of_annotation(seq: int) -> str:
    return f"annotation#{seq:08d}"


def of_risk(seq: int) -> str:
    return f"risk#{seq:08d}"


def of_audit_record(tenant: str, record: str) -> str:
    """What was done with one record. Raises BadKey."""
    return f"{of_tenant(tenant)}#about#{_part('record', record)}"


def of_audit_day(tenant: str, day: str) -> str:
    return f"{of_tenant(tenant)}#{day}"


def of_follower(who: str) -> str:
    return f"follower#{_part('agent', who)}"


def of_book(tenant: str) -> str:
    return f"{of_tenant(tenant)}#book"


def of_playbook_version(version: str) -> str:
    return f"playbook#{_part('version', version)}"


def of_playbooks(tenant: str) -> str:
    """Drafts, and what was replayed of them."""
    return f"{of_tenant(tenant)}#playbooks#drafts"


def of_playbook_draft(draft_id: str) -> str:
    return f"draft#{_part('draft', draft_id)}"


def of_playbook_replay(replay_id: str) -> str:
    return f"replay#{_part('replay', replay_id)}"


def of_acknowledgement(at_ms: int, version: str) -> str:
    return f"acknowledged#{at_ms:013d}#{_part('version', version)}"


def of_history(tenant: str, conversation_id: str) -> str:
    return f"{of_tenant(tenant)}#row#{_part('conversation_id', conversation_id)}"


def of_history_day(tenant: str, day: str) -> str:
    return f"{of_tenant(tenant)}#day#{day}"


def of_history_list(tenant: str, by: str, value: str) -> str:
    """``value``: whatever Connect or a tenant calls an agent, a team or a queue."""
    written = quote(value, safe=" ")
    if len(written) > 200:
        written = sha256(value.encode()).hexdigest()
    return f"{of_tenant(tenant)}#by-{by}#{_part(by, written)}"


def of_signing_key(tenant: str) -> str:
    return f"{of_tenant(tenant)}#signing-key"


def of_budget(tenant: str, month: str) -> str:
    return f"{of_tenant(tenant)}#budget#{_part('month', month)}"


def of_insights(tenant: str) -> str:
    return f"{of_tenant(tenant)}#insights"


def of_insights_of(tenant: str, contact_id: str) -> str:
    return f"{of_tenant(tenant)}#insights-of#{_part('contact_id', contact_id)}"


def of_insight_customer(customer_id: str) -> str:
    return f"customer#{_part('customer', customer_id)}"


def of_api_keys(tenant: str) -> str:
    return f"{of_tenant(tenant)}#keys"


def of_api_key(key_id: str) -> str:
    return f"key#{_part('key', key_id)}"


def of_api_app(app: str) -> str:
    return f"app#{_part('app', app)}"


def of_api_limit(tenant: str, who: str) -> str:
    return f"{of_tenant(tenant)}#limit#{_part('who', who)}"


def of_api_window(window: int) -> str:
    return f"window#{window:012d}"


def of_api_write(tenant: str, who: str) -> str:
    return f"{of_tenant(tenant)}#write#{_part('who', who)}"


def of_api_token(token: str) -> str:
    return f"token#{_part('token', token)}"


def of_webhooks(tenant: str) -> str:
    return f"{of_tenant(tenant)}#webhooks"


def of_webhook(endpoint_id: str) -> str:
    return f"endpoint#{_part('endpoint', endpoint_id)}"


def of_deliveries(tenant: str, endpoint_id: str) -> str:
    return f"{of_tenant(tenant)}#deliveries#{_part('endpoint', endpoint_id)}"


def of_delivery(occurred_at_ms: int, message_id: str) -> str:
    """Without an id: before all of that time."""
    return f"{occurred_at_ms:013d}#{_part('message', message_id) if message_id else ''}"


def of_due_deliveries(tenant: str) -> str:
    return f"{of_tenant(tenant)}#due-deliveries"


def of_due_delivery(due_at_ms: int, endpoint_id: str, delivery: str) -> str:
    return f"{due_at_ms:013d}#{_part('endpoint', endpoint_id)}#{delivery}"


def of_ordered_deliveries(tenant: str, endpoint_id: str, contact_id: str) -> str:
    return f"{of_tenant(tenant)}#ordered#{_part('endpoint', endpoint_id)}#{_part('contact_id', contact_id)}"


WORKFLOW = "workflow#"
"""What the sort keys of workflows' runs begin with."""


def of_workflow(run_id: str) -> str:
    return f"{WORKFLOW}{_part('workflow', run_id)}"


def of_workflow_once(workflow: str) -> str:
    """Where it is noted that an event has started this workflow for the conversation."""
    return f"workflow-once#{_part('workflow', workflow)}"


def of_workflows(tenant: str) -> str:
    return f"{of_tenant(tenant)}#workflows#all"


def of_waiting_workflows(tenant: str) -> str:
    return f"{of_tenant(tenant)}#workflows#waiting"


def of_workflows_of(tenant: str, contact_id: str) -> str:
    """Ids of the runs about a conversation, by which they are found when the conversation's own records are gone."""
    return f"{of_tenant(tenant)}#workflows-of#{_part('contact_id', contact_id)}"


CALL_NOTE = "call-note#"


def of_call_note(key: str) -> str:
    return f"{CALL_NOTE}{sha256(key.encode()).hexdigest()[:32]}"


CONTACT = "contact"
LEASE = "lease"
STATE = "state"
SUMMARY = "summary"
HANDOVER_NOTE = "handover-note"
FACTS = "facts"
AFTER_CALL = "after-call"
FILED_FACTS = "filed-facts"
"""Where the rows of a conversation are, which analytics counts."""
RECORDING = "recording#"
"""What the sort keys of recordings begin with."""
REVIEW = "review"
SKETCH = "sketch"
"""What a model made of a call, added up."""
EVENT = "event#"
"""What the sort keys of the outbox begin with."""


FILING = "filing#"
"""What the sort keys of the filing outbox begin with."""


def of_filing(system: str) -> str:
    return f"{FILING}{_part('system', system)}"


DUE_FILING = "due#"


def of_due_filing(due_at_ms: int, contact_id: str, system: str) -> str:
    """With neither contact nor system: behind all that is due until then."""
    if not contact_id:
        return f"{DUE_FILING}{due_at_ms:013d}~"
    return f"{DUE_FILING}{due_at_ms:013d}#{_part('contact_id', contact_id)}#{_part('system', system)}"


def of_outcome(system: str, subject: str, at_ms: int) -> str:
    return f"outcome#{_part('system', system)}#{_part('subject', subject)}#{at_ms:013d}"


def of_outcome_cursor(system: str) -> str:
    return f"outcome-cursor#{_part('system', system)}"


def of_question(at_ms: int, subject: str) -> str:
    return f"question#{at_ms:013d}#{_part('subject', subject)}"


def of_summary_version(version: int) -> str:
    return f"summary#{version:08d}"


def of_note(note_id: str) -> str:
    return f"note#{_part('note_id', note_id)}"


SHARED = "shared#"
"""What the sort keys of shared moments begin with."""


def of_shared(share_id: str) -> str:
    return f"{SHARED}{_part('share', share_id)}"


def of_shared_listing(share_id: str) -> str:
    """What names its row in the tenant's list."""
    return f"shared-listing#{_part('share', share_id)}"


def of_shared_moments(tenant: str) -> str:
    return f"{of_tenant(tenant)}#shared#all"


def of_shared_with(tenant: str, agent: str) -> str:
    return f"{of_tenant(tenant)}#shared-with#{_part('agent', agent)}"


def of_shared_place(shared_at_ms: int, share_id: str) -> str:
    return f"{shared_at_ms:013d}#{_part('share', share_id)}"


def of_evaluation(form: str, version: int) -> str:
    return f"evaluation#{_part('form', form)}#{version:08d}"


def of_appeal(form: str, version: int) -> str:
    return f"appeal#{_part('form', form)}#{version:08d}"


def of_acknowledged_evaluation(form: str, version: int) -> str:
    return f"evaluation-seen#{_part('form', form)}#{version:08d}"


def of_gold(form: str) -> str:
    return f"gold#{_part('form', form)}"


def of_ratings(tenant: str, form: str) -> str:
    return f"{of_tenant(tenant)}#ratings#{_part('form', form)}"


def of_rated(at_ms: int, contact_id: str, version: int) -> str:
    return f"{at_ms:013d}#{_part('contact_id', contact_id)}#{version:08d}"


def of_fact_day(tenant: str, day: str) -> str:
    return f"{of_tenant(tenant)}#facts#{_part('day', day)}"


def of_fact_days(tenant: str) -> str:
    return f"{of_tenant(tenant)}#fact-days"


def of_erasure_requests(tenant: str) -> str:
    return f"{of_tenant(tenant)}#requests"


def of_open_requests(tenant: str) -> str:
    return f"{of_tenant(tenant)}#open-requests"


def of_erasure_request(tenant: str, request_id: str) -> str:
    return f"{of_tenant(tenant)}#request#{_part('request', request_id)}"


def of_suppressed(tenant: str) -> str:
    return f"{of_tenant(tenant)}#suppressed"


def of_exports(tenant: str) -> str:
    return f"{of_tenant(tenant)}#exports"


def of_holds(tenant: str) -> str:
    return f"{of_tenant(tenant)}#holds"


def of_postponed(tenant: str) -> str:
    return f"{of_tenant(tenant)}#postponed"


def of_identity(tenant: str, mac: str) -> str:
    return f"{of_tenant(tenant)}#identity#{_part('mac', mac)}"


def of_identities(tenant: str, contact_id: str) -> str:
    return f"{of_tenant(tenant)}#identities#{_part('contact_id', contact_id)}"


def of_identity_key(tenant: str) -> str:
    return f"{of_tenant(tenant)}#identity-key"


def contact_part(contact_id: str) -> str:
    return _part("contact_id", contact_id)


SUSPENSION = "suspension"


def of_suspended(tenant: str) -> str:
    return f"{of_tenant(tenant)}#suspended"


def of_suspended_until(until_ms: int, contact_id: str) -> str:
    return f"{until_ms:013d}#{_part('contact_id', contact_id)}"


def of_recording(id: str) -> str:
    return f"{RECORDING}{_part('recording', id)}"


BESIDE = "beside"
"""The attribute in which an item names another, by pk and sk, that goes when it goes."""


def of_feedback(annotation_id: str) -> str:
    return f"feedback#{annotation_id}"


CORRECTION = "correction#"
"""What the sort keys of corrections begin with."""


def of_correction(about: str, agent: str) -> str:
    return f"{CORRECTION}{_part('about', about)}#{_part('agent', agent)}"


EXAMPLE = "example#"
"""What the sort keys of examples begin with."""


def utterance_part(utterance_id: str) -> str:
    return _part("utterance_id", utterance_id)


def of_example(utterance_id: str) -> str:
    return f"{EXAMPLE}{utterance_part(utterance_id)}"


def of_examples(tenant: str, state: str) -> str:
    return f"{of_tenant(tenant)}#examples#{_part('state', state)}"


def of_reviewers(tenant: str) -> str:
    return f"{of_tenant(tenant)}#reviewers#gold"


def of_gold_answer(reviewer: str, example_id: str) -> str:
    return f"{_part('reviewer', reviewer)}#{example_id}"


def of_trial(tenant: str, number: int, percent: int) -> str:
    """What calls say of a training run's version while it has this share of them."""
    return f"{of_tenant(tenant)}#trial#{number:08d}#{percent:03d}"


def of_event(name: str) -> str:
    return f"{EVENT}{name}"


def of_erasure(number: int) -> str:
    return f"erasure#{number:013d}"


def of_consent(decided_at_ms: int) -> str:
    return f"consent#{decided_at_ms:013d}"


def of_alert_rules(tenant: str) -> str:
    return f"{of_tenant(tenant)}#alerts#rules"


def of_alert_rule(rule_id: str) -> str:
    return f"rule#{_part('rule', rule_id)}"


ALERT_QUIET = "quiet"


def of_alerts(tenant: str) -> str:
    return f"{of_tenant(tenant)}#alerts#raised"


def of_alert(raised_at_ms: int, alert_id: str) -> str:
    return f"{raised_at_ms:013d}#{_part('alert', alert_id)}"


def of_alert_places(tenant: str) -> str:
    return f"{of_tenant(tenant)}#alerts#places"


def of_alert_place(alert_id: str) -> str:
    return f"alert#{_part('alert', alert_id)}"


def of_latest_alerts(tenant: str, rule_id: str) -> str:
    return f"{of_tenant(tenant)}#alerts#latest#{_part('rule', rule_id)}"


def of_latest_alert(subject: str) -> str:
    """``subject``: whatever a tenant calls a team or a queue."""
    return f"subject#{sha256(subject.encode()).hexdigest()}"


def of_due_alerts(tenant: str) -> str:
    return f"{of_tenant(tenant)}#alerts#due"


def of_due_alert(due_at_ms: int, alert_id: str, channel: str) -> str:
    return f"{due_at_ms:013d}#{_part('alert', alert_id)}#{channel}"


def of_sent_alerts(tenant: str, alert_id: str) -> str:
    return f"{of_tenant(tenant)}#alerts#sent#{_part('alert', alert_id)}"


def of_imports(tenant: str) -> str:
    return f"{of_tenant(tenant)}#imports#runs"


def of_import(import_id: str) -> str:
    return f"run#{_part('import_id', import_id)}"


def of_import_place(asked_at_ms: int, import_id: str) -> str:
    """Of the list by time."""
    return f"by-time#{asked_at_ms:013d}#{_part('import_id', import_id)}"


def of_import_pages(tenant: str, import_id: str) -> str:
    return f"{of_tenant(tenant)}#imports#pages#{_part('import_id', import_id)}"


def of_import_page(number: int) -> str:
    return f"page#{number:07d}"


GAP = "gap#"
"""What the sort keys of gaps begin with."""


def gap_part(id: str) -> str:
    return _part("gap", id)


def of_gap(kind: str, id: str) -> str:
    return f"{GAP}{_part('kind', kind)}#{gap_part(id)}"


def of_gaps(tenant: str, kind: str) -> str:
    return f"{of_tenant(tenant)}#gaps#{_part('kind', kind)}"


def of_gap_groups(tenant: str, kind: str) -> str:
    return f"{of_tenant(tenant)}#gap-groups#{_part('kind', kind)}"
