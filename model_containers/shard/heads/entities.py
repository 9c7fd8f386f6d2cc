"""Amounts, dates, times, order numbers and the tenant's own names in a text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from model_containers.shard.base_encoder.embedding import TextEmbedding
from model_containers.shard.heads.patterns import PATTERNS
from sotto.models.package import BadPackage, ModelPackage

GAZETTEER = "gazetteer.json"


class EntitiesHead:
    """Patterns for what has a form, a gazetteer for what has a name. Overlaps: the longer wins."""

    needs_embedding = False
    needs_base_too = False

    def __init__(self, package: ModelPackage) -> None:
        names = _names(package)
        self._patterns = [*PATTERNS.items(), *((kind, _any_of(words)) for kind, words in names.items() if words)]

    def answer(self, request: Mapping[str, Any], embedding: TextEmbedding | None) -> dict[str, Any]:
        return {"entities": self.found_in(str(request["text"]))}

    def found_in(self, text: str) -> list[dict[str, Any]]:
        kept: list[dict[str, Any]] = []
        for entity in sorted(self._matches(text), key=lambda e: (e["start"] - e["end"], e["start"])):
            if all(entity["end"] <= other["start"] or entity["start"] >= other["end"] for other in kept):
                kept.append(entity)
        return sorted(kept, key=lambda e: int(e["start"]))

    def _matches(self, text: str) -> Iterator[dict[str, Any]]:
        for kind, pattern in self._patterns:
            for match in pattern.finditer(text):
                yield {
                    "type": kind,
                    "text": match[0],
                    "start": match.start(),
                    "end": match.end(),
                    "confidence": 0.95,
                }


def _names(package: ModelPackage) -> dict[str, list[str]]:
    try:
        return {str(kind): [str(word) for word in words] for kind, words in json.loads(package.read(GAZETTEER)).items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise BadPackage(
            f"{GAZETTEER} of {package.card.target_model} is not a map of type to names: {error}"
        ) from error


def _any_of(words: list[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(re.escape(word) for word in longest_first) + r")(?:s|'s)?\b", re.IGNORECASE)
