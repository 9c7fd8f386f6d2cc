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
from typing import Annotated, Any, Literal

import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError, safe_open

from sotto.models.package import BadPackage

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"
LARGEST_RANK = 256
_WRAPPER = "base_model.model."
_PART = re.compile(r"^(?P<module>.+)\.lora_(?P<side>[AB])(?:\.default)?\.weight$")


Module = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.^$|\\]{1,300}$")]
"""PEFT takes any regular expression for a module's name. Without repetitions none of them can take for ever."""


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
    rank_pattern: Mapping[Module, int] = Field(default_factory=dict)
    alpha_pattern: Mapping[Module, Annotated[float, Field(allow_inf_nan=False)]] = Field(default_factory=dict)

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
    """Raises BadPackage when the files are missing, broken, not finite, or of a kind that would be served wrong.

    All factors lie in one block of memory, and each is read, scaled, turned and converted in one operation: a small
    adapter is bound by the number of operations, a large one by memory that is touched for the first time.
    """
    config = read_config(directory)
    parts = _parts(directory / WEIGHTS)
    ranks = {module: _rank(module, pair) for module, pair in parts.items()}
    widest = max(ranks.values(), default=0)
    if not 1 <= widest <= LARGEST_RANK:
        raise BadPackage(f"{WEIGHTS} holds no LoRA factors, or more than rank {LARGEST_RANK}")
    factors, block = _block(parts, widest, dtype, padded=min(ranks.values()) < widest)
    for module, pair in parts.items():
        rank, own = ranks[module], factors[module]
        own.a[:rank].copy_(pair["A"])
        _scaled(pair["B"].t(), config.scale_of(module, rank), own.b[:rank])
    _check_finite(block, factors)
    return AdapterWeights(factors, widest)


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
                tensor = file.get_tensor(key)
                if not tensor.is_floating_point():
                    raise BadPackage(f"{key} in {WEIGHTS} holds {tensor.dtype}: factors are floating-point numbers")
                parts.setdefault(module, {})[side] = tensor
    except (OSError, SafetensorError) as error:
        raise BadPackage(f"{WEIGHTS} is missing, truncated or not a safetensors file: {error}") from error
    return parts


def _named(key: str) -> tuple[str, str]:
    match = _PART.match(key)
    if match is None:
        raise BadPackage(f"{WEIGHTS} holds {key}, which is not a LoRA factor of a Linear: train without it")
    return match["module"].removeprefix(_WRAPPER), match["side"]


def _rank(module: str, pair: Mapping[str, torch.Tensor]) -> int:
    a, b = pair.get("A"), pair.get("B")
    if a is None or b is None or a.ndim != 2 or b.ndim != 2 or a.shape[0] != b.shape[1]:
        raise BadPackage(f"the factors of {module} in {WEIGHTS} do not belong together")
    return int(a.shape[0])


def _block(
    parts: Mapping[str, Mapping[str, torch.Tensor]], rank: int, dtype: torch.dtype, *, padded: bool
) -> tuple[dict[str, Factors], torch.Tensor]:
    """Memory for all factors, and each of them as a view of it. ``padded``: zeros, because some ranks are smaller."""
    widths = [(pair["A"].shape[1], pair["B"].shape[0]) for pair in parts.values()]
    size = rank * sum(map(sum, widths))
    block = torch.zeros(size, dtype=dtype) if padded else torch.empty(size, dtype=dtype)
    pieces = iter(block.split_with_sizes([rank * width for pair in widths for width in pair]))
    views = [Factors(next(pieces).view(rank, -1), next(pieces).view(rank, -1)) for _ in widths]
    return dict(zip(parts, views, strict=True)), block


def _scaled(rows: torch.Tensor, scale: float, target: torch.Tensor) -> None:
    """Into ``target``, with one rounding at most: torch multiplies a narrow tensor by a number in fp32."""
    if scale == 1.0:
        target.copy_(rows)
    else:
        torch.mul(rows if rows.dtype in (target.dtype, torch.float32) else rows.float(), scale, out=target)


def _check_finite(block: torch.Tensor, factors: Mapping[str, Factors]) -> None:
    """As they will be served: scaling and conversion may overflow too."""
    # A sum is finite only if every term is, and reads the memory once; it may overflow, so a doubtful one is looked at.
    if block.sum().isfinite() or block.isfinite().all():
        return
    module = next(name for name, own in factors.items() if not (own.a.isfinite().all() and own.b.isfinite().all()))
    raise BadPackage(f"the factors of {module} in {WEIGHTS} are not finite as {block.dtype}: train the adapter again")


def _matching(pattern: Mapping[str, Any], module: str, otherwise: float) -> float:
    """PEFT's own rule: a key is a regular expression for the end of the module's path."""
    for key, value in pattern.items():
        try:
            is_meant = re.match(rf"(.*\.)?({key})$", module)
        except re.error as error:
            raise BadPackage(f"{CONFIG}: alpha_pattern: {key} is no name of a module: {error}") from error
        if is_meant:
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
