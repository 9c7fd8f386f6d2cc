"""What takes dispositions, in memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from sotto.call.contact import Contact


@dataclass
class DispositionsInMemory:
    """A DispositionTarget. ``failure`` is raised instead of taking anything."""

    known: set[str] = field(default_factory=lambda: {"c1", "c2"})
    codes: dict[str, str] = field(default_factory=dict)
    refuses: bool = False
    failure: Exception | None = None

    def write(self, contact: Contact, code: str) -> bool:
        if self.failure is not None:
            raise self.failure
        if self.refuses or contact.contact_id not in self.known:
            return False
        self.codes[contact.contact_id] = code
        return True
