"""Ways to compute the shared encoder, time and accuracy side by side: ``python -m benchmarks.encoder_engines``.

torch in single precision, in bfloat16, with int8 weights and activations quantised as they come; with ``--onnx DIR``
ONNX Runtime too, in single precision, installed into DIR for this run alone. Each reads the same utterances in turn, on
one thread. Accuracy: the heads that were fitted on single precision judge BANKING77's held-out
tenth from each engine's vectors, which is what a change of engine would mean for every tenant (needs
``SOTTO_SHARED_DATA``; left out without it).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.encoder_latency import UTTERANCES
from benchmarks.intent_quality import banking77, shared_text
from local.interruption import ended_in_order
from model_containers.shard.base_encoder.minilm import MiniLmEncoder, _Rows, _side_by_side

PACKAGES = ("onnxruntime==1.31.1", "onnx==1.23.2", "protobuf", "flatbuffers", "ml_dtypes", "packaging", "sympy")
LEARNED, JUDGED = 1_000, 400


class Int8(MiniLmEncoder):
    """torch's dynamic quantisation of the Linears."""

    def __init__(self) -> None:
        super().__init__()
        self._quantised = {
            name.removesuffix("weight"): self._linear_of(name)
            for name, weight in self._weights.items()
            if name.startswith("encoder.layer.") and weight.ndim == 2
        }

    def _linear_of(self, name: str) -> Any:
        weight, bias = self._weights[name], self._weights[name.removesuffix("weight") + "bias"]
        linear = torch.nn.Linear(weight.shape[1], weight.shape[0])
        linear.weight.data, linear.bias.data = weight, bias
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            quantise: Any = torch.ao.quantization.quantize_dynamic  # has no types
            return quantise(torch.nn.Sequential(linear), {torch.nn.Linear})[0]

    def _linear(self, name: str, hidden: Any) -> Any:
        return self._quantised[name](hidden)


class OnnxRuntime(MiniLmEncoder):
    def __init__(self, model: Path) -> None:
        super().__init__()
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # on by default, and begins at the import
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])

    def _forward(self, pack: Sequence[list[int]], rows: Any) -> tuple[Any, Any]:
        given = {"ids": np.array([token for text in pack for token in text])}
        given["positions"] = np.array([place for text in pack for place in range(len(text))])
        if rows is None:
            tokens = len(given["ids"])
            rows = _side_by_side(torch.tensor([tokens]), torch.zeros(tokens, dtype=torch.long))
        found = self._session.run(None, given | {name: tensor.numpy() for name, tensor in rows._asdict().items()})
        return torch.from_numpy(found[0]), torch.from_numpy(found[1])


def onnx_engines(folder: Path) -> dict[str, MiniLmEncoder]:
    """Exported from our own forward pass, so that all arms compute the same."""
    if not (folder / "onnxruntime").exists():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), *PACKAGES]
        subprocess.run(command, check=True)
    sys.path.append(str(folder))
    _export(folder / "encoder.onnx")
    return {"onnx runtime": OnnxRuntime(folder / "encoder.onnx")}


def _export(target: Path) -> None:
    encoder = MiniLmEncoder()

    class Pass(torch.nn.Module):
        def forward(self, ids: Any, positions: Any, padded: Any, packed: Any, seen: Any) -> tuple[Any, Any]:
            inner = hidden = encoder._embedded(ids, positions)
            for layer in range(6):
                inner, hidden = hidden, encoder._layer(f"encoder.layer.{layer}.", hidden, _Rows(padded, packed, seen))
            return hidden, inner

    names = ["ids", "positions", "padded", "packed", "seen"]
    axes = {name: {0: "t"} for name in ("ids", "positions", "packed", "hidden", "inner")}
    axes |= {"padded": {0: "n", 1: "l"}, "seen": {0: "n", 3: "l"}}
    ids = torch.tensor([101, 2000, 102, 101, 3000, 102])
    rows = _side_by_side(torch.tensor([3, 3]), torch.tensor([0, 0, 0, 1, 1, 1]))
    given = (ids, torch.arange(3).repeat(2), *rows)
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Pass(), given, str(target), input_names=names, output_names=["hidden", "inner"], dynamic_axes=axes,
            opset_version=17, dynamo=False,
        )  # fmt: skip


def timed(engines: Mapping[str, MiniLmEncoder], rounds: int) -> dict[str, dict[str, float]]:
    """Processor time of one utterance with its pieces, and of 32 utterances in one pass, each utterance new."""
    took: dict[str, dict[str, list[float]]] = {name: {"one": [], "of 32": []} for name in engines}
    for turn in range(rounds + 3):
        for name, engine in engines.items():
            began = time.process_time()
            engine.encode([f"{UTTERANCES[turn % len(UTTERANCES)]} {turn}"])
            middle = time.process_time()
            if turn % 6 == 0:
                engine.encode([f"{UTTERANCES[n % len(UTTERANCES)]} {turn} {n}" for n in range(32)])
                took[name]["of 32"].append((time.process_time() - middle) * 1000 / 32)
            took[name]["one"].append((middle - began) * 1000)
    return {
        name: {
            "one utterance p50, ms": round(float(np.median(times["one"][3:])), 2),
            "one utterance p95, ms": round(float(np.percentile(times["one"][3:], 95)), 2),
            "of a batch of 32, ms": round(float(np.median(times["of 32"][1:])), 2),
        }
        for name, times in took.items()
    }


def judged(engines: Mapping[str, MiniLmEncoder]) -> dict[str, dict[str, float]]:
    from sklearn.linear_model import LogisticRegression

    part = banking77()
    learned, held_out = part.learned[:: max(1, len(part.learned) // LEARNED)], part.judged[:JUDGED]
    reference = next(iter(engines.values()))
    head = LogisticRegression(C=30, max_iter=500).fit(_vectors(reference, learned), [label for _, label in learned])
    wanted = _vectors(reference, held_out)
    labels = np.array([label for _, label in held_out])
    found = {}
    for name, engine in engines.items():
        vectors = _vectors(engine, held_out)
        said = head.predict(vectors)
        found[name] = {
            "accuracy": round(float((said == labels).mean()), 4),
            "decisions changed": round(float((said != head.predict(wanted)).mean()), 4),
            "smallest cosine to single precision": round(float((vectors * wanted).sum(1).min()), 4),
        }
    return found


def _vectors(engine: MiniLmEncoder, labelled: Sequence[tuple[str, str]]) -> Any:
    texts = [text for text, _ in labelled]
    embeddings = [
        embedding for start in range(0, len(texts), 16) for embedding in engine.encode(texts[start : start + 16])
    ]
    return np.stack([embedding.whole for embedding in embeddings])


@ended_in_order()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--onnx", type=Path, metavar="DIR", help="also ONNX Runtime, installed into DIR")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    engines: dict[str, MiniLmEncoder] = {
        "torch, single precision": MiniLmEncoder(),
        "torch, bfloat16": MiniLmEncoder(narrow=True),
        "torch, int8": Int8(),
    }
    if options.onnx:
        engines |= onnx_engines(options.onnx)
    figures: dict[str, Any] = timed(engines, options.rounds)
    if shared_text().exists():
        for name, quality in judged(engines).items():
            figures[name] |= quality
    for name, values in figures.items():
        print(f"{name:<26}" + "  ".join(f"{what} {value}" for what, value in values.items()))
    print(f"load {os.getloadavg()}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
