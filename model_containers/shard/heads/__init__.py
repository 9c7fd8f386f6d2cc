"""What a tenant's model adds to the shared encoder. One module per kind of answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from model_containers.shard.base_encoder.embedding import TextEmbedding
from model_containers.shard.base_encoder.minilm import BASE_MODEL
from model_containers.shard.heads.behaviours import BehavioursHead
from model_containers.shard.heads.classifier import ClassifierHead
from model_containers.shard.heads.entities import EntitiesHead
from model_containers.shard.heads.knowledge import KnowledgeHead
from model_containers.shard.heads.sentiment import SentimentHead
from sotto.models.package import BadPackage, ModelPackage

Request = Mapping[str, Any]


class Head(Protocol):
    needs_embedding: bool
    """Whether the encoder must read the text first."""
    needs_base_too: bool
    """Whether it wants, beside what its adapter reads, what the base reads: a Reading with ``adapted``."""

    def answer(self, request: Request, embedding: TextEmbedding | None) -> dict[str, Any]:
        """One of the Output shapes of sotto.graph.node."""
        ...


_HEADS: Mapping[str, Callable[[ModelPackage], Head]] = {
    "intent": ClassifierHead,
    "sentiment": SentimentHead,
    "behaviours": BehavioursHead,
    "entities": EntitiesHead,
    "knowledge": KnowledgeHead,
}


def load_head(package: ModelPackage, *, base_revision: str) -> Head:
    card = package.card
    if (card.base_model, card.base_revision) != (BASE_MODEL, base_revision):
        raise BadPackage(
            f"{card.target_model} was trained on {card.base_model} {card.base_revision}, but this shard runs "
            f"{BASE_MODEL} {base_revision}: train it again"
        )
    if card.task not in _HEADS:
        raise BadPackage(f"{card.target_model} is for {card.task}, which this shard's encoder does not do")
    return _HEADS[card.task](package)
