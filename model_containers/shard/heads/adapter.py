"""A tenant's low-rank additions to the shared encoder, as PEFT wrote them, checked before they are trusted."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load

from model_containers.shard.encoder import Additions, Vectors
from sotto.inference.package import BadPackage, ModelPackage

ADAPTER, ADAPTER_CONFIG = "adapter_model.safetensors", "adapter_config.json"
_KEY = re.compile(r"^base_model\.model\.(encoder\.layer\.\d+\.[a-z.]+)\.lora_([AB])\.weight$")


@dataclass(frozen=True, slots=True)
class Adapter:
    additions: Additions


def read_adapter(package: ModelPackage) -> Adapter | None:
    """None where the package has no adapter. Raises BadPackage."""
    if ADAPTER not in package.card.files:
        return None
    scale = _scale(package)
    pairs: dict[str, dict[str, Vectors]] = {}
    for key, weight in _tensors(package).items():
        match = _KEY.match(key)
        if match is None or weight.ndim != 2 or not np.isfinite(weight).all():
            raise BadPackage(f"{ADAPTER} of {package.card.target_model}: {key} is no finite LoRA matrix of the encoder")
        pairs.setdefault(match[1] + ".", {})[match[2]] = weight
    return Adapter({name: _pair(package, name, pair, scale) for name, pair in pairs.items()})


def _pair(package: ModelPackage, name: str, pair: Mapping[str, Vectors], scale: float) -> tuple[Vectors, Vectors]:
    a, b = pair.get("A"), pair.get("B")
    if a is None or b is None or a.shape[0] != b.shape[1]:
        raise BadPackage(f"{ADAPTER} of {package.card.target_model}: {name} needs an A and a B of one rank")
    return a, b * np.float32(scale)


def _scale(package: ModelPackage) -> float:
    try:
        config = json.loads(package.read(ADAPTER_CONFIG))
        return float(config["lora_alpha"]) / float(config["r"])
    except (ValueError, KeyError, TypeError, ZeroDivisionError) as error:
        raise BadPackage(f"{ADAPTER_CONFIG} of {package.card.target_model} names no r and lora_alpha") from error


def _tensors(package: ModelPackage) -> dict[str, Vectors]:
    try:
        tensors: dict[str, Vectors] = load(package.read(ADAPTER))
    except SafetensorError as error:
        raise BadPackage(f"{ADAPTER} of {package.card.target_model} is not a safetensors file: {error}") from error
    return tensors
