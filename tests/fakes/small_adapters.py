"""Adapter packages of a few bytes, in PEFT's format."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save

from sotto.models.package import ModelCard, Task, write_package

TARGETS: Mapping[str, tuple[int, int]] = {"layer.q_proj": (6, 4), "layer.v_proj": (6, 2)}
BASE, REVISION = "small/base", "1"


def adapter_files(
    targets: Mapping[str, tuple[int, int]] = TARGETS, *, rank: int = 2, value: float = 1.0, **config: Any
) -> dict[str, bytes]:
    tensors = {}
    for name, (width, height) in targets.items():
        tensors[f"base_model.model.{name}.lora_A.weight"] = torch.full((rank, width), value)
        tensors[f"base_model.model.{name}.lora_B.weight"] = torch.full((height, rank), value)
    described = {"peft_type": "LORA", "r": rank, "lora_alpha": rank, **config}
    return {"adapter_config.json": json.dumps(described).encode(), "adapter_model.safetensors": save(tensors)}


def write_adapter_package(
    root: Path,
    name: str,
    files: Mapping[str, bytes] | None = None,
    *,
    tenant: str = "bank",
    task: Task = "generation",
    base: tuple[str, str] = (BASE, REVISION),
    **card: Any,
) -> Path:
    described = ModelCard(
        task=task, tenant=tenant, model=name, version="1", base_model=base[0], base_revision=base[1], **card
    )
    return write_package(described, files or adapter_files(), root)
