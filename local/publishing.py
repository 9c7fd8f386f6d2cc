"""Publishing a tenant's folder: first a plan, which says what would change, then that and nothing else."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from local.tenants import ModelPublisher, PublishedModels, endpoints_of
from sotto.core.audit import AuditAction
from sotto.models.content import content_of
from sotto.models.package import BadPackage, read_archived_card
from sotto.models.publish_plan import Candidate, ModelStep, Wish, planned
from sotto.models.versions import PublishedVersion, SeenShelf
from sotto.tenants.acknowledged import acknowledgement_of
from sotto.tenants.adapters.published_books import PublishedBooks, SeenBook
from sotto.tenants.book import TenantBook
from sotto.tenants.book_changes import BookChanges, book_changes
from sotto.tenants.playbook_version import PlaybookVersion, digest_of, kept_text, version_id
from sotto.tenants.reading.folder import read_articles
from sotto.wiring.publishing import book_from


@dataclass(frozen=True, slots=True)
class PublishPlan:
    """Of one tenant's folder. ``steps``: each package with what becomes of it, in order. ``written``: the playbook that
    is live as it was written; None where a release before drafts published it, which kept no text."""

    folder: Path
    book: TenantBook
    changes: BookChanges
    seen: SeenBook
    steps: tuple[tuple[Path, ModelStep], ...]
    written: PlaybookVersion | None

    @property
    def keeps_text(self) -> bool:
        return self.written is not None and self.written.digest == digest_of(self.book.playbook)

    @property
    def takes_back(self) -> PlaybookVersion | None:
        """What somebody published in the app, and this folder does not have."""
        return None if self.keeps_text or self.written is None or self.written.source == "folder" else self.written

    @property
    def changes_nothing(self) -> bool:
        return not self.changes and self.keeps_text and not any(step.is_done for _, step in self.steps)

    @property
    def lines(self) -> Iterator[str]:
        yield from (str(step) for _, step in self.steps)
        book = f"{self.book.tenant} book {self.book.version}"
        yield f"{book} changed: {self.changes}" if self.changes else f"{book} unchanged"
        if not self.changes and not self.keeps_text:
            yield f"{self.book.tenant} playbook: its text will be kept, for drafts in the app"


@dataclass(frozen=True, slots=True)
class PublishTarget:
    """Where to. ``publisher`` is asked who publishes, where that is audited. ``endpoint``: of models that have none."""

    books: PublishedBooks
    models: ModelPublisher
    endpoint: str
    publisher: Callable[[], str]

    def plan(self, folder: Path, packages: Sequence[Path], wish: Wish) -> PublishPlan:
        """Reads, and writes nothing. Raises TenantMistaken, BadPackage, BookUnavailable."""
        book = book_from(folder)
        seen = self.books.seen(book.tenant)
        steps = tuple((archive, self._step(archive, wish)) for archive in packages)
        written = self.books.latest_playbook(book.tenant)
        return PublishPlan(folder, book, book_changes(seen.book, book), seen, steps, written)

    def _step(self, archive: Path, wish: Wish) -> ModelStep:
        card = read_archived_card(archive)
        seen = self.models.registry.seen(card.tenant, card.model)
        published = tuple(self._with_content(one) for one in seen.shelf.published)
        known = SeenShelf(replace(seen.shelf, published=published), seen.revision)
        return planned(Candidate(card.tenant, card.model, card.version, content_of(card)), known, wish)

    def _with_content(self, one: PublishedVersion) -> PublishedVersion:
        """Earlier releases did not write down what a version holds; its package says it, if it is still there."""
        return one if one.content else replace(one, content=self._stored_content(one.version.target_model))

    def _stored_content(self, target_model: str) -> str:
        archive = PublishedModels(self.models.s3, self.models.bucket).archive(target_model)
        if archive is None:
            return ""
        with tempfile.NamedTemporaryFile(suffix=".tar.gz") as file:
            file.write(archive)
            file.flush()
            try:
                return content_of(read_archived_card(Path(file.name)))
            except BadPackage:
                return ""

    def carry_out(self, plan: PublishPlan, why: str = "", progress: Callable[[str], None] = lambda line: None) -> None:
        """Models first, so that a book never names a model that is not there. Raises RegistryChanged and
        PublishedMeanwhile where somebody else published since the plan was made; what was done till then is done."""
        self._publish_models(plan.steps, why, progress)
        if plan.changes:
            self._publish_book(plan, progress)
        elif not plan.keeps_text:
            self.books.keep_playbook(self._playbook(plan))

    def release(
        self, packages: Sequence[Path], why: str, progress: Callable[[str], None] = lambda line: None
    ) -> list[ModelStep]:
        """Models alone, by the same rules; gives back what became of each. Raises BadPackage, RegistryChanged."""
        steps = [(archive, self._step(archive, Wish())) for archive in packages]
        self._publish_models(steps, why, progress)
        return [step for _, step in steps]

    def _publish_models(
        self, steps: Sequence[tuple[Path, ModelStep]], why: str, progress: Callable[[str], None]
    ) -> None:
        for archive, step in steps:
            if step.is_done:
                self._publish_model(archive, step, why)
                progress(f"published {step.candidate.name} {step.candidate.version}")

    def _publish_model(self, archive: Path, step: ModelStep, why: str) -> None:
        endpoints = step.endpoints or endpoints_of(self.endpoint)
        self.models.put(archive, endpoints, self.models.because(why), source="folder", seen=step.seen)

    def _publish_book(self, plan: PublishPlan, progress: Callable[[str], None]) -> None:
        book, changed = plan.book, {*plan.changes.articles.added, *plan.changes.articles.changed}
        acknowledgement = acknowledgement_of(book, by=self.publisher, clock=self.models.clock)
        articles = [each for each in read_articles(plan.folder) if each.id in changed]
        playbook = None if plan.keeps_text else self._playbook(plan)
        self.books.publish(book, articles, acknowledgement, plan.seen, playbook)
        if acknowledgement is not None:
            kinds = " and ".join(acknowledgement.kinds)
            progress(f"{book.tenant} keeps {kinds} in clear, as acknowledged by {acknowledgement.by}")
        if self.models.trail is not None:
            self.models.trail.note(book.tenant, AuditAction.BOOK_PUBLISHED, f"book/{book.version}")
        progress(f"published {book.tenant} {book.version}")

    def _playbook(self, plan: PublishPlan) -> PlaybookVersion:
        """As it is written."""
        book, now_ms = plan.book, int(self.models.clock.now_ms())
        text = kept_text((plan.folder / "playbook.yaml").read_text(encoding="utf-8-sig"))
        digest = digest_of(book.playbook)
        return PlaybookVersion(
            book.tenant, version_id(now_ms), book.version, digest, now_ms, self.publisher(), text, source="folder"
        )


def publish(
    folder: Path, packages: Sequence[Path], target: PublishTarget, progress: Callable[[str], None] = lambda line: None
) -> TenantBook:
    """What changed, without showing the plan. Raises TenantMistaken."""
    plan = target.plan(folder, packages, Wish())
    target.carry_out(plan, progress=progress)
    return plan.book
