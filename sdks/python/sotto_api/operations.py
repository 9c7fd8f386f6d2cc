"""A method for each operation of the API."""

# Made by python -m sdks out of docs/openapi.json.
# ruff: noqa: E501

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from . import models
from .address import segment


class Operations(ABC):
    @abstractmethod
    def _ask(self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: Mapping[str, Any] | None = None, writes: bool = False) -> Any: ...

    @abstractmethod
    def _pages(self, ask: Callable[[str | None], Any]) -> Iterator[Any]: ...

    def list_audit_entries(self, *, since_ms: int, until_ms: int, limit: int | None = None) -> models.AuditEntries:
        """Who did what, when, to which record, of 31 days at most: the oldest first. Reading it is noted too. Needs the scope audit:read."""
        found: models.AuditEntries = self._ask("GET", "/v1/audit", query={"since_ms": since_ms, "until_ms": until_ms, "limit": limit})
        return found

    def get_book(self) -> models.Book:
        """What there is in the book, by name. Needs the scope book:read."""
        found: models.Book = self._ask("GET", "/v1/book")
        return found

    def get_article(self, article_id: str) -> models.Article:
        """One article of the knowledge base. Needs the scope book:read."""
        found: models.Article = self._ask("GET", f"/v1/book/articles/{segment(article_id)}")
        return found

    def list_dispositions(self) -> models.Dispositions:
        """How calls may end. Needs the scope book:read."""
        found: models.Dispositions = self._ask("GET", "/v1/book/dispositions")
        return found

    def list_forms(self) -> models.BookDocuments:
        """Quality forms. Needs the scope book:read."""
        found: models.BookDocuments = self._ask("GET", "/v1/book/forms")
        return found

    def list_playbooks(self) -> models.BookDocuments:
        """Moments, actions and checklists. Needs the scope book:read."""
        found: models.BookDocuments = self._ask("GET", "/v1/book/playbooks")
        return found

    def list_policies(self) -> models.BookDocuments:
        """Which models run for whom. Needs the scope book:read."""
        found: models.BookDocuments = self._ask("GET", "/v1/book/policies")
        return found

    def get_contact(self, contact_id: str, *, expand: list[Literal['summary', 'disposition', 'checklist', 'feedback']] | None = None) -> models.Contact:
        """One contact: who, when, where it stands; and with it what was made of it, as far as expand asks for it. Needs the scope contacts:read."""
        found: models.Contact = self._ask("GET", f"/v1/contacts/{segment(contact_id)}", query={"expand": expand})
        return found

    def list_annotations(self, contact_id: str, *, limit: int | None = None, cursor: str | None = None) -> models.Annotations:
        """What was noticed and shown, each with its evidence. Needs the scope contacts:read."""
        found: models.Annotations = self._ask("GET", f"/v1/contacts/{segment(contact_id)}/annotations", query={"limit": limit, "cursor": cursor})
        return found

    def iterate_annotations(self, contact_id: str, *, limit: int | None = None) -> Iterator[models.Annotation]:
        """All of ``list_annotations``, page by page as it is asked for."""
        return self._pages(lambda cursor: self.list_annotations(contact_id, limit=limit, cursor=cursor))

    def get_checklist(self, contact_id: str) -> models.Checklist:
        """What was to be done in the call, and what was. Needs the scope contacts:read."""
        found: models.Checklist = self._ask("GET", f"/v1/contacts/{segment(contact_id)}/checklist")
        return found

    def get_disposition(self, contact_id: str) -> models.Disposition:
        """How the contact ended: what is suggested, and what its agent chose. Needs the scope contacts:read."""
        found: models.Disposition = self._ask("GET", f"/v1/contacts/{segment(contact_id)}/disposition")
        return found

    def choose_disposition(self, contact_id: str, *, code: str) -> models.Disposition | None:
        """Choose how the contact ended: for the agent who had it. Needs the scope contacts:write."""
        found: models.Disposition | None = self._ask("PUT", f"/v1/contacts/{segment(contact_id)}/disposition", body={"code": code}, writes=True)
        return found

    def list_evaluations(self, contact_id: str) -> models.Scorecards:
        """Each quality form of the contact: which evaluation counts, and those before it. Needs the scope evaluations:read."""
        found: models.Scorecards = self._ask("GET", f"/v1/contacts/{segment(contact_id)}/evaluations")
        return found

    def list_feedback(self, contact_id: str) -> models.FeedbackList:
        """What the agent thought of the guidance. Needs the scope contacts:read."""
        found: models.FeedbackList = self._ask("GET", f"/v1/contacts/{segment(contact_id)}/feedback")
        return found

    def give_feedback(self, contact_id: str, *, annotation_id: str, action: Literal['acknowledge', 'dismiss', 'restore', 'rate'], rating: Literal['up', 'down'] | None = None, reason: str | None = None) -> models.Feedback:
        """Acknowledge, dismiss, restore or rate a card: for the agent who has the contact. Needs the scope contacts:write."""
        found: models.Feedback = self._ask("POST", f"/v1/contacts/{segment(contact_id)}/feedback", body={"annotation_id": annotation_id, "action": action, "rating": rating, "reason": reason}, writes=True)
        return found

    def get_insights_of_contact(self, contact_id: str) -> models.CustomerInsights:
        """The insights of the customer whose contact it was, over all their conversations. Needs the scope insights:read."""
        found: models.CustomerInsights = self._ask("GET", f"/v1/contacts/{segment(contact_id)}/insights")
        return found

    def list_recordings(self, contact_id: str) -> models.Recordings:
        """Redacted recordings, each with a link for five minutes. A link that is given out is noted in the audit log. Needs the scope recordings:read."""
        found: models.Recordings = self._ask("GET", f"/v1/contacts/{segment(contact_id)}/recordings")
        return found

    def list_shared_moments_of_contact(self, contact_id: str) -> models.SharedMomentsOfContact:
        """What was shared of a contact: for those who may share it, and for its agent. Needs the scope contacts:read."""
        found: models.SharedMomentsOfContact = self._ask("GET", f"/v1/contacts/{segment(contact_id)}/shared-moments")
        return found

    def share_moment_of_contact(self, contact_id: str, *, from_ms: int, until_ms: int, comment: str, annotation_id: str | None = None) -> models.SharedMomentWithWords:
        """Share a stretch of a contact with the agent who had it. The same again, by the same client, is shared once. Needs the scope contacts:write."""
        found: models.SharedMomentWithWords = self._ask("POST", f"/v1/contacts/{segment(contact_id)}/shared-moments", body={"from_ms": from_ms, "until_ms": until_ms, "comment": comment, "annotation_id": annotation_id}, writes=True)
        return found

    def acknowledge_shared_moment(self, contact_id: str, *, share_id: str, answer: str | None = None) -> models.SharedMomentWithWords:
        """Acknowledge what was shared, for the agent with whom it was; an answer is given once, now or later. Needs the scope contacts:write."""
        found: models.SharedMomentWithWords = self._ask("PUT", f"/v1/contacts/{segment(contact_id)}/shared-moments", body={"share_id": share_id, "answer": answer}, writes=True)
        return found

    def get_summary(self, contact_id: str) -> models.Summary:
        """The summary; each line names the utterances that it rests on. Needs the scope contacts:read."""
        found: models.Summary = self._ask("GET", f"/v1/contacts/{segment(contact_id)}/summary")
        return found

    def get_transcript(self, contact_id: str, *, limit: int | None = None, cursor: str | None = None) -> models.Transcript:
        """What was said, redacted, utterance by utterance. Reading it is noted in the audit log. Needs the scope transcripts:read."""
        found: models.Transcript = self._ask("GET", f"/v1/contacts/{segment(contact_id)}/transcript", query={"limit": limit, "cursor": cursor})
        return found

    def iterate_transcript(self, contact_id: str, *, limit: int | None = None) -> Iterator[models.Utterance]:
        """All of ``get_transcript``, page by page as it is asked for."""
        return self._pages(lambda cursor: self.get_transcript(contact_id, limit=limit, cursor=cursor))

    def list_conversations(self, *, limit: int | None = None, cursor: str | None = None, agent: list[str] | None = None, team: list[str] | None = None, queue: list[str] | None = None, language: list[str] | None = None, channel: list[models.Channel] | None = None, disposition: list[str] | None = None, moment: list[str] | None = None, since_ms: int | None = None, until_ms: int | None = None, min_score: float | None = None, max_score: float | None = None, min_duration_ms: int | None = None, max_duration_ms: int | None = None, contact_id: str | None = None, sort: models.SortBy | None = None, order: Literal['ascending', 'descending'] | None = None) -> models.Conversations:
        """Conversations of the last 30 days or of a period, the latest first. Needs the scope conversations:read."""
        found: models.Conversations = self._ask("GET", "/v1/conversations", query={"limit": limit, "cursor": cursor, "agent": agent, "team": team, "queue": queue, "language": language, "channel": channel, "disposition": disposition, "moment": moment, "since_ms": since_ms, "until_ms": until_ms, "min_score": min_score, "max_score": max_score, "min_duration_ms": min_duration_ms, "max_duration_ms": max_duration_ms, "contact_id": contact_id, "sort": sort, "order": order})
        return found

    def iterate_conversations(self, *, limit: int | None = None, agent: list[str] | None = None, team: list[str] | None = None, queue: list[str] | None = None, language: list[str] | None = None, channel: list[models.Channel] | None = None, disposition: list[str] | None = None, moment: list[str] | None = None, since_ms: int | None = None, until_ms: int | None = None, min_score: float | None = None, max_score: float | None = None, min_duration_ms: int | None = None, max_duration_ms: int | None = None, contact_id: str | None = None, sort: models.SortBy | None = None, order: Literal['ascending', 'descending'] | None = None) -> Iterator[models.Conversation]:
        """All of ``list_conversations``, page by page as it is asked for."""
        return self._pages(lambda cursor: self.list_conversations(limit=limit, agent=agent, team=team, queue=queue, language=language, channel=channel, disposition=disposition, moment=moment, since_ms=since_ms, until_ms=until_ms, min_score=min_score, max_score=max_score, min_duration_ms=min_duration_ms, max_duration_ms=max_duration_ms, contact_id=contact_id, sort=sort, order=order, cursor=cursor))

    def get_conversation(self, conversation_id: str) -> models.Conversation:
        """One conversation with those of its contacts that you may see. Needs the scope conversations:read."""
        found: models.Conversation = self._ask("GET", f"/v1/conversations/{segment(conversation_id)}")
        return found

    def ask_erasure(self, *, person: models.Person) -> models.Erasure:
        """Ask for all contacts of a person to be erased. It takes a while; its certificate says when it is done. Needs the scope erasures:write."""
        found: models.Erasure = self._ask("POST", "/v1/erasures", body={"person": person}, writes=True)
        return found

    def get_erasure_certificate(self, erasure_id: str) -> models.Certificate:
        """Of an erasure that is finished; until then there is none. Needs the scope erasures:read."""
        found: models.Certificate = self._ask("GET", f"/v1/erasures/{segment(erasure_id)}/certificate")
        return found

    def export_person(self, *, person: models.Person) -> models.Export:
        """Ask for all that is kept of a person's contacts, and who looked at it; then read it by its id, within a week. Needs the scope exports:write."""
        found: models.Export = self._ask("POST", "/v1/exports", body={"person": person}, writes=True)
        return found

    def get_export(self, export_id: str, *, limit: int | None = None, cursor: str | None = None) -> models.ExportPage:
        """What is kept now of the contacts of an export, some at a time. That it was handed out is noted first. Needs the scope exports:read."""
        found: models.ExportPage = self._ask("GET", f"/v1/exports/{segment(export_id)}", query={"limit": limit, "cursor": cursor})
        return found

    def iterate_export(self, export_id: str, *, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """All of ``get_export``, page by page as it is asked for."""
        return self._pages(lambda cursor: self.get_export(export_id, limit=limit, cursor=cursor))

    def list_gaps(self, *, kind: models.GapKind, state: models.GroupState | None = None) -> models.GapGroups:
        """Groups of what no intent or no article is for, those with most calls first. Needs the scope gaps:read."""
        found: models.GapGroups = self._ask("GET", "/v1/gaps", query={"kind": kind, "state": state})
        return found

    def get_gap(self, gap_id: str, *, kind: models.GapKind) -> models.GapGroupWithExamples:
        """One group with its latest examples. Each call whose words are shown is noted in the audit log. Needs the scope gaps:read."""
        found: models.GapGroupWithExamples = self._ask("GET", f"/v1/gaps/{segment(gap_id)}", query={"kind": kind})
        return found

    def accept_gap(self, gap_id: str, *, kind: models.GapKind, version: int, name: str, chosen: list[models.Place] | None = None) -> models.GapGroup:
        """Make it a new intent, whose chosen examples models learn from, or an article to write. The same again changes nothing. Needs the scope gaps:write."""
        found: models.GapGroup = self._ask("PUT", f"/v1/gaps/{segment(gap_id)}/accept", body={"kind": kind, "version": version, "name": name, "chosen": chosen}, writes=True)
        return found

    def ignore_gap(self, gap_id: str, *, kind: models.GapKind, version: int) -> models.GapGroup:
        """It is not shown any more, nor is what is like it. Needs the scope gaps:write."""
        found: models.GapGroup = self._ask("PUT", f"/v1/gaps/{segment(gap_id)}/ignore", body={"kind": kind, "version": version}, writes=True)
        return found

    def merge_gap(self, gap_id: str, *, kind: models.GapKind, version: int, into: str, into_group: bool | None = None, chosen: list[models.Place] | None = None) -> models.GapGroup:
        """Say that it is what an intent or article is for, or another open group. The same again changes nothing. Needs the scope gaps:write."""
        found: models.GapGroup = self._ask("PUT", f"/v1/gaps/{segment(gap_id)}/merge", body={"kind": kind, "version": version, "into": into, "into_group": into_group, "chosen": chosen}, writes=True)
        return found

    def reopen_gap(self, gap_id: str, *, kind: models.GapKind, version: int) -> models.GapGroup:
        """What was ignored, or an article that was to be written, waits for a decision again. Needs the scope gaps:write."""
        found: models.GapGroup = self._ask("PUT", f"/v1/gaps/{segment(gap_id)}/reopen", body={"kind": kind, "version": version}, writes=True)
        return found

    def place_hold(self, *, person: models.Person, matter: str) -> models.Holds:
        """Keep all contacts of a person, whatever asks for them to go. Needs the scope holds:write."""
        found: models.Holds = self._ask("POST", "/v1/holds", body={"person": person, "matter": matter}, writes=True)
        return found

    def release_hold(self, *, person: models.Person) -> models.Released:
        """No longer hold the contacts of a person; what was to be erased meanwhile is erased now. Needs the scope holds:write."""
        found: models.Released = self._ask("POST", "/v1/holds/release", body={"person": person}, writes=True)
        return found

    def list_imports(self, *, limit: int | None = None, cursor: str | None = None) -> models.ImportRows:
        """Imports, the latest first, for ninety days. Needs the scope imports:read."""
        found: models.ImportRows = self._ask("GET", "/v1/imports", query={"limit": limit, "cursor": cursor})
        return found

    def iterate_imports(self, *, limit: int | None = None) -> Iterator[models.ImportRow]:
        """All of ``list_imports``, page by page as it is asked for."""
        return self._pages(lambda cursor: self.list_imports(limit=limit, cursor=cursor))

    def start_import(self, *, object: str, source: str | None = None) -> models.ImportStatus:
        """Import what an object describes. The same object again is the same import: one that is over tries again what had failed. Needs the scope imports:write."""
        found: models.ImportStatus = self._ask("POST", "/v1/imports", body={"object": object, "source": source}, writes=True)
        return found

    def get_import(self, import_id: str) -> models.ImportStatus:
        """How far an import is, and which of its lines are wrong. Needs the scope imports:read."""
        found: models.ImportStatus = self._ask("GET", f"/v1/imports/{segment(import_id)}")
        return found

    def list_insights(self, *, limit: int | None = None, cursor: str | None = None) -> models.KnownCustomers:
        """For which customers insights were made, and how many of which kind. Needs the scope insights:read."""
        found: models.KnownCustomers = self._ask("GET", "/v1/insights", query={"limit": limit, "cursor": cursor})
        return found

    def iterate_insights(self, *, limit: int | None = None) -> Iterator[models.KnownCustomer]:
        """All of ``list_insights``, page by page as it is asked for."""
        return self._pages(lambda cursor: self.list_insights(limit=limit, cursor=cursor))

    def make_insights(self, *, person: models.Person) -> models.CustomerInsights:
        """Make the insights of a customer, over all their conversations, and give the customer an id of ours. Needs the scope insights:write."""
        found: models.CustomerInsights = self._ask("POST", "/v1/insights", body={"person": person}, writes=True)
        return found

    def get_insights(self, customer_id: str) -> models.CustomerInsights:
        """The insights of a customer as they are now, with the conversations that came meanwhile. Needs the scope insights:read."""
        found: models.CustomerInsights = self._ask("GET", f"/v1/insights/{segment(customer_id)}")
        return found

    def ask_about_customer(self, customer_id: str, *, question: str) -> models.CustomerAnswer:
        """Ask something about a customer: answered in words of their conversations, or "not in these conversations". Needs the scope insights:read."""
        found: models.CustomerAnswer = self._ask("POST", f"/v1/insights/{segment(customer_id)}/ask", body={"question": question})
        return found

    def list_api_keys(self) -> models.ApiKeys:
        """All keys, also those that are over: who had which stays known. Needs the scope keys:read."""
        found: models.ApiKeys = self._ask("GET", "/v1/keys")
        return found

    def create_api_key(self, *, app: str, role: models.Role, scopes: list[str], teams: list[str] | None = None, expires_in_days: int | None = None) -> models.NewApiKey:
        """A key for an app, which has two live ones at most. It is shown in this answer and never again. Needs the scope keys:write."""
        found: models.NewApiKey = self._ask("POST", "/v1/keys", body={"app": app, "role": role, "scopes": scopes, "teams": teams, "expires_in_days": expires_in_days}, writes=True)
        return found

    def revoke_api_key(self, key_id: str) -> models.ApiKeyShown:
        """Good for nothing from the next request on. Needs the scope keys:write."""
        found: models.ApiKeyShown = self._ask("DELETE", f"/v1/keys/{segment(key_id)}", writes=True)
        return found

    def get_api_key(self, key_id: str) -> models.ApiKeyShown:
        """One key, without its secret. Needs the scope keys:read."""
        found: models.ApiKeyShown = self._ask("GET", f"/v1/keys/{segment(key_id)}")
        return found

    def roll_api_key(self, key_id: str, *, overlap_hours: int | None = None) -> models.NewApiKey:
        """Another key of the same app; the old one expires after the overlap. Needs the scope keys:write."""
        found: models.NewApiKey = self._ask("POST", f"/v1/keys/{segment(key_id)}/roll", body={"overlap_hours": overlap_hours}, writes=True)
        return found

    def list_metrics(self) -> models.Metrics:
        """The metrics that can be asked for. Needs the scope metrics:read."""
        found: models.Metrics = self._ask("GET", "/v1/metrics")
        return found

    def ask_metrics(self, *, question: str) -> models.AnsweredQuestion:
        """A question in words becomes a form over a metric, which is shown and then counted; or it is refused. Needs the scope metrics:read."""
        found: models.AnsweredQuestion = self._ask("POST", "/v1/metrics/ask", body={"question": question})
        return found

    def list_conversations_behind(self, *, metric: str, period: models.MetricPeriod, dimensions: list[str] | None = None, filters: list[models.MetricFilter] | None = None, compare: Literal['nothing', 'previous', 'year'] | None = None, highest: bool | None = None, limit: int | None = None, most: int | None = None) -> models.Behind:
        """The conversations behind a figure. Needs the scope metrics:read."""
        found: models.Behind = self._ask("POST", "/v1/metrics/behind", body={"metric": metric, "period": period, "dimensions": dimensions, "filters": filters, "compare": compare, "highest": highest, "limit": limit, "most": most})
        return found

    def query_metric(self, *, metric: str, period: models.MetricPeriod, dimensions: list[str] | None = None, filters: list[models.MetricFilter] | None = None, compare: Literal['nothing', 'previous', 'year'] | None = None, highest: bool | None = None, limit: int | None = None) -> models.Figures:
        """Figures of one metric, of what you may see. Needs the scope metrics:read."""
        found: models.Figures = self._ask("POST", "/v1/metrics/query", body={"metric": metric, "period": period, "dimensions": dimensions, "filters": filters, "compare": compare, "highest": highest, "limit": limit})
        return found

    def get_playbook(self) -> models.PlaybookNow:
        """The playbook that is live, as it was written. Needs the scope playbook:read."""
        found: models.PlaybookNow = self._ask("GET", "/v1/playbook")
        return found

    def list_playbook_drafts(self) -> models.PlaybookDrafts:
        """Those that are being written, the one that was changed last first. Needs the scope playbook:read."""
        found: models.PlaybookDrafts = self._ask("GET", "/v1/playbook/drafts")
        return found

    def begin_playbook_draft(self, *, title: str, text: str | None = None, from_version: str | None = None) -> models.PlaybookDraft:
        """Begin with what is live, with a text of yours, or with an earlier version (to take the playbook back to it). Needs the scope playbook:write."""
        found: models.PlaybookDraft = self._ask("POST", "/v1/playbook/drafts", body={"title": title, "text": text, "from_version": from_version}, writes=True)
        return found

    def remove_playbook_draft(self, draft_id: str) -> models.PlaybookDraftRow:
        """Remove a draft; write If-Match to remove only what you saw. Needs the scope playbook:write."""
        found: models.PlaybookDraftRow = self._ask("DELETE", f"/v1/playbook/drafts/{segment(draft_id)}", writes=True)
        return found

    def get_playbook_draft(self, draft_id: str) -> models.PlaybookDraft:
        """A draft as it stands beside what is live now: mistakes with their lines, and what it would change. Needs the scope playbook:read."""
        found: models.PlaybookDraft = self._ask("GET", f"/v1/playbook/drafts/{segment(draft_id)}")
        return found

    def save_playbook_draft(self, draft_id: str, *, version: int, title: str, text: str, on_live: bool | None = None) -> models.PlaybookDraft:
        """Save a draft, with mistakes or without; they are answered. Needs the scope playbook:write."""
        found: models.PlaybookDraft = self._ask("PUT", f"/v1/playbook/drafts/{segment(draft_id)}", body={"version": version, "title": title, "text": text, "on_live": on_live}, writes=True)
        return found

    def publish_playbook_draft(self, draft_id: str, *, version: int, note: str | None = None) -> models.PlaybookVersion:
        """Guide every call by it within half a minute. The draft goes; the version stays in the history. Needs the scope playbook:write."""
        found: models.PlaybookVersion = self._ask("POST", f"/v1/playbook/drafts/{segment(draft_id)}/publish", body={"version": version, "note": note}, writes=True)
        return found

    def replay_playbook_draft(self, draft_id: str, *, version: int, since_ms: int, until_ms: int, most: int | None = None) -> models.PlaybookReplay:
        """Over the latest calls of a period that are over; read what comes of it by its id, within a week. Needs the scope playbook:write."""
        found: models.PlaybookReplay = self._ask("POST", f"/v1/playbook/drafts/{segment(draft_id)}/replays", body={"version": version, "since_ms": since_ms, "until_ms": until_ms, "most": most}, writes=True)
        return found

    def get_playbook_replay(self, replay_id: str, *, limit: int | None = None, cursor: str | None = None) -> models.PlaybookReplayPage:
        """The next calls of a replay, played as they are stored now by what is live and by the draft. Needs the scope playbook:read."""
        found: models.PlaybookReplayPage = self._ask("GET", f"/v1/playbook/replays/{segment(replay_id)}", query={"limit": limit, "cursor": cursor})
        return found

    def iterate_playbook_replay(self, replay_id: str, *, limit: int | None = None) -> Iterator[models.ReplayedContact]:
        """All of ``get_playbook_replay``, page by page as it is asked for."""
        return self._pages(lambda cursor: self.get_playbook_replay(replay_id, limit=limit, cursor=cursor))

    def list_playbook_versions(self, *, limit: int | None = None, cursor: str | None = None) -> models.PlaybookVersions:
        """What was published, by whom and when; the latest first. Needs the scope playbook:read."""
        found: models.PlaybookVersions = self._ask("GET", "/v1/playbook/versions", query={"limit": limit, "cursor": cursor})
        return found

    def iterate_playbook_versions(self, *, limit: int | None = None) -> Iterator[models.PlaybookVersion]:
        """All of ``list_playbook_versions``, page by page as it is asked for."""
        return self._pages(lambda cursor: self.list_playbook_versions(limit=limit, cursor=cursor))

    def get_playbook_version(self, version_id: str) -> models.PlaybookVersionText:
        """One version, and what it changed of the one before. Needs the scope playbook:read."""
        found: models.PlaybookVersionText = self._ask("GET", f"/v1/playbook/versions/{segment(version_id)}")
        return found

    def search_moments(self, *, text: str, agents: list[str] | None = None, teams: list[str] | None = None, queues: list[str] | None = None, languages: list[str] | None = None, dispositions: list[str] | None = None, moments: list[str] | None = None, speakers: list[Literal['customer', 'agent', 'system']] | None = None, contact_id: str | None = None, kind: Literal['utterance', 'summary'] | None = None, since_ms: int | None = None, until_ms: int | None = None, limit: int | None = None) -> models.SearchResult:
        """Find what was said, by words and by meaning. The text is redacted before it is looked for. Needs the scope search:read."""
        found: models.SearchResult = self._ask("POST", "/v1/search", body={"text": text, "agents": agents, "teams": teams, "queues": queues, "languages": languages, "dispositions": dispositions, "moments": moments, "speakers": speakers, "contact_id": contact_id, "kind": kind, "since_ms": since_ms, "until_ms": until_ms, "limit": limit})
        return found

    def list_shared_moments(self, *, limit: int | None = None, cursor: str | None = None, waiting: bool | None = None) -> models.SharedMoments:
        """What was shared with agents of the teams that the caller coaches, the latest first, without words. Needs the scope contacts:read."""
        found: models.SharedMoments = self._ask("GET", "/v1/shared-moments", query={"limit": limit, "cursor": cursor, "waiting": waiting})
        return found

    def iterate_shared_moments(self, *, limit: int | None = None, waiting: bool | None = None) -> Iterator[models.SharedMoment]:
        """All of ``list_shared_moments``, page by page as it is asked for."""
        return self._pages(lambda cursor: self.list_shared_moments(limit=limit, waiting=waiting, cursor=cursor))

    def get_usage(self, *, month: str | None = None) -> models.Usage:
        """What language models cost in a month, by day, feature and model; and how its budgets stand. Needs the scope usage:read."""
        found: models.Usage = self._ask("GET", "/v1/usage", query={"month": month})
        return found

    def list_webhooks(self) -> models.Webhooks:
        """All endpoints, without their secrets. Needs the scope webhooks:read."""
        found: models.Webhooks = self._ask("GET", "/v1/webhooks")
        return found

    def create_webhook(self, *, url: str, types: list[str], algorithm: models.Algorithm | None = None, is_ordered: bool | None = None) -> models.NewWebhook:
        """Send events of these types to an address, signed by Standard Webhooks. Needs the scope webhooks:write."""
        found: models.NewWebhook = self._ask("POST", "/v1/webhooks", body={"url": url, "types": types, "algorithm": algorithm, "is_ordered": is_ordered}, writes=True)
        return found

    def remove_webhook(self, webhook_id: str) -> models.Webhook:
        """Send nothing more to an endpoint. Needs the scope webhooks:write."""
        found: models.Webhook = self._ask("DELETE", f"/v1/webhooks/{segment(webhook_id)}", writes=True)
        return found

    def get_webhook(self, webhook_id: str) -> models.Webhook:
        """One endpoint, and whether it takes what it is sent. Needs the scope webhooks:read."""
        found: models.Webhook = self._ask("GET", f"/v1/webhooks/{segment(webhook_id)}")
        return found

    def enable_webhook(self, webhook_id: str) -> models.Webhook:
        """Use an endpoint again that was disabled; replay what it missed. Needs the scope webhooks:write."""
        found: models.Webhook = self._ask("POST", f"/v1/webhooks/{segment(webhook_id)}/enable", writes=True)
        return found

    def replay_webhook(self, webhook_id: str, *, since_ms: int, until_ms: int, missing_only: bool | None = None) -> models.Replayed:
        """Send again what happened in a window of time, with the ids that it had. Needs the scope webhooks:write."""
        found: models.Replayed = self._ask("POST", f"/v1/webhooks/{segment(webhook_id)}/replay", body={"since_ms": since_ms, "until_ms": until_ms, "missing_only": missing_only}, writes=True)
        return found

    def rotate_webhook_secret(self, webhook_id: str, *, algorithm: models.Algorithm | None = None) -> models.NewWebhook:
        """Another secret; the one before signs beside it for a day. Needs the scope webhooks:write."""
        found: models.NewWebhook = self._ask("POST", f"/v1/webhooks/{segment(webhook_id)}/rotate", body={"algorithm": algorithm}, writes=True)
        return found

    def list_workflows(self, *, waiting: bool | None = None, limit: int | None = None, cursor: str | None = None) -> models.WorkflowRuns:
        """Runs of workflows, the latest started first; or those that wait for a person. Needs the scope workflows:read."""
        found: models.WorkflowRuns = self._ask("GET", "/v1/workflows", query={"waiting": waiting, "limit": limit, "cursor": cursor})
        return found

    def iterate_workflows(self, *, waiting: bool | None = None, limit: int | None = None) -> Iterator[models.WorkflowRow]:
        """All of ``list_workflows``, page by page as it is asked for."""
        return self._pages(lambda cursor: self.list_workflows(waiting=waiting, limit=limit, cursor=cursor))

    def start_workflow(self, *, workflow: str, contact_id: str) -> models.WorkflowRun:
        """Start a workflow about a conversation. It goes on by itself; read it, or have webhooks say when it waits. Needs the scope workflows:write."""
        found: models.WorkflowRun = self._ask("POST", "/v1/workflows", body={"workflow": workflow, "contact_id": contact_id}, writes=True)
        return found

    def list_workflow_definitions(self) -> models.WorkflowDefinitions:
        """The workflows that there are, and which of them the tenant has turned on. Needs the scope workflows:read."""
        found: models.WorkflowDefinitions = self._ask("GET", "/v1/workflows/definitions")
        return found

    def cancel_workflow(self, workflow_id: str) -> models.WorkflowRun:
        """Cancel a run; one that is over stays as it is. Needs the scope workflows:write."""
        found: models.WorkflowRun = self._ask("DELETE", f"/v1/workflows/{segment(workflow_id)}", writes=True)
        return found

    def get_workflow(self, workflow_id: str) -> models.WorkflowRun:
        """One run: what was done so far, and what it waits for. Needs the scope workflows:read."""
        found: models.WorkflowRun = self._ask("GET", f"/v1/workflows/{segment(workflow_id)}")
        return found

    def continue_workflow(self, workflow_id: str, *, step: str, choice: str, reason: str | None = None) -> models.WorkflowRun:
        """Decide what a run waits for. The same decision again changes nothing; another one is refused. Needs the scope workflows:write."""
        found: models.WorkflowRun = self._ask("PUT", f"/v1/workflows/{segment(workflow_id)}/continue", body={"step": step, "choice": choice, "reason": reason}, writes=True)
        return found

    def fork_workflow(self, workflow_id: str, *, step: str) -> models.WorkflowRun:
        """A new run that has what this one came to before a step, and does that step and all after it anew. Needs the scope workflows:write."""
        found: models.WorkflowRun = self._ask("POST", f"/v1/workflows/{segment(workflow_id)}/fork", body={"step": step}, writes=True)
        return found
