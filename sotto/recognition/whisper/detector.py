"""Where somebody speaks: silero's detector, 32 ms at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from sotto.recognition.whisper import weights
from sotto.recognition.whisper.features import Samples

FRAME_SAMPLES = 256
"""At 8 kHz; the detector's own 512 at 16 kHz."""
FRAME_MS = 32
_CONTEXT = 64


class VoiceDetector:
    """The model, shared by the channels of a process."""

    def __init__(self) -> None:
        # Its wheel reports to Microsoft unless told not to before it is imported, and leaves a file beside.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        from onnxruntime import InferenceSession, SessionOptions

        options = SessionOptions()
        options.inter_op_num_threads = options.intra_op_num_threads = 1
        options.log_severity_level = 4
        path = weights.checked(weights.folder_of(weights.VOICE), "silero_vad_v6.onnx")
        self._session = InferenceSession(str(path), providers=["CPUExecutionProvider"], sess_options=options)

    def run(self, window: Samples, state: tuple[Any, Any]) -> tuple[float, tuple[Any, Any]]:
        voice, hidden, cell = self._session.run(None, {"input": window, "h": state[0], "c": state[1]})
        return float(voice.reshape(-1)[0]), (hidden, cell)


class ChannelVoice:
    """One channel's state."""

    def __init__(self, detector: VoiceDetector) -> None:
        self._detector = detector
        self._state = (np.zeros((1, 1, 128), np.float32), np.zeros((1, 1, 128), np.float32))
        self._context = np.zeros(_CONTEXT, np.float32)
        self._rest: Samples = np.zeros(0, np.float32)

    def feed(self, audio: Samples) -> Iterator[float]:
        """How likely each whole frame is speech, 0..1."""
        data = np.concatenate([self._rest, audio])
        whole = len(data) // FRAME_SAMPLES * FRAME_SAMPLES
        self._rest = data[whole:]
        for at in range(0, whole, FRAME_SAMPLES):
            frame = _doubled(data[at : at + FRAME_SAMPLES])
            window = np.concatenate([self._context, frame])[None, :]
            self._context = frame[-_CONTEXT:]
            voice, self._state = self._detector.run(window, self._state)
            yield voice


def _doubled(samples: Samples) -> Samples:
    """16 kHz by linear interpolation: good enough to find speech."""
    found = np.repeat(samples, 2)
    found[1:-1:2] = (samples[:-1] + samples[1:]) / 2
    return found
