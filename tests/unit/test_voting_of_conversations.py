"""Unit: how the sentences of a conversation are counted for articles."""

from __future__ import annotations

import numpy as np

from benchmarks.conversation_votes import Votes, Voting


def test_a_sentence_votes_only_for_its_closest_articles() -> None:
    votes = np.array([[0.9, 0.6, 0.5, 0.4]], dtype=np.float32)
    counted = Voting(closest=2, words_power=1).of_words(votes)
    np.testing.assert_allclose(counted, [1.0, 0.25, 0.0, 0.0], atol=1e-6)


def test_where_there_are_few_articles_every_vote_counts() -> None:
    votes = np.array([[0.8, 0.4]], dtype=np.float32)
    np.testing.assert_allclose(Voting(words_power=1).of_words(votes), [1.0, 0.5], atol=1e-6)


def test_one_vote_that_fits_well_says_more_than_two_that_fit_a_little() -> None:
    cosines = np.array([[0.9, 0.5], [0.0, 0.5]], dtype=np.float32)
    first, second = Voting().of_meaning(cosines)
    assert first > second
    assert cosines.sum(axis=0)[0] < cosines.sum(axis=0)[1]


def test_opposite_meaning_is_no_vote() -> None:
    assert Voting().of_meaning(np.array([[-0.9, 0.1]], dtype=np.float32))[0] == 0


def test_nothing_in_common_ranks_nothing() -> None:
    nothing = np.zeros((3, 4), dtype=np.float32)
    tallied = Votes(meaning=nothing, words=nothing, title_words=nothing).tallied(Voting())
    np.testing.assert_array_equal(tallied, np.zeros(4))
