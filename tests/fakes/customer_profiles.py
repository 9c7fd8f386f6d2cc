"""Customer profiles, in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from sotto.contacts.customer.profiles import NoProfileDomain, ProfileValues, SeveralProfiles


@dataclass
class CustomerProfilesInMemory:
    """A CustomerProfiles. ``known``: by instance, (id, number, values). ``failure`` is raised instead of an answer;
    ``before_answer`` runs first: time passes, say."""

    known: dict[str, list[tuple[str, str, Mapping[str, str]]]] = field(default_factory=dict)
    failure: Exception | None = None
    before_answer: Callable[[], None] = lambda: None
    asked: list[str] = field(default_factory=list)

    def by_id(self, instance: str, profile_id: str, paths: Collection[str]) -> ProfileValues | None:
        return self._only(instance, profile_id, 0, paths)

    def by_phone(self, instance: str, number: str, paths: Collection[str]) -> ProfileValues | None:
        return self._only(instance, number, 1, paths)

    def _only(self, instance: str, value: str, place: int, paths: Collection[str]) -> ProfileValues | None:
        self.asked.append(value)
        self.before_answer()
        if self.failure is not None:
            raise self.failure
        if instance not in self.known:
            raise NoProfileDomain("none is named")
        found = [each[2] for each in self.known[instance] if each[place] == value]
        if len(found) > 1:
            raise SeveralProfiles("more than one")
        return {path: found[0][path] for path in paths if path in found[0]} if found else None
