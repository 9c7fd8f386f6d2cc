"""Numbers of a package, checked before they are trusted."""

from __future__ import annotations

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from model_containers.shard.base_encoder.embedding import Vectors
from sotto.models.package import BadPackage, ModelPackage

WEIGHTS = "head.safetensors"


def packed(**tensors: Vectors) -> bytes:
    content: bytes = save({name: np.ascontiguousarray(tensor, dtype=np.float32) for name, tensor in tensors.items()})
    return content


def tensor(package: ModelPackage, name: str, *, rows: int, columns: int | None) -> Vectors:
    """Shape (rows, columns), or (rows,) where ``columns`` is None. Finite, or BadPackage."""
    found = _tensors(package).get(name)
    wanted = (rows,) if columns is None else (rows, columns)
    if found is None or found.shape != wanted or not np.isfinite(found).all():
        shape = "missing" if found is None else f"of shape {found.shape}" if found.shape != wanted else "not finite"
        raise BadPackage(
            f"{WEIGHTS} of {package.card.target_model}: {name} is {shape}, expected {wanted} finite numbers"
        )
    return found


def columns_of(package: ModelPackage, name: str) -> int:
    """How wide a tensor is; 0 where it is missing or not a matrix."""
    found = _tensors(package).get(name)
    return int(found.shape[1]) if found is not None and found.ndim == 2 else 0


def _tensors(package: ModelPackage) -> dict[str, Vectors]:
    try:
        tensors: dict[str, Vectors] = load(package.read(WEIGHTS))
    except SafetensorError as error:
        raise BadPackage(f"{WEIGHTS} of {package.card.target_model} is not a safetensors file: {error}") from error
    return tensors
