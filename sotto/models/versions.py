"""The versions of one model: which is preferred, what to fall back on, what is on trial, and what was taken back.

publish    a new version is preferred, unless another is pinned
pin        a version stays preferred, whatever is published later, until it is unpinned
roll back  the preferred version is withdrawn: kept for the record, asked no more; the one before it serves
split      a version answers a share of the calls, the preferred one the rest
shadow     a version is asked beside the live one; its answers are compared and never shown
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from sotto.core.errors import Rejected
from sotto.models.registry import Chain, ModelVersion, Rollout
from sotto.models.registry import Shadow as LiveShadow

VERSIONS_KEPT = 5
WITHDRAWN_KEPT = 20
"""Beside those: a version that was rolled back stays known through 20 further rollbacks."""
State = Literal["pinned", "preferred", "fallback", "withdrawn", "shadow"]
Source = Literal["", "folder", "package"]
"""What it was published from: a tenant's folder, as its intents and articles have it, or a package that somebody made
and pushed by itself. Empty: an earlier release of Sotto did not say."""


class WrongTrial(Rejected):
    """A share or a shadow that cannot be; the message says what can."""


class UnknownVersion(Rejected):
    """The registry has no such version of the model, or none that could serve."""


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """``published_at_ms`` is Unix time. ``metrics`` are those that training measured. ``content``: what stands for the
    package's content (sotto.models.content); empty where an earlier release of Sotto published it."""

    version: ModelVersion
    published_at_ms: int = 0
    metrics: Mapping[str, float] = field(default_factory=dict)
    withdrawn: bool = False
    content: str = ""
    source: Source = ""


@dataclass(frozen=True, slots=True)
class ShadowRelease:
    version: str
    percent: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """``published`` holds the newest first. Every change gives a new shelf.

    ``shares``: version -> percent of the calls; neither the preferred version nor a withdrawn one has any.
    """

    published: tuple[PublishedVersion, ...] = ()
    pinned: str | None = None
    shares: Mapping[str, int] = field(default_factory=dict)
    shadow: ShadowRelease | None = None

    @property
    def chain(self) -> Chain:
        """What the router tries: the pinned version, then the newest, then the earlier ones; the shadow never."""
        serving = [one.version for one in self.published if not one.withdrawn and not self._in_shadow(one)]
        return tuple(sorted(serving, key=lambda version: version.version != self.pinned))

    @property
    def rollout(self) -> Rollout:
        known = {one.version.version: one.version for one in self.published}
        shadow = LiveShadow(known[self.shadow.version], self.shadow.percent) if self.shadow else None
        return Rollout(self.chain, self.shares, shadow)

    def with_share(self, version: str, percent: int) -> Shelf:
        """``percent`` 0 ends the trial. Raises UnknownVersion and WrongTrial."""
        self._known(version)
        if percent and self.shadow and self.shadow.version == version:
            raise WrongTrial(
                f"{version} is in the shadow: pin the version that shall stay preferred, then end the shadow"
            )
        if percent:
            self._may_be_on_trial(version)
        others = {name: share for name, share in self.shares.items() if name != version}
        if not 0 <= percent < 100 or sum(others.values()) + percent >= 100:
            taken = sum(others.values())
            raise WrongTrial(
                f"{percent} % is not possible: other trials have {taken} % and the preferred one needs at least 1 %;"
                f" give 0 to {99 - taken}, or pin {version} to send it every call"
            )
        return replace(self, shares={**others, version: percent} if percent else others)

    def with_shadow(self, version: str, percent: int = 100) -> Shelf:
        """The version leaves the chain: what is only compared is no fallback. Raises UnknownVersion and WrongTrial."""
        self._known(version)
        if not 1 <= percent <= 100:
            raise WrongTrial(f"{percent} % is not possible: give 1 to 100, the share of calls to compare on")
        if version in self.shares:
            raise WrongTrial(
                f"{version} answers {self.shares[version]} % of the calls: end that with a share of 0 first"
            )
        self._may_be_on_trial(version)
        return replace(self, shadow=ShadowRelease(version, percent))

    def without_shadow(self) -> Shelf:
        """The version is one to fall back on, or, as the newest and with no pin, preferred."""
        return replace(self, shadow=None)

    def with_published(self, new: PublishedVersion) -> Shelf:
        """Publishing a version again moves it to the front and ends its withdrawal. The oldest are forgotten."""
        serving = self._serving_again(new.version.version)
        return replace(serving, published=serving._kept(self._with_first(new)))._tidy()

    def with_published_in_shadow(self, new: PublishedVersion, percent: int = 100) -> Shelf:
        """Published to be compared: it never answers a call. Raises WrongTrial when no other version would."""
        version = new.version.version
        if not self.chain:
            raise WrongTrial(f"no other version would answer the calls: publish one beside {version} first")
        if self.chain[0].version == version:
            raise WrongTrial(f"{version} is the preferred version already: there is nothing to compare it with")
        in_shadow = replace(self, shadow=ShadowRelease(version, percent))
        return replace(in_shadow, published=in_shadow._kept(self._with_first(new)))._tidy()

    def _with_first(self, new: PublishedVersion) -> tuple[PublishedVersion, ...]:
        return (new, *(one for one in self.published if one.version.version != new.version.version))

    def with_pin(self, version: str) -> Shelf:
        """Pinning a withdrawn version takes it back into service. Raises UnknownVersion."""
        self._known(version)
        return replace(self._serving_again(version), pinned=version)._tidy()

    def without_pin(self) -> Shelf:
        return replace(self, pinned=None)._tidy()

    def rolled_back(self) -> Shelf:
        """A pin on the withdrawn version is taken off. Raises UnknownVersion when nothing would be left to serve."""
        if len(self.chain) < 2:
            raise UnknownVersion("there is no earlier version to roll back to: publish one that works instead")
        gone = self.chain[0].version
        marked = replace(self, published=self._marked(gone, withdrawn=True))
        return replace(marked, pinned=None if gone == self.pinned else self.pinned)._tidy()

    def state(self, one: PublishedVersion) -> State:
        if one.withdrawn:
            return "withdrawn"
        if self._in_shadow(one):
            return "shadow"
        if one.version.version == self.pinned:
            return "pinned"
        return "preferred" if one.version == self.chain[0] else "fallback"

    def percent_of(self, one: PublishedVersion) -> int:
        """Of the calls: those that it answers first, or those on which it is compared."""
        if self._in_shadow(one) and self.shadow:
            return self.shadow.percent
        if self.chain and one.version == self.chain[0]:
            return 100 - sum(self.shares.values())
        return self.shares.get(one.version.version, 0)

    def _known(self, version: str) -> None:
        if version not in (known := [one.version.version for one in self.published]):
            raise UnknownVersion(f"there is no version {version!r}; known are {', '.join(known) or 'none'}")

    def _may_be_on_trial(self, version: str) -> None:
        others = [each.version for each in self.chain if each.version != version]
        if not others:
            raise WrongTrial(f"no other version would answer the calls: publish one beside {version} first")
        if self.chain[0].version == version:
            raise WrongTrial(f"{version} is the preferred version already: pin another one first, such as {others[0]}")
        if any(one.withdrawn for one in self.published if one.version.version == version):
            raise WrongTrial(f"{version} was withdrawn: publish it again first")

    def _in_shadow(self, one: PublishedVersion) -> bool:
        return self.shadow is not None and one.version.version == self.shadow.version

    def _serving_again(self, version: str) -> Shelf:
        shadow = None if self.shadow and self.shadow.version == version else self.shadow
        return replace(self, published=self._marked(version, withdrawn=False), shadow=shadow)

    def _tidy(self) -> Shelf:
        """Trials end for versions that are preferred now, withdrawn or forgotten."""
        known = {one.version.version for one in self.published}
        shadow = self.shadow if self.shadow and self.shadow.version in known else None
        tidy = replace(self, shadow=shadow)
        running = [version.version for version in tidy.chain[1:]]
        return replace(tidy, shares={name: share for name, share in self.shares.items() if name in running})

    def _marked(self, version: str, *, withdrawn: bool) -> tuple[PublishedVersion, ...]:
        return tuple(
            replace(one, withdrawn=withdrawn) if one.version.version == version else one for one in self.published
        )

    def _kept(self, published: tuple[PublishedVersion, ...]) -> tuple[PublishedVersion, ...]:
        """What was withdrawn is kept as long as what serves, and does not push it out: forgotten, it would be new to
        the next who publishes it."""
        serving = [one for one in published if not one.withdrawn][:VERSIONS_KEPT]
        withdrawn = [one for one in published if one.withdrawn][:WITHDRAWN_KEPT]
        needed = {self.pinned, *self.shares, *([self.shadow.version] if self.shadow else [])}
        return tuple(one for one in published if one in serving or one in withdrawn or one.version.version in needed)


@dataclass(frozen=True, slots=True)
class SeenShelf:
    """A shelf as it was read. What is written on condition that ``revision`` is still the same undoes nobody's work."""

    shelf: Shelf = Shelf()
    revision: int = 0
