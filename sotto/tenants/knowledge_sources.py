"""Where articles come from that others keep: what a tenant declares in knowledge/sources.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sotto.core.residency import Boundary


@dataclass(frozen=True, slots=True)
class SecretName:
    """Where a secret is, never the secret: ``secret_id`` of Secrets Manager, or a ``variable`` of the environment."""

    secret_id: str = ""
    variable: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredSource:
    """One source. ``kind`` names the module that reads the declaration (sotto.tenants.reading.sources) and the adapter
    that asks the service (sotto.knowledge.adapters)."""

    kind: ClassVar[str]
    name: str
    secret: SecretName | None = None

    @property
    def places(self) -> tuple[str, ...]:
        """What is asked: regions and ``https://host`` (sotto.core.residency)."""
        raise NotImplementedError

    @property
    def identity(self) -> str:
        """Of what is read: a cursor of another one says nothing."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class DeclaredSources:
    """``residency``: the boundary that the tenant's data may not leave, or None."""

    sources: tuple[DeclaredSource, ...]
    residency: Boundary | None = None
