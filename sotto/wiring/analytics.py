"""What counts conversations: file_facts, write_facts and answer_metric."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from sotto.core.built import built
from sotto.core.settings import FactStore
from sotto.wiring.after_call import AfterCallParts
from sotto.wiring.contacts import ContactParts
from sotto.wiring.models import ModelParts
from sotto.wiring.scorecards import ScorecardParts
from sotto.wiring.subject_data import eraser

if TYPE_CHECKING:
    from sotto.analytics.adapters.dynamodb_filed import DynamoFiled
    from sotto.analytics.adapters.s3_files import S3Files
    from sotto.analytics.days.eraser import FactsEraser
    from sotto.analytics.days.filing import FilingPorts
    from sotto.analytics.days.write import WritePorts
    from sotto.analytics.definition.metric import Catalogue
    from sotto.analytics.facts.of_conversation import CustomerOf
    from sotto.analytics.facts.records import RecordPorts, ScoredForm
    from sotto.analytics.query.answer import QueryPorts
    from sotto.api.analytics.use_cases import FigurePorts
    from sotto.scorecards.evaluation import Evaluation, Evaluations
    from sotto.tenants.book import BookReader
    from sotto.tenants.scorecards.form import Form


QUESTION_DEADLINE_MS = 1_500
"""Of the encoder. A person waits; words alone decide after that."""


class AnalyticsParts(ScorecardParts, AfterCallParts, ContactParts, ModelParts):
    @built
    def filed_facts(self) -> DynamoFiled:
        from sotto.analytics.adapters.dynamodb_filed import DynamoFiled

        return DynamoFiled(*self.contact_table)

    @built
    def fact_files(self) -> S3Files:
        from sotto.analytics.adapters.s3_files import S3Files

        return S3Files(self.records("s3"), self.settings.of(FactStore).bucket)

    @built
    def fact_records(self) -> RecordPorts:
        from sotto.analytics.facts.records import RecordPorts

        return RecordPorts(
            contacts=self.contacts,
            measured=self.facts,
            calls=self.conversations,
            feedback=self.feedback,
            work=self.after_call_work,
            scores=StandingEvaluations(self.books, self.evaluations),
            sketches=self.call_sketches,
        )

    @built
    def customer_of(self) -> CustomerOf:
        """Nobody knows: no record says who a customer is in a form that leads back to nobody."""
        return lambda contact: None

    @built
    def fact_filing_ports(self) -> FilingPorts:
        from sotto.analytics.days.filing import FilingPorts

        return FilingPorts(self.fact_records, self.filed_facts, self.customer_of)

    @eraser
    def facts_eraser(self) -> FactsEraser:
        from sotto.analytics.days.eraser import FactsEraser

        return FactsEraser(self.fact_filing_ports, self.write_fact_ports, self.filed_facts)

    @built
    def figure_ports(self) -> FigurePorts:
        """With an analyst who asks the shard what words mean."""
        from sotto.analytics.adapters.vector_meaning import Vector, VectorMeaning
        from sotto.analytics.analyst.find_metric import lexicon_of
        from sotto.analytics.analyst.understand import Analyst
        from sotto.api.analytics.use_cases import FigurePorts
        from sotto.inference.text_vectors import RoutedVectors

        metrics = self.metrics_catalogue
        known: dict[str, Vector] = {}
        lexicon = lexicon_of(metrics)
        vectors = RoutedVectors(self.recall_router, deadline_ms=QUESTION_DEADLINE_MS)

        def analyst(tenant: str, catalogue: Catalogue) -> Analyst:
            return Analyst(catalogue, lexicon, VectorMeaning(tenant, vectors, known))

        return FigurePorts(lambda tenant: metrics, analyst, self.figure_query, self.audit_log, self.clock)

    @built
    def metrics_catalogue(self) -> Catalogue:
        from sotto.analytics.definition.read import shipped

        return shipped()

    @built
    def figure_query(self) -> QueryPorts:
        """Files are fetched as the tenant into a folder of this process."""
        from sotto.analytics.adapters.duckdb_database import DuckDbDatabase
        from sotto.analytics.adapters.readers import FetchedFacts
        from sotto.analytics.query.answer import QueryPorts

        facts = FetchedFacts(self.filed_facts, self.fact_files, self.facts_folder)
        return QueryPorts(facts, DuckDbDatabase())

    @built
    def facts_folder(self) -> Path:
        """Of this process alone, for what it has fetched."""
        return Path(tempfile.mkdtemp(prefix="sotto-facts-"))

    @built
    def write_fact_ports(self) -> WritePorts:
        """Of the erasure of a conversation's facts as well (sotto.analytics.days.erase)."""
        from sotto.analytics.adapters.duckdb_parquet import DuckDbParquet
        from sotto.analytics.days.write import WritePorts

        return WritePorts(self.filed_facts, self.fact_files, DuckDbParquet(), self.clock, lambda: uuid4().hex)


class StandingEvaluations:
    """StandingScores: quality forms as analytics counts them."""

    def __init__(self, books: BookReader, evaluations: Evaluations) -> None:
        self._books = books
        self._evaluations = evaluations

    def standing(self, tenant: str, contact_id: str) -> Sequence[ScoredForm]:
        from sotto.scorecards.evaluation import standing

        forms = self._books.current(tenant).scorecards
        found = ((form, standing(self._evaluations.versions(tenant, contact_id, form.name))) for form in forms)
        return [_scored(form, each) for form, each in found if each is not None]


def _scored(form: Form, evaluation: Evaluation) -> ScoredForm:
    """``form``: as it is now; of answers to another version of it nobody knows what they were worth."""
    from sotto.analytics.facts.records import ScoredAnswer, ScoredForm
    from sotto.scorecards.evaluation import Kind
    from sotto.scorecards.scoring import has_full_marks

    is_of_it = form.version == evaluation.form_version

    return ScoredForm(
        form=evaluation.form,
        form_version=evaluation.form_version,
        by_person=evaluation.kind is not Kind.MACHINE,
        score_pct=evaluation.total.percentage,
        automatic_fail=evaluation.total.automatic_fail,
        determined=evaluation.determined,
        answers=tuple(
            ScoredAnswer(
                each.question,
                each.standing.value,
                each.value,
                each.how.value,
                each.confidence,
                has_full_marks(form, each) if is_of_it else None,
            )
            for each in evaluation.answers
        ),
    )
