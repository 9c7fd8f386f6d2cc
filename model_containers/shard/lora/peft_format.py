"""Reads adapters as PEFT writes them: ``adapter_config.json`` beside ``adapter_model.safetensors``.

https://huggingface.co/docs/peft/developer_guides/checkpoint
PEFT itself is not imported: its loader is slow and grows with what is resident. What this layer cannot reproduce
exactly (DoRA, trained biases, replaced modules) is refused rather than served wrong.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError, safe_open

from sotto.inference.package import BadPackage

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"
LARGEST_RANK = 256
_WRAPPER = "base_model.model."
_PART = re.compile(r"^(?P<module>.+)\.lora_(?P<side>[AB])(?:\.default)?\.weight$")


class AdapterConfig(BaseModel):
    """The fields of ``adapter_config.json`` that change the result; the rest is PEFT's bookkeeping."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    peft_type: Literal["LORA"]
    r: int = Field(ge=1, le=LARGEST_RANK)
    lora_alpha: float = Field(default=8, allow_inf_nan=False)
    base_model_name_or_path: str | None = None
    revision: str | None = None
    use_rslora: bool = False
    use_dora: Literal[False] = False
    fan_in_fan_out: Literal[False] = False
    bias: Literal["none"] = "none"
    lora_bias: Literal[False] = False
    rank_pattern: Mapping[str, int] = Field(default_factory=dict)
    alpha_pattern: Mapping[str, float] = Field(default_factory=dict)

    def scale_of(self, module: str, rank: int) -> float:
        alpha = _matching(self.alpha_pattern, module, self.lora_alpha)
        return alpha / (math.sqrt(rank) if self.use_rslora else rank)


@dataclass(frozen=True, slots=True)
class Factors:
    """One target's share: ``a`` of shape (rank, in), ``b`` of shape (rank, out) with the scale folded in."""

    a: torch.Tensor
    b: torch.Tensor


@dataclass(frozen=True)
class AdapterWeights:
    """By module path, without PEFT's wrapper prefix. All factors have ``rank`` rows; smaller ones end in zeros."""

    factors: Mapping[str, Factors]
    rank: int

    @cached_property
    def bytes(self) -> int:
        return sum(f.a.nbytes + f.b.nbytes for f in self.factors.values())


def read_adapter(directory: Path, *, dtype: torch.dtype) -> AdapterWeights:
    """Raises BadPackage when the files are missing, broken, not finite, or of a kind that would be served wrong."""
    config = read_config(directory)
    parts = _parts(directory / WEIGHTS)
    ranks = {module: _rank(module, pair) for module, pair in parts.items()}
    widest = max(ranks.values(), default=0)
    if not 1 <= widest <= LARGEST_RANK:
        raise BadPackage(f"{WEIGHTS} holds no LoRA factors, or more than rank {LARGEST_RANK}")
    return AdapterWeights(
        {
            module: _factors(pair, scale=config.scale_of(module, ranks[module]), rank=widest, dtype=dtype)
            for module, pair in parts.items()
        },
        widest,
    )


def read_config(directory: Path) -> AdapterConfig:
    try:
        return AdapterConfig.model_validate_json((directory / CONFIG).read_bytes())
    except OSError as error:
        raise BadPackage(f"the adapter has no readable {CONFIG}: {error.strerror}") from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or CONFIG}: {e['msg']}" for e in error.errors())
        raise BadPackage(f"{CONFIG} describes an adapter that cannot be served here: {wrong}") from error


def _parts(path: Path) -> dict[str, dict[str, torch.Tensor]]:
    parts: dict[str, dict[str, torch.Tensor]] = {}
    try:
        with safe_open(path, framework="pt") as file:
            for key in file.keys():  # noqa: SIM118 - a file handle, not a mapping
                module, side = _named(key)
                parts.setdefault(module, {})[side] = _finite(key, file.get_tensor(key))
    except (OSError, SafetensorError) as error:
        raise BadPackage(f"{WEIGHTS} is missing, truncated or not a safetensors file: {error}") from error
    return parts


def _named(key: str) -> tuple[str, str]:
    match = _PART.match(key)
    if match is None:
        raise BadPackage(f"{WEIGHTS} holds {key}, which is not a LoRA factor of a Linear: train without it")
    return match["module"].removeprefix(_WRAPPER), match["side"]


def _finite(key: str, tensor: torch.Tensor) -> torch.Tensor:
    # A sum is finite only if every term is, and reads the memory once; it may overflow, so a doubtful one is looked at.
    if not (tensor.is_floating_point() and (tensor.sum().isfinite() or tensor.isfinite().all())):
        raise BadPackage(f"{key} in {WEIGHTS} holds numbers that are not finite: train the adapter again")
    return tensor


def _rank(module: str, pair: Mapping[str, torch.Tensor]) -> int:
    a, b = pair.get("A"), pair.get("B")
    if a is None or b is None or a.ndim != 2 or b.ndim != 2 or a.shape[0] != b.shape[1]:
        raise BadPackage(f"the factors of {module} in {WEIGHTS} do not belong together")
    return int(a.shape[0])


def _factors(pair: Mapping[str, torch.Tensor], *, scale: float, rank: int, dtype: torch.dtype) -> Factors:
    """The scale is applied in fp32, so that folding it in costs one rounding at most."""
    b = (pair["B"].float() * scale).to(dtype).t()
    return Factors(_padded(pair["A"].to(dtype), rank), _padded(b, rank))


def _padded(rows: torch.Tensor, rank: int) -> torch.Tensor:
    if rows.shape[0] == rank:
        return rows.contiguous()
    padded = rows.new_zeros(rank, rows.shape[1])
    padded[: rows.shape[0]] = rows
    return padded


def _matching(pattern: Mapping[str, Any], module: str, otherwise: float) -> float:
    """PEFT's own rule: a key is a regular expression for the end of the module's path."""
    for key, value in pattern.items():
        if re.match(rf"(.*\.)?({key})$", module):
            return float(value)
    return otherwise


def aligned(weights: AdapterWeights, targets: Mapping[str, tuple[int, int]], prefixes: Iterable[str]) -> AdapterWeights:
    """The factors under the names of ``targets`` (module path to (in, out)).

    An adapter trained on the bare encoder names ``encoder.layer.0…``, one trained on a classifier around it
    ``bert.encoder.layer.0…``; ``prefixes`` are what may stand in front of either. Raises BadPackage when a module is
    unknown or of another shape: the adapter belongs to another base.
    """
    found = {}
    for module, factors in weights.factors.items():
        name = _target(module, targets, prefixes)
        shape = (factors.a.shape[1], factors.b.shape[1])
        if name is None or targets[name] != shape:
            expected = f"takes {targets[name]}" if name else "does not exist or takes no adapters"
            raise BadPackage(f"the adapter changes {module} {shape}, which {expected} here: it is for another base")
        found[name] = factors
    return AdapterWeights(found, weights.rank)


def _target(module: str, targets: Mapping[str, tuple[int, int]], prefixes: Iterable[str]) -> str | None:
    names = [module, *(f"{p}.{module}" for p in prefixes), *(module.removeprefix(f"{p}.") for p in prefixes)]
    return next((name for name in names if name in targets), None)
