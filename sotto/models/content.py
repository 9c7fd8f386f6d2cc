"""What a package would answer with, apart from what it is called and what is noted about it."""

from __future__ import annotations

import hashlib

from sotto.models.package import ModelCard
from sotto.models.training_record import TRAINING_RECORD

_BESIDE_ITS_CONTENT = {"version", "metrics", "files"}


def content_of(card: ModelCard) -> str:
    """Two packages with an equal one answer equally: the card's checksums stand for the files. Neither the version's
    name nor metrics count, nor how it was trained, nor anything of the archive around them."""
    digest = hashlib.sha256(card.model_dump_json(exclude=_BESIDE_ITS_CONTENT).encode())
    for name, checksum in sorted(card.files.items()):
        if name != TRAINING_RECORD:
            digest.update(f"\n{name} {checksum}".encode())
    return digest.hexdigest()
