"""Contract: our forward pass gives what transformers' gives for the same weights."""

from __future__ import annotations

import numpy as np
import pytest

from model_containers.shard.base_encoder.minilm import MiniLmEncoder, packaged_model

TEXTS = [
    "yes",
    "I'd like to close my account",
    "thanks for calling my name is Anna this call is recorded for quality how can I help you today with your account",
    "word " * 400,
    "Ünïcödé and 数字 and 🙂",
    "",
]


@pytest.fixture(scope="module")
def encoder() -> MiniLmEncoder:
    return MiniLmEncoder()


def transformers_vector(text: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    import torch
    from transformers import AutoTokenizer, BertModel
    from transformers.utils import logging

    logging.disable_progress_bar()
    directory = str(packaged_model())
    tokens = AutoTokenizer.from_pretrained(directory)(text, return_tensors="pt", truncation=True, max_length=256)
    with torch.inference_mode():
        mean = BertModel.from_pretrained(directory).eval()(**tokens).last_hidden_state[0].mean(dim=0).numpy()
    unit: np.ndarray[tuple[int, ...], np.dtype[np.float32]] = mean / np.linalg.norm(mean)
    return unit


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_alone_and_in_a_batch_reads_as_transformers_reads_it(encoder: MiniLmEncoder, text: str) -> None:
    expected = transformers_vector(text)
    together = encoder.encode(TEXTS)[TEXTS.index(text)]
    assert np.abs(encoder.encode([text])[0].whole - expected).max() < 1e-5
    assert np.abs(together.whole - expected).max() < 1e-5


def test_a_piece_reads_as_if_it_stood_alone(encoder: MiniLmEncoder) -> None:
    text = "Good morning. I lost my card."
    embedding = encoder.encode([text])[0]
    start, end = embedding.spans[2]
    assert np.abs(embedding.pieces[2] - encoder.encode([text[start:end]])[0].whole).max() < 1e-5


def test_the_narrow_encoder_reads_nearly_the_same(encoder: MiniLmEncoder) -> None:
    narrow = MiniLmEncoder(narrow=True)
    for wide, other in zip(encoder.encode(TEXTS), narrow.encode(TEXTS), strict=True):
        cosines = (wide.pieces * other.pieces).sum(axis=1)
        assert cosines.min() > 0.999 and not np.array_equal(wide.pieces, other.pieces)
