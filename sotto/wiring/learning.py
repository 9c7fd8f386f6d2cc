"""Learning from what agents do: collect_examples, sketch_call, review, sets and runs; and what erasure undoes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sotto.core.built import built
from sotto.core.settings import ModelRecords
from sotto.wiring.models import ModelParts
from sotto.wiring.subject_data import eraser, expirer, exporter

if TYPE_CHECKING:
    from sotto.learning.adapters.dynamodb_examples import DynamoExamples, DynamoReviewers
    from sotto.learning.adapters.dynamodb_gaps import DynamoGaps
    from sotto.learning.adapters.dynamodb_new_intents import DynamoNewIntents
    from sotto.learning.adapters.dynamodb_sets import DynamoRuns, DynamoSets
    from sotto.learning.adapters.dynamodb_tallies import DynamoTallies
    from sotto.learning.adapters.registry_rollouts import RegistryRollouts
    from sotto.learning.adapters.shadow_disagreements import ShadowDisagreements
    from sotto.learning.collect import CollectPorts
    from sotto.learning.erase import LearnedEraser, LearnedExpirer, LearnedExporter
    from sotto.learning.gaps.collect import GapPorts
    from sotto.learning.gaps.decide import DecidePorts
    from sotto.learning.review.use_cases import ExampleReviewPorts
    from sotto.learning.rollout.roll import RollPorts
    from sotto.learning.rollout.tally import CountPorts
    from sotto.learning.sketch import SketchPorts


SKETCH_DEADLINE_MS = 8_000


class LearningParts(ModelParts):
    @built
    def examples(self) -> DynamoExamples:
        from sotto.learning.adapters.dynamodb_examples import DynamoExamples

        return DynamoExamples(*self.contact_table)

    @built
    def example_reviewers(self) -> DynamoReviewers:
        from sotto.learning.adapters.dynamodb_examples import DynamoReviewers

        return DynamoReviewers(*self.contact_table)

    @built
    def example_sets(self) -> DynamoSets:
        from sotto.aws.table import Table
        from sotto.learning.adapters.dynamodb_sets import DynamoSets

        return DynamoSets(Table(self.records("dynamodb"), self.settings.of(ModelRecords).table))

    @built
    def training_runs(self) -> DynamoRuns:
        from sotto.aws.table import Table
        from sotto.learning.adapters.dynamodb_sets import DynamoRuns

        return DynamoRuns(Table(self.records("dynamodb"), self.settings.of(ModelRecords).table))

    @built
    def gaps(self) -> DynamoGaps:
        from sotto.learning.adapters.dynamodb_gaps import DynamoGaps

        return DynamoGaps(*self.contact_table)

    @built
    def new_intents(self) -> DynamoNewIntents:
        from sotto.aws.table import Table
        from sotto.learning.adapters.dynamodb_new_intents import DynamoNewIntents

        return DynamoNewIntents(Table(self.records("dynamodb"), self.settings.of(ModelRecords).table))

    @built
    def gap_ports(self) -> GapPorts:
        from sotto.inference.call_sketches import RoutedSketches
        from sotto.learning.adapters.dynamodb_unanswered import DynamoUnanswered
        from sotto.learning.gaps.collect import GapPorts

        model = RoutedSketches(self.recall_router, deadline_ms=SKETCH_DEADLINE_MS)
        return GapPorts(self.gaps, model, DynamoUnanswered(self.contact_table[0]))

    @built
    def decide_ports(self) -> DecidePorts:
        from sotto.learning.gaps.decide import DecidePorts

        return DecidePorts(self.gaps, self.new_intents, self.books, self.example_review_ports)

    @built
    def disagreements(self) -> ShadowDisagreements:
        from sotto.learning.adapters.shadow_disagreements import ShadowDisagreements

        return ShadowDisagreements(self.model_registry, self.comparisons, self.books)

    @built
    def collect_ports(self) -> CollectPorts:
        from sotto.learning.collect import CollectPorts

        return CollectPorts(
            contacts=self.contacts,
            books=self.books,
            consents=self.consents,
            corrections=self.corrections,
            calls=self.conversations,
            examples=self.examples,
            sets=self.example_sets,
            disagreements=self.disagreements,
            clock=self.clock,
            gaps=self.gap_ports,
        )

    @built
    def example_review_ports(self) -> ExampleReviewPorts:
        from sotto.learning.review.use_cases import ExampleReviewPorts

        return ExampleReviewPorts(
            self.examples, self.example_reviewers, self.books, self.audit_log, self.clock, self.new_intents
        )

    @built
    def trial_tallies(self) -> DynamoTallies:
        from sotto.learning.adapters.dynamodb_tallies import DynamoTallies

        return DynamoTallies(*self.contact_table)

    @built
    def rollouts(self) -> RegistryRollouts:
        from sotto.learning.adapters.registry_rollouts import RegistryRollouts
        from sotto.learning.train import TRAINER
        from sotto.models.releases import Because

        return RegistryRollouts(self.model_registry, lambda why: Because(TRAINER, why, int(self.clock.now_ms())))

    @built
    def roll_ports(self) -> RollPorts:
        from sotto.learning.rollout.roll import RollPorts

        return RollPorts(self.training_runs, self.rollouts, self.trial_tallies, self.books, self.clock)

    @built
    def count_ports(self) -> CountPorts:
        from sotto.learning.rollout.tally import CountPorts, OpenTrials

        return CountPorts(
            trials=OpenTrials(self.training_runs, self.clock),
            contacts=self.contacts,
            versions=self.rollouts,
            cards=self.conversations,
            feedback=self.feedback,
            tallies=self.trial_tallies,
        )

    @built
    def sketch_ports(self) -> SketchPorts:
        from sotto.inference.call_sketches import RoutedSketches
        from sotto.learning.sketch import SketchPorts

        sketcher = RoutedSketches(self.recall_router, deadline_ms=SKETCH_DEADLINE_MS)
        return SketchPorts(self.contacts, self.conversations, sketcher, self.call_sketches)

    @eraser
    def learned_eraser(self) -> LearnedEraser:
        from sotto.learning.erase import LearnedEraser

        return LearnedEraser(self.example_sets, self.clock)

    @exporter
    def learned_exporter(self) -> LearnedExporter:
        from sotto.learning.erase import LearnedExporter

        return LearnedExporter(self.example_sets)

    @expirer
    def learned_expirer(self) -> LearnedExpirer:
        from sotto.learning.erase import LearnedExpirer

        return LearnedExpirer(self.example_sets, self.clock)
