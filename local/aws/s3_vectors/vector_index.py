"""One index of S3 Vectors in ENHANCED mode: filters first, then words by BM25 and vectors by distance, fused by rank.

In plain Python, over all that passes the filter: exact, and slow above some ten thousand vectors. AWS's own analyser,
weights and rounding are not public; what is compared with it is the order of what clearly differs.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from local.aws.s3_vectors.filters import BadFilter, matches
from sotto.core.content_words import content_words
from sotto.search.fusion import fused

K1, B = 1.2, 0.75
MOST_RESULTS, LONGEST_KEY, LONGEST_QUERY = 100, 1_024, 1_024
FILTERABLE_BYTES, METADATA_BYTES, MOST_METADATA_KEYS = 2_048, 40_960, 50
MOST_PUT, MOST_DELETED, MOST_GOT = 500, 500, 100


class Refused(Exception):
    """As the API refuses: HTTP status, exception and message."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind


def invalid(message: str) -> Refused:
    return Refused(400, "ValidationException", message)


@dataclass(frozen=True, slots=True)
class StoredVector:
    numbers: tuple[float, ...]
    metadata: Mapping[str, Any]


@dataclass
class VectorIndex:
    """``searchable``: metadata keys with a full-text configuration."""

    dimension: int
    metric: str
    not_filterable: frozenset[str] = frozenset()
    searchable: frozenset[str] = frozenset()
    vectors: dict[str, StoredVector] = field(default_factory=dict)
    _words: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)

    def put(self, vectors: Any) -> None:
        if not isinstance(vectors, list) or not 1 <= len(vectors) <= MOST_PUT:
            raise invalid(f"vectors: must have 1 to {MOST_PUT} items")
        checked = {str(each.get("key", "")): self._checked(each) for each in vectors}
        if len(checked) != len(vectors):
            raise invalid("vectors: duplicate keys")
        self.vectors.update(checked)
        for key in checked:
            self._forget_words(key)

    def delete(self, keys: Any) -> None:
        for key in _keys(keys, MOST_DELETED):
            self.vectors.pop(key, None)
            self._forget_words(key)

    def get(self, keys: Any, *, data: bool, metadata: bool) -> list[dict[str, Any]]:
        found = [key for key in _keys(keys, MOST_GOT) if key in self.vectors]
        return [self._shown(key, data=data, metadata=metadata) for key in found]

    def query(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        most = asked.get("topK")
        if not isinstance(most, int) or not 1 <= most <= MOST_RESULTS:
            raise invalid(f"topK: must be between 1 and {MOST_RESULTS}")
        vector, texts = asked.get("queryVector"), asked.get("queryTexts")
        if vector is None and texts is None:
            raise invalid("A request must include queryVector, queryTexts, or both")
        passing = self._passing(asked.get("filter"))
        distances: dict[str, float] = {}
        if vector is not None:
            numbers = self._numbers(vector)
            distances = {key: self._distance(numbers, self.vectors[key].numbers) for key in passing}
        scores = self._by_words(texts, passing) if texts is not None else {}
        closest = sorted(distances, key=lambda key: distances[key])[:most]
        wordiest = sorted(scores, key=lambda key: -sum(scores[key].values()))[:most]
        if vector is not None and texts is not None:
            ranked = fused([wordiest, closest])[:most]
        elif texts is not None:
            ranked = [(key, sum(scores[key].values())) for key in wordiest]
        else:
            ranked = [(key, distances[key]) for key in closest]
        hybrid = vector is not None and texts is not None
        found = []
        for key, score in ranked:
            shown = self._shown(key, data=False, metadata=bool(asked.get("returnMetadata")))
            if asked.get("returnDistance") and key in distances:
                shown["distance"] = distances[key]
            if asked.get("returnScores") and texts is not None:
                shown["scores"] = _scores(score if hybrid else None, scores.get(key), distances.get(key))
            found.append(shown)
        return {"vectors": found, "distanceMetric": self.metric}

    def _checked(self, put: Any) -> StoredVector:
        key = put.get("key")
        if not isinstance(key, str) or not 1 <= len(key) <= LONGEST_KEY:
            raise invalid(f"key: must have 1 to {LONGEST_KEY} characters")
        numbers = self._numbers(put.get("data"))
        metadata = put.get("metadata") or {}
        if len(metadata) > MOST_METADATA_KEYS:
            raise invalid(f"metadata: more than {MOST_METADATA_KEYS} keys")
        for name, value in metadata.items():
            if not _is_value(value):
                raise invalid(f"metadata: {name} must be a string, a number, a boolean or a list of those")
        if _bytes(metadata) > METADATA_BYTES:
            raise invalid("Metadata must not exceed 40 KB")
        if _bytes({k: v for k, v in metadata.items() if k not in self.not_filterable}) > FILTERABLE_BYTES:
            raise invalid("Filterable metadata must have at most 2048 bytes")
        return StoredVector(numbers, dict(metadata))

    def _numbers(self, data: Any) -> tuple[float, ...]:
        numbers = data.get("float32") if isinstance(data, dict) else None
        if not isinstance(numbers, list) or len(numbers) != self.dimension:
            raise invalid(f"Invalid vector dimension: expected {self.dimension}")
        if not all(isinstance(each, int | float) and math.isfinite(each) for each in numbers):
            raise invalid("Vector data must be finite numbers")
        if self.metric == "cosine" and not any(numbers):
            raise invalid("Zero vectors are not allowed for the cosine distance metric")
        return tuple(map(float, numbers))

    def _distance(self, one: Sequence[float], other: Sequence[float]) -> float:
        if self.metric == "euclidean":
            return math.dist(one, other)
        lengths = math.hypot(*one) * math.hypot(*other)
        return 1.0 - sum(a * b for a, b in zip(one, other, strict=True)) / lengths

    def _passing(self, condition: Any) -> list[str]:
        try:
            if condition is not None:
                matches(condition, {}, self.not_filterable)
            return [
                key
                for key, each in self.vectors.items()
                if condition is None or matches(condition, each.metadata, self.not_filterable)
            ]
        except BadFilter as error:
            raise invalid(str(error)) from None

    def _by_words(self, texts: Any, passing: Sequence[str]) -> dict[str, dict[str, float]]:
        """Key -> metadata key -> BM25. Rarity and lengths are those of the whole index."""
        found: dict[str, dict[str, float]] = {}
        asked = {str(each.get("metadataKey", "")): str(each.get("text", "")) for each in texts}
        if len(asked) != len(texts):
            raise invalid("queryTexts: each entry must target a distinct metadata key")
        for name, text in asked.items():
            if name not in self.searchable:
                raise invalid(f"queryTexts: {name} is not a searchable metadata key")
            if not 1 <= len(text) <= LONGEST_QUERY:
                raise invalid(f"queryTexts: text must have 1 to {LONGEST_QUERY} characters")
            words = {key: self._words_of(key, name) for key in self.vectors}
            average = sum(sum(each.values()) for each in words.values()) / max(1, len(words)) or 1.0
            for word in dict.fromkeys(content_words(text)):
                holding = sum(1 for each in words.values() if each[word])
                rarity = math.log(1 + (len(words) - holding + 0.5) / (holding + 0.5))
                for key in passing:
                    if times := words[key][word]:
                        norm = K1 * (1 - B + B * sum(words[key].values()) / average)
                        by_name = found.setdefault(key, {})
                        by_name[name] = by_name.get(name, 0.0) + rarity * times * (K1 + 1) / (times + norm)
        return found

    def _words_of(self, key: str, name: str) -> Counter[str]:
        if (key, name) not in self._words:
            self._words[key, name] = Counter(content_words(str(self.vectors[key].metadata.get(name, ""))))
        return self._words[key, name]

    def _forget_words(self, key: str) -> None:
        for name in self.searchable:
            self._words.pop((key, name), None)

    def _shown(self, key: str, *, data: bool, metadata: bool) -> dict[str, Any]:
        stored = self.vectors[key]
        shown: dict[str, Any] = {"key": key}
        if data:
            shown["data"] = {"float32": list(stored.numbers)}
        if metadata:
            shown["metadata"] = dict(stored.metadata)
        return shown


def _scores(fused_score: float | None, by_name: Mapping[str, float] | None, distance: float | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if fused_score is not None:
        found["fused"] = fused_score
    if by_name:
        found["bm25Scores"] = [{"metadataKey": name, "score": score} for name, score in by_name.items()]
    if distance is not None:
        found["vectorDistance"] = distance
    return found


def _keys(keys: Any, most: int) -> list[str]:
    if not isinstance(keys, list) or not 1 <= len(keys) <= most:
        raise invalid(f"keys: must have 1 to {most} items")
    return [str(key) for key in keys]


def _is_value(value: Any) -> bool:
    if isinstance(value, list):
        return all(isinstance(each, str | int | float | bool) for each in value)
    return isinstance(value, str | int | float | bool)


def _bytes(metadata: Mapping[str, Any]) -> int:
    return len(json.dumps(metadata, ensure_ascii=False, separators=(",", ":")).encode())
