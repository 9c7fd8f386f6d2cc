"""What publishing a package would do, decided before anything is written: it moves what changed, and nothing that a
person put where it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sotto.models.registry import SHARED, ModelVersion
from sotto.models.versions import PublishedVersion, SeenShelf, Shelf


class Decision(StrEnum):
    NEW = "new version"
    MOVED = "moved"
    UNCHANGED = "unchanged"
    KEPT_BACK = "kept back"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A package as somebody would publish it. ``content``: see sotto.models.content."""

    tenant: str
    model: str
    version: str
    content: str

    @property
    def name(self) -> str:
        return f"{self.tenant}/{self.model}"


@dataclass(frozen=True, slots=True)
class Wish:
    """How it is to be published. ``endpoints``: empty leaves a model where it is. ``shared``: models that serve every
    tenant, too."""

    endpoints: tuple[str, ...] = ()
    shared: bool = False


@dataclass(frozen=True, slots=True)
class ModelStep:
    """``seen``: what it was decided by, and has to be there still when it is done. ``endpoints``: empty where the model
    has none yet and none is wished."""

    candidate: Candidate
    decision: Decision
    reason: str
    seen: SeenShelf
    endpoints: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        return self.decision in (Decision.NEW, Decision.MOVED)

    def __str__(self) -> str:
        reason = f": {self.reason}" if self.reason else ""
        return f"{self.candidate.name} {self.candidate.version} {self.decision}{reason}"


def planned(candidate: Candidate, seen: SeenShelf, wish: Wish) -> ModelStep:
    shelf, serving = seen.shelf, _serving(seen.shelf)
    at = wish.endpoints or (serving.version.endpoints if serving else ())
    decision, reason = _decided(candidate, shelf, serving, wish)
    return ModelStep(candidate, decision, reason, seen, at)


def _decided(candidate: Candidate, shelf: Shelf, serving: PublishedVersion | None, wish: Wish) -> tuple[Decision, str]:
    if serving is None:
        return Decision.NEW, "the first one"
    same = _is(candidate, serving)
    if same and wish.endpoints in ((), serving.version.endpoints):
        return Decision.UNCHANGED, ""
    if why := _held(candidate, shelf, serving, wish):
        return Decision.KEPT_BACK, why
    if same:
        return Decision.MOVED, f"from {_listed(serving.version)} to {', '.join(wish.endpoints)}"
    return Decision.NEW, f"replaces {serving.version.version}"


def _held(candidate: Candidate, shelf: Shelf, serving: PublishedVersion, wish: Wish) -> str:
    """Why a person has to decide; empty where nobody has."""
    known = next((one for one in shelf.published if _is(candidate, one)), None)
    if candidate.tenant == SHARED and not wish.shared:
        return f"it serves every tenant, and {serving.version.version} does now; publish it with --shared"
    if shelf.pinned:
        return f"{shelf.pinned} is pinned; 'sotto adapters unpin' lets another be preferred"
    if shelf.shares:
        shares = ", ".join(f"{share} % by {version}" for version, share in sorted(shelf.shares.items()))
        return f"calls are split, {shares}; end that with 'sotto adapters split' and a share of 0"
    if known and known.withdrawn:
        return f"{known.version.version} was rolled back; 'sotto adapters push' takes it into service again"
    if known and shelf.state(known) == "shadow":
        return f"{known.version.version} is in the shadow; 'sotto adapters shadow --off' ends that"
    if serving.source == "package":
        return f"{serving.version.version} was trained and pushed by itself; roll it back, or push another like it"
    if any(one.version.version == candidate.version and not _is(candidate, one) for one in shelf.published):
        return "a version of this name is published with other content, and no release is written over"
    return ""


def _serving(shelf: Shelf) -> PublishedVersion | None:
    """The preferred one. Of a shelf on which nothing serves, the newest, as something was decided about it."""
    by_version = {one.version: one for one in shelf.published}
    first = shelf.chain[0] if shelf.chain else None
    return by_version[first] if first else next(iter(shelf.published), None)


def _is(candidate: Candidate, one: PublishedVersion) -> bool:
    """By content. Versions of earlier releases are known by name alone, which is made from what they learnt from."""
    if not one.content:
        return one.version.version == candidate.version
    return one.content == candidate.content


def _listed(version: ModelVersion) -> str:
    return ", ".join(version.endpoints)
