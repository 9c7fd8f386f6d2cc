"""Unit: where the sentences of an article stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from sotto.tenants.article_text import sentence_spans, sentences, unwrapped


def test_a_sentence_goes_on_over_the_line_breaks_of_its_paragraph() -> None:
    text = "Retention may refund up to\ntwo fees (24 dollars) without\napproval. A supervisor may more."
    assert sentences(text) == [
        "Retention may refund up to two fees (24 dollars) without approval.",
        "A supervisor may more.",
    ]


def test_a_sentence_stands_where_its_span_says() -> None:
    text = "# Fees\n\nOne fee\nis refunded. Two\nare not."
    assert [text[start:end] for start, end in sentence_spans(text)] == ["One fee\nis refunded.", "Two\nare not."]


def test_headings_rules_and_code_are_no_sentences() -> None:
    assert sentences("# A heading\n\nText.\n\n---\n\nUnderlined\n------\n\n```\ncode. here\n```\nMore text.") == [
        "Text.",
        "More text.",
    ]


def test_each_item_of_a_list_is_read_by_itself() -> None:
    text = "Bring:\n- a licence\n  or a passport\n* proof of address. It must be new.\n1. One\n2) Two"
    assert sentences(text) == [
        "Bring:",
        "a licence or a passport",
        "proof of address.",
        "It must be new.",
        "One",
        "Two",
    ]


def test_a_row_of_a_table_is_one_sentence_and_its_head_is_none() -> None:
    assert sentences("| Kind | Fee |\n|------|-----|\n| Wire. Abroad. | 45 dollars |\n| Check | free |") == [
        "Wire. Abroad. | 45 dollars",
        "Check | free",
    ]


def test_an_abbreviation_before_a_small_letter_ends_no_sentence() -> None:
    assert sentences("Until 4 p.m. on any day. Then not.") == ["Until 4 p.m. on any day.", "Then not."]


def test_what_is_quoted_is_shown_on_one_line_a_paragraph() -> None:
    assert unwrapped("One\ntwo.\n\n- three\n  four\n- five") == "One two.\nthree four\nfive"


@given(some.text(alphabet="aB.!? \n|-#*1>`", max_size=120))
def test_spans_are_in_order_inside_the_text_and_never_empty(text: str) -> None:
    spans = sentence_spans(text)
    assert all(0 <= start < end <= len(text) and text[start:end].strip() for start, end in spans)
    assert spans == sorted(spans) and all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False))
