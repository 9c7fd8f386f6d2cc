"""By what a person is known, in a body: never in an address, which proxies write down."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from sotto.api.rest.route import Wanted
from sotto.erasure.identity import Identity, IdentityKind, identity


class Person(Wanted):
    kind: IdentityKind
    value: Annotated[str, StringConstraints(min_length=1, max_length=256)]

    @property
    def identity(self) -> Identity:
        """Raises BadIdentity."""
        return identity(self.kind, self.value)


EXAMPLE = {"kind": "contact", "value": "c1"}
