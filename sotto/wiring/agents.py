"""What agents ask: serve_agent, serve_connection, authorise_connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sotto.core.built import built
from sotto.core.settings import SignedTenants, TokenIssuer
from sotto.wiring.alerts import AlertStoreParts
from sotto.wiring.learning import LearningParts
from sotto.wiring.playbooks import PlaybookParts
from sotto.wiring.recordings import RecordingParts
from sotto.wiring.search import SearchParts
from sotto.wiring.workflows import WorkflowParts

if TYPE_CHECKING:
    from sotto.api.adapters.oidc_tokens import OidcTokens
    from sotto.api.panel.ports import AgentPorts
    from sotto.api.review.use_cases import ReviewerPorts
    from sotto.contacts.directory_cache import CachedDirectory


class AgentParts(AlertStoreParts, PlaybookParts, SearchParts, WorkflowParts, RecordingParts, LearningParts):
    @built
    def agent_ports(self) -> AgentPorts:
        from sotto.api.adapters.lambda_figures import LambdaFigures
        from sotto.api.alerts.use_cases import AlertPorts
        from sotto.api.ask.ask import CallQuestions
        from sotto.api.ask.from_knowledge import KnowledgeQuestions
        from sotto.api.panel.conversation_view import ConversationView
        from sotto.api.panel.ports import AgentPorts
        from sotto.inference.knowledge_search import RoutedKnowledge, RoutedMeaning

        knowledge = RoutedKnowledge(self.router)
        meaning = RoutedMeaning(self.recall_router)
        return AgentPorts(
            conversations=ConversationView(self.contacts, self.conversations),
            feedback=self.feedback,
            corrections=self.corrections,
            knowledge=knowledge,
            clock=self.clock,
            follows=self.follows,
            articles=self.books,
            summaries=self.summaries,
            handover_notes=self.handover_notes,
            call_questions=CallQuestions(self.conversations, self.feedback, self.writer, meaning),
            knowledge_questions=KnowledgeQuestions(knowledge, self.writer),
            questions=self.questions,
            redact=self.redact_typed,
            directory=self.admission_directory,
            notes=self.notes,
            audit=self.audit_log,
            panel=self.panel("serve_agent"),
            books=self.books,
            work=self.work_ports("serve_agent"),
            edits=self.edit_ports,
            choices=self.choice_ports,
            playback=self.play_ports,
            reviewer=self.reviewer_ports,
            history=self.history,
            search=self.search_ports,
            figures=LambdaFigures(self.function_answers),
            learning=self.example_review_ports,
            releases=self.roll_ports,
            alerts=AlertPorts(
                self.alert_rules, self.alerts, LambdaFigures(self.function_answers), self.audit_log, self.clock
            ),
            workflows=self.managed_workflows,
            playbooks=self.playbook_ports,
            shared=self.shared_moments,
            gaps=self.decide_ports,
        )

    @built
    def reviewer_ports(self) -> ReviewerPorts:
        from sotto.api.review.use_cases import ReviewerPorts

        return ReviewerPorts(self.scorecard_ports, self.edit_ports, self.work_ports("serve_agent"), self.review_ports)

    @built
    def admission_directory(self) -> CachedDirectory:
        from sotto.api.admission import SEEN_WITHIN_MS
        from sotto.contacts.directory_cache import CachedDirectory

        return CachedDirectory(self.directory_store, self.clock, known_for_ms=SEEN_WITHIN_MS)

    @built
    def tokens(self) -> OidcTokens:
        from sotto.api.adapters.oidc_tokens import IssuerKeys, OidcTokens

        sign_in = self.settings.of(TokenIssuer)
        keys = IssuerKeys(sign_in.issuer, self.clock)
        return OidcTokens(sign_in.issuer, sign_in.client_id, keys, self.clock, tenants=self.signed_tenants)

    @property
    def signed_tenants(self) -> frozenset[str]:
        """Those that the issuer of tokens is configured for."""
        return self.settings.of(SignedTenants).tenants
