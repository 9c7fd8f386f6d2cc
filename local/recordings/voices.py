"""Two voices on one channel, told apart: who speaks when, by Resemblyzer's voice encoder (Wan et al. 2018, GE2E).

Only its weights are used (Apache-2.0; requirements-voices.lock installs the package without what it depends on). A call
is cut where nobody speaks, each stretch goes to the voice it is closer to, and the other side is silent meanwhile: when
both talk at once, both are on one side. Whose voice comes first is taken for the agent, who answers the call; a single
voice for the customer.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sotto.core.errors import Rejected
from sotto.media.stereo import SAMPLE_RATE_HZ
from sotto.recognition.whisper.detector import FRAME_SAMPLES, ChannelVoice, VoiceDetector
from sotto.recognition.whisper.features import Samples, mel_power

DIGEST = "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"
MELS = 40
WINDOW_FRAMES = 160
"""1.6 s, what the encoder was trained on."""
STEP_FRAMES = 80
LOUDNESS = 10 ** (-30 / 20)
SAME_VOICE = 0.86
"""Two groups closer than this are one person."""
_PAUSE_FRAMES = 5
_SPEECH = 0.5


class VoicesUnreadable(Rejected):
    """The model that tells voices apart is not installed, or is another."""


def parted_by_voice(mono: bytes) -> tuple[bytes, bytes]:
    """Customer and agent, s16le at 8 kHz, of one channel. Raises VoicesUnreadable."""
    pcm = np.frombuffer(mono, "<i2")
    audio = (pcm / 32_768).astype(np.float32)
    stretches = spoken_stretches(audio)
    sides = np.zeros((2, len(pcm)), "<i2")
    whose = voices_of(audio, stretches)
    agent = whose[0] if len(set(whose)) == 2 else None
    # What lies between two stretches goes with the one before it.
    ends = [start for start, _ in stretches[1:]] + [len(pcm)]
    for (start, _), end, voice in zip(stretches, ends, whose, strict=True):
        side = 1 if voice == agent else 0
        sides[side, start:end] = pcm[start:end]
    return sides[0].tobytes(), sides[1].tobytes()


def spoken_stretches(audio: Samples) -> list[tuple[int, int]]:
    """From the first to the last sample of each, between pauses of 160 ms."""
    voice = np.array(list(ChannelVoice(VoiceDetector()).feed(audio))) >= _SPEECH
    found: list[tuple[int, int]] = []
    for frame in np.flatnonzero(voice):
        start, end = int(frame) * FRAME_SAMPLES, (int(frame) + 1) * FRAME_SAMPLES
        if found and start - found[-1][1] <= _PAUSE_FRAMES * FRAME_SAMPLES:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def voices_of(audio: Samples, stretches: list[tuple[int, int]]) -> list[int]:
    """0 or 1 for each stretch; all 0 when there is one voice."""
    if not stretches:
        return []
    encode = _encoder()
    prints = np.stack([_print(encode, audio[start:end]) for start, end in stretches])
    seconds = np.array([(end - start) / SAMPLE_RATE_HZ for start, end in stretches])
    centres = _two_centres(prints, seconds)
    if centres is None or float(centres[0] @ centres[1]) > SAME_VOICE:
        return [0] * len(stretches)
    return [int(each) for each in np.argmax(prints @ centres.T, axis=1)]


def _two_centres(prints: npt.NDArray[Any], seconds: npt.NDArray[Any]) -> npt.NDArray[Any] | None:
    """By k-means on the sphere, begun with the two long stretches that differ most; a long one counts more."""
    long = np.flatnonzero(seconds >= min(1.0, float(np.median(seconds))))
    if len(long) < 2:
        return None
    likeness = prints[long] @ prints[long].T
    first, second = np.unravel_index(np.argmin(likeness), likeness.shape)
    centres = prints[[long[first], long[second]]]
    for _ in range(20):
        nearest = np.argmax(prints @ centres.T, axis=1)
        sums = [(prints[nearest == n] * seconds[nearest == n, None]).sum(axis=0) for n in (0, 1)]
        if any(not each.any() for each in sums):
            return None
        centres = np.stack([each / np.linalg.norm(each) for each in sums])
    return np.asarray(centres)


def _print(encode: Any, audio: Samples) -> npt.NDArray[Any]:
    """A voice's fingerprint: the mean over windows, of length 1."""
    level = float(np.sqrt(np.mean(audio**2))) + 1e-9
    mel = mel_power(np.pad(audio * np.float32(LOUDNESS / level), (0, 200)), MELS).T
    if len(mel) < WINDOW_FRAMES:
        mel = np.resize(mel, (WINDOW_FRAMES, MELS))
    starts = range(0, len(mel) - WINDOW_FRAMES + 1, STEP_FRAMES)
    mean = encode(np.stack([mel[at : at + WINDOW_FRAMES] for at in starts])).mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean))


def _encoder() -> Any:
    import torch

    torch.set_num_threads(1)  # waits for none of a busy machine's other threads
    state = torch.load(io.BytesIO(_weights()), map_location="cpu", weights_only=True)["model_state"]
    lstm = torch.nn.LSTM(MELS, 256, 3, batch_first=True)
    linear = torch.nn.Linear(256, 256)
    for layer, name in ((lstm, "lstm."), (linear, "linear.")):
        layer.load_state_dict({key.removeprefix(name): value for key, value in state.items() if key.startswith(name)})

    def encode(mels: npt.NDArray[np.float32]) -> npt.NDArray[Any]:
        with torch.inference_mode():
            _, (hidden, _) = lstm(torch.from_numpy(np.ascontiguousarray(mels)))
            return np.asarray(torch.nn.functional.normalize(torch.relu(linear(hidden[-1])), dim=1).numpy())

    return encode


def _weights() -> bytes:
    spec = importlib.util.find_spec("resemblyzer")
    if spec is None or not spec.submodule_search_locations:
        raise VoicesUnreadable(
            "the recording has one channel for both voices, and what tells voices apart is not installed: "
            "pip install --no-deps Resemblyzer==0.1.4, or give one file a side"
        )
    content = (Path(spec.submodule_search_locations[0]) / "pretrained.pt").read_bytes()
    if hashlib.sha256(content).hexdigest() != DIGEST:
        raise VoicesUnreadable("Resemblyzer's weights are not those that Sotto was tried with: install it again")
    return content
