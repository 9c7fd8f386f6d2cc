"""Fine-tuning of the shared encoder for one tenant: low-rank additions to its Linears (LoRA, arXiv 2106.09685).

A small loop in torch; what it learns is kept in PEFT's format, so that any tool that knows PEFT can load it on the
base. Texts are compared with one unit vector per label: cross-entropy over scaled cosines, smoothed because example
phrases of neighbouring intents are often mixed up. Where phrases are few they are compared with each other, too: the
contrastive loss is what makes an adapter worth its pass there (0241); with many it is worth nothing (0261).
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from model_containers.shard.base_encoder.embedding import Vectors
from model_containers.shard.base_encoder.minilm import BASE_MODEL, DIMENSIONS
from model_containers.shard.lora.peft_format import CONFIG as ADAPTER_CONFIG
from model_containers.shard.lora.peft_format import WEIGHTS as ADAPTER
from model_containers.trainer.heads.fitting import Targets
from model_containers.trainer.lora.contrast import batches, contrast
from model_containers.trainer.lora.trainable import TrainableEncoder
from model_containers.trainer.trained import Progress

TARGETS = ("query", "key", "value", "dense")
COSINE_SCALE, SMOOTHING, WARM_UP = 16.0, 0.1, 0.1
LONGEST_TOKENS, AT_ONCE = 64, 32
FEW = 30
"""Examples a label, up to which they are compared with each other."""
PART = 16
"""Texts of a batch that are read in one pass: sorted by length and cut so, a batch has little padding."""


@dataclass(frozen=True, slots=True)
class TuningPlan:
    epochs: int
    rank: int = 16
    alpha: int = 32
    batch: int = 64
    contrast: bool = True
    """Pairs of one label in a batch, and a loss that draws them together."""
    rate: float = 1e-3
    seed: int = 11


def plan_for(examples: int, labels: int, seed: int, *, contrast: bool | None = None) -> TuningPlan:
    """About as many steps for few examples as keep the figures rising, and no more than minutes for many. ``contrast``:
    None where examples are few."""
    epochs = max(3, min(10, 12_000 // max(1, examples)))
    paired = examples <= FEW * labels if contrast is None else contrast
    return TuningPlan(epochs=epochs, batch=64 if paired else 32, contrast=paired, seed=seed)


class TunedEncoder:
    """The base with one tenant's additions. The same seed and texts give the same weights on the same machine."""

    def __init__(self, directory: Path, plan: TuningPlan) -> None:
        from tokenizers import Tokenizer

        self.plan = plan
        self._tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST_TOKENS)
        self._tokenizer.no_padding()
        self._model = TrainableEncoder(directory, rank=plan.rank, alpha=plan.alpha, seed=plan.seed)

    def train(self, texts: Sequence[str], targets: Targets, start: Vectors, progress: Progress) -> Vectors:
        """Gives back one unit vector per label, shape (labels, 384); ``start`` is where they begin."""
        plan, truth = self.plan, torch.from_numpy(targets)
        marks = nn.Parameter(torch.from_numpy(start.copy()))
        own = list(self._model.parameters())
        steps = plan.epochs * math.ceil(len(texts) / plan.batch)
        optimiser = torch.optim.AdamW(
            [{"params": own, "lr": plan.rate}, {"params": [marks], "lr": 2 * plan.rate, "weight_decay": 0.0}]
        )
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, steps))
        self._model.train()
        pieces = self._pieces(texts)
        together = 2 if plan.contrast else 1
        for step, batch in enumerate(batches(targets, plan.batch, plan.epochs, plan.seed, together=together)):
            read = self._read([pieces[place] for place in batch])
            cosines = read @ functional.normalize(marks, dim=1).T
            loss = functional.cross_entropy(COSINE_SCALE * cosines, truth[batch], label_smoothing=SMOOTHING)
            if plan.contrast:
                loss = loss + contrast(read, truth[batch])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_([*own, marks], 1.0)
            optimiser.step()
            schedule.step()
            progress(f"tuning the encoder, epoch {1 + step * plan.epochs // steps} of {plan.epochs}", step / steps)
        found: Vectors = functional.normalize(marks, dim=1).detach().numpy()
        return found

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), 384)."""
        self._model.eval()
        pieces = self._pieces(texts)
        order = sorted(range(len(texts)), key=lambda i: len(pieces[i]))
        found = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        with torch.inference_mode():
            for start in range(0, len(order), AT_ONCE):
                some = order[start : start + AT_ONCE]
                found[some] = self._model([pieces[i] for i in some]).numpy()
        return found

    def _read(self, pieces: Sequence[list[int]]) -> torch.Tensor:
        order = sorted(range(len(pieces)), key=lambda i: len(pieces[i]))
        parts = [self._model([pieces[i] for i in order[first : first + PART]]) for first in range(0, len(order), PART)]
        return torch.cat(parts)[torch.tensor(order).argsort()]

    def files(self, revision: str) -> dict[str, bytes]:
        """The adapter as PEFT writes it."""
        from safetensors.torch import save

        tensors = {
            f"base_model.model.{name}.lora_{part}.weight": weight.detach().contiguous()
            for name, a, b in zip(self._model.names, self._model.a, self._model.b, strict=True)
            for part, weight in (("A", a), ("B", b))
        }
        return {ADAPTER: save(tensors), ADAPTER_CONFIG: json.dumps(self._config(revision), indent=2).encode()}

    def _config(self, revision: str) -> dict[str, Any]:
        return {
            "peft_type": "LORA",
            "task_type": "FEATURE_EXTRACTION",
            "base_model_name_or_path": BASE_MODEL,
            "revision": revision,
            "r": self.plan.rank,
            "lora_alpha": self.plan.alpha,
            "lora_dropout": 0.0,
            "target_modules": rf"encoder\..*\.({'|'.join(TARGETS)})",  # the pooler has a dense too
            "bias": "none",
            "inference_mode": True,
        }

    def _pieces(self, texts: Sequence[str]) -> list[list[int]]:
        return [one.ids for one in self._tokenizer.encode_batch(list(texts))]


def _rate(step: int, steps: int) -> float:
    """Rises over the first tenth, then falls to zero along a cosine."""
    return min(1.0, (step + 1) / (WARM_UP * steps)) * 0.5 * (1 + math.cos(math.pi * step / steps))
