"""What policies come to for one conversation: the nodes that may run and the playbook sets that count."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sotto.call.contact import Channel, Speaker
from sotto.call.language import DEFAULT_LANGUAGE
from sotto.graph.node import Node


class Runner(StrEnum):
    """What carries a graph's calls and results. DIRECT: one function, as long as the graph's waves are quick; what is
    slow or written is handed over to STEP_FUNCTIONS, the reference."""

    DIRECT = "direct"
    STEP_FUNCTIONS = "step_functions"


FOREVER_MS = 2**53
"""``valid_until_ms`` of what no clock changes; still exact as a JSON number."""


@dataclass(frozen=True, slots=True)
class PlannedNode:
    """A node, and for which utterances it runs."""

    node: Node
    speakers: tuple[Speaker, ...]
    on_interims: bool = False


@dataclass(frozen=True, slots=True)
class CompiledPolicies:
    """What one conversation gets until its agent, team or queue, the book, or the hour changes.

    ``policies`` names what matched, least specific first. Valid while ``at < valid_until_ms`` (Unix epoch).
    """

    tenant: str
    contact_id: str
    contact_version: int
    book_version: str
    policies: tuple[str, ...] = ()
    nodes: tuple[PlannedNode, ...] = ()
    playbooks: tuple[str, ...] = ()
    valid_until_ms: int = FOREVER_MS
    runner: Runner = Runner.STEP_FUNCTIONS
    language: str = DEFAULT_LANGUAGE
    channel: Channel = Channel.VOICE

    @property
    def audit(self) -> str:
        """The policies as an annotation carries them."""
        return f"{'+'.join(self.policies)}@{self.book_version}"
