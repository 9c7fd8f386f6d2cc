"""From what data a package was trained, and what it had to reach: ``training.json`` beside the weights.

A file of its own and no part of the card: shards refuse cards with fields that they do not know, and those deployed
before would refuse every model.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sotto.models.package import BadPackage, Finite, archived_files

TRAINING_RECORD = "training.json"


class TrainingRecord(BaseModel):
    """``data``: a digest of the examples, never one of them. ``gates``: metric -> what was asked of it, at least. Both
    are empty for packages that were made before, or elsewhere."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    data: str = Field(default="", max_length=64)
    gates: Annotated[Mapping[str, Finite], Field(max_length=50)] = Field(default_factory=dict)

    @property
    def files(self) -> Mapping[str, bytes]:
        """To put into the package."""
        return {TRAINING_RECORD: self.model_dump_json(indent=2).encode()}


def digest_of(data: object) -> str:
    """``data``: plain values, whose ``repr`` is all of them."""
    return hashlib.sha256(repr(data).encode()).hexdigest()[:16]


def read_training_record(archive: Path) -> TrainingRecord:
    """Raises BadPackage."""
    content = archived_files(archive, TRAINING_RECORD).get(TRAINING_RECORD, b"{}")
    try:
        return TrainingRecord.model_validate_json(content)
    except ValidationError as error:
        raise BadPackage(f"{archive.name}: {TRAINING_RECORD} is no record of a training: pack it again") from error
