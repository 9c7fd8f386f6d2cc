"""Unit tests: finals joined into utterances."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto.call.contact import CHANNELS, Speaker
from sotto.call.transcript_result import TranscriptResult, Word
from sotto.call.utterance import PrivateSpan, Utterance
from sotto.redaction.redactor import Redacted
from sotto.transcription.segmentation.interim_pace import InterimPace
from sotto.transcription.segmentation.interim_throttle import InterimThrottle
from sotto.transcription.segmentation.segmenter import UtteranceSegmenter
from sotto.transcription.segmentation.tidy import tidy

CUSTOMER, AGENT = Speaker.CUSTOMER, Speaker.AGENT


def any_builder() -> UtteranceSegmenter:
    return UtteranceSegmenter("harbour_bank", "contact-1")


def final(
    text: str, start_ms: float, end_ms: float, *, speaker: Speaker = CUSTOMER, ends_speech: bool = False
) -> Redacted:
    words = tuple(Word(w, start_ms, end_ms, 0.5) for w in text.split())
    return Redacted(
        TranscriptResult(speaker, f"{start_ms}", start_ms, end_ms, text, words, is_final=True, ends_speech=ends_speech)
    )


def interim(text: str, start_ms: float, end_ms: float, *, speaker: Speaker = CUSTOMER) -> Redacted:
    return Redacted(TranscriptResult(speaker, f"{start_ms}", start_ms, end_ms, text, stability=0.5))


def closed(utterances: list[Utterance]) -> list[Utterance]:
    return [u for u in utterances if u.is_final]


def test_finals_close_together_become_one_utterance() -> None:
    builder = any_builder()
    assert closed(builder.accept(final("i want to close", 1000, 2000))) == []
    assert closed(builder.accept(final("my account", 2300, 3000))) == []
    [utterance] = builder.close_paused(3700)
    assert (utterance.id, utterance.seq, utterance.text) == ("customer-00001000", 1, "I want to close my account")
    assert (utterance.start_ms, utterance.end_ms, utterance.confidence) == (1000, 3000, 0.5)


def test_a_long_pause_ends_the_utterance() -> None:
    builder = any_builder()
    builder.accept(final("one", 0, 500))
    first, view = builder.accept(final("two", 1200, 1500))
    assert (first.text, first.is_final, view.text, view.is_final) == ("One", True, "Two", False)


def test_an_interim_after_a_long_pause_ends_the_utterance_before_it() -> None:
    builder = any_builder()
    builder.accept(final("one", 0, 500))
    first, view = builder.accept(interim("two", 1300, 1400))
    assert (first.text, view.text, view.seq) == ("One", "Two", 0)


def test_a_final_that_ends_speech_closes_at_once() -> None:
    [utterance] = any_builder().accept(final("hello there", 100, 900, ends_speech=True))
    assert utterance.is_final and utterance.seq == 1


def test_a_change_of_speaker_ends_the_utterance() -> None:
    builder = any_builder()
    builder.accept(final("can you help me", 0, 1000))
    first, view = builder.accept(final("of course", 1100, 1600, speaker=AGENT))
    assert (first.speaker, first.is_final, view.speaker) == (CUSTOMER, True, AGENT)


def test_talking_at_once_does_not_cut_the_other_speaker() -> None:
    builder = any_builder()
    builder.accept(final("i have been with you", 0, 2000))
    assert closed(builder.accept(final("i see", 1500, 1900, speaker=AGENT))) == []
    [aside, _] = builder.accept(final("for ten years", 2100, 3000))
    assert aside.text == "I see"
    assert [u.text for u in builder.finish()] == ["I have been with you for ten years"]


def test_the_view_of_an_open_utterance_grows_with_interims() -> None:
    builder = any_builder()
    builder.accept(final("my card", 0, 500))
    [view] = builder.accept(interim("was stolen", 600, 1200))
    assert (view.text, view.is_final, view.seq, view.id) == ("My card was stolen", False, 0, "customer-00000000")


def test_a_pause_does_not_close_while_an_interim_is_running() -> None:
    builder = any_builder()
    builder.accept(final("my card", 0, 500))
    builder.accept(interim("was", 600, 700))
    assert builder.close_paused(5_000) == []


def test_an_interim_without_a_final_does_not_hold_the_utterance_open_for_ever() -> None:
    builder = any_builder()
    builder.accept(final("my card", 0, 500))
    builder.accept(interim("was", 600, 700))
    [utterance] = builder.close_paused(11_000)
    assert utterance.text == "My card"


def test_a_replayed_final_is_dropped_after_resuming_from_a_checkpoint() -> None:
    before = any_builder()
    before.accept(final("my card was stolen", 1000, 2000, ends_speech=True))
    after = UtteranceSegmenter("harbour_bank", "contact-1", resume=before.so_far())
    assert after.accept(final("my card was stolen", 1000, 2000, ends_speech=True)) == []
    [utterance] = after.accept(final("yesterday", 3000, 3500, ends_speech=True))
    assert utterance.seq == 2


def test_an_empty_final_closes_what_is_open_and_adds_nothing() -> None:
    builder = any_builder()
    builder.accept(final("hello", 0, 500))
    [utterance] = builder.accept(final("", 500, 600, ends_speech=True))
    assert utterance.text == "Hello"


def test_open_speech_is_what_a_successor_must_read_again() -> None:
    builder = any_builder()
    assert builder.uncommitted_from_ms(10_000) == 7_000
    builder.accept(final("i want", 2000, 2500))
    assert builder.uncommitted_from_ms(10_000) == 2_000


def test_private_spans_move_with_the_text_that_they_mark() -> None:
    builder = any_builder()
    builder.accept(final("my number is", 0, 1000))
    spoken = final("  [CARD_NUMBER]  okay ", 1100, 3000)
    builder.accept(Redacted(spoken.result, (PrivateSpan("card_number", 1100, 2500, 2, 15),)))
    [utterance] = builder.finish()
    [span] = utterance.private
    assert utterance.text == "My number is [CARD_NUMBER] okay"
    assert utterance.text[span.start_char : span.end_char] == "[CARD_NUMBER]"


def test_the_word_i_is_a_capital_and_nothing_else_is_touched() -> None:
    text, _ = tidy([("well i'm sure i said it's fine in iowa", ())])
    assert text == "Well I'm sure I said it's fine in iowa"


SPEECH = st.lists(
    st.tuples(st.sampled_from(CHANNELS), st.integers(1, 3_000), st.integers(0, 1_500), st.booleans(), st.booleans()),
    max_size=40,
)


def play(builder: UtteranceSegmenter, speech: list[tuple[Speaker, int, int, bool, bool]]) -> list[Utterance]:
    """Each speaker's finals in order, never overlapping themselves, maybe overlapping the other; words are numbered."""
    ends = {CUSTOMER: 0, AGENT: 0}
    out: list[Utterance] = []
    for number, (speaker, length_ms, gap_ms, ends_speech, ticks) in enumerate(speech):
        start = ends[speaker] + gap_ms
        ends[speaker] = start + length_ms
        out += builder.accept(interim(f"w{number}", start, start + 1, speaker=speaker))
        out += builder.accept(final(f"w{number}", start, ends[speaker], speaker=speaker, ends_speech=ends_speech))
        out += builder.close_paused(max(ends.values())) if ticks else []
    return [*out, *builder.finish()]


@settings(max_examples=150, deadline=None)
@given(speech=SPEECH)
def test_every_word_lands_in_exactly_one_utterance(speech: list[tuple[Speaker, int, int, bool, bool]]) -> None:
    utterances = closed(play(any_builder(), speech))
    said = {speaker: [f"w{n}" for n, s in enumerate(speech) if s[0] == speaker] for speaker in CHANNELS}
    for speaker in CHANNELS:
        mine = [u for u in utterances if u.speaker == speaker]
        assert [w.lower() for u in mine for w in u.text.split()] == said[speaker]
        assert all(a.end_ms <= b.start_ms for a, b in zip(mine, mine[1:], strict=False))
    assert [u.seq for u in utterances] == list(range(1, len(utterances) + 1))
    assert len({u.id for u in utterances}) == len(utterances)


@settings(max_examples=100, deadline=None)
@given(speech=SPEECH, cut=st.integers(0, 40))
def test_a_handover_anywhere_loses_and_doubles_no_word(
    speech: list[tuple[Speaker, int, int, bool, bool]], cut: int
) -> None:
    first = any_builder()
    before = closed(play_open(first, speech[:cut]))
    second = UtteranceSegmenter("harbour_bank", "contact-1", resume=first.so_far())
    after = closed(play(second, speech))
    for speaker in CHANNELS:
        words = [w.lower() for u in [*before, *after] if u.speaker == speaker for w in u.text.split()]
        assert words == [f"w{n}" for n, s in enumerate(speech) if s[0] == speaker]
    assert len({u.id for u in [*before, *after]}) == len([*before, *after])


def play_open(builder: UtteranceSegmenter, speech: list[tuple[Speaker, int, int, bool, bool]]) -> list[Utterance]:
    """As play, but the worker dies before it can finish."""
    ends = {CUSTOMER: 0, AGENT: 0}
    out: list[Utterance] = []
    for number, (speaker, length_ms, gap_ms, ends_speech, _) in enumerate(speech):
        start = ends[speaker] + gap_ms
        ends[speaker] = start + length_ms
        out += builder.accept(final(f"w{number}", start, ends[speaker], speaker=speaker, ends_speech=ends_speech))
    return out


@given(st.lists(st.text(alphabet="ab i\t'", max_size=12), max_size=4), st.integers(0, 12), st.integers(0, 12))
def test_a_span_covers_the_same_letters_after_tidying(pieces: list[str], a: int, b: int) -> None:
    start, end = sorted((a, b))
    marked = [
        (piece, (PrivateSpan("card_number", 0, 1, min(start, len(piece)), min(end, len(piece))),)) for piece in pieces
    ]
    text, spans = tidy(marked)
    kept = [(piece, start, end) for piece in pieces if piece.strip()]
    for span, (piece, s, e) in zip(spans, kept, strict=True):
        assert "".join(text[span.start_char : span.end_char].split()).lower() == "".join(piece[s:e].split()).lower()


def view_of(text: str, end_ms: int) -> Utterance:
    return Utterance("t", "c", "customer-00000000", 0, CUSTOMER, 0, end_ms, text, is_final=False)


def test_interims_are_shown_at_once_and_then_once_a_second() -> None:
    pace = InterimPace(interval_ms=1000)
    ends = (300, 700, 1200, 1300, 2000, 2400)
    assert [end for end in ends if pace.is_due(view_of("i want to close", end))] == [300, 1300, 2400]


def test_an_interim_that_goes_back_in_time_is_shown() -> None:
    """The recogniser was opened again, and begins before what it had shown."""
    pace = InterimPace(interval_ms=1000)
    assert pace.is_due(view_of("i want to close", 5_000))
    assert pace.is_due(view_of("i want", 4_500))


def test_each_speaker_and_each_utterance_has_a_pace_of_its_own() -> None:
    pace = InterimPace(interval_ms=1000)
    customers, agents = view_of("i want", 900), replace(view_of("hello", 950), speaker=AGENT)
    assert pace.is_due(customers) and pace.is_due(agents)
    pace.forget(customers)
    assert pace.is_due(view_of("and", 1_000)) and not pace.is_due(replace(view_of("hello you", 1_100), speaker=AGENT))


def test_an_interim_goes_to_guidance_when_it_adds_enough_words() -> None:
    gate = InterimThrottle(new_words=3, interval_ms=1000)
    assert not gate.adds_enough(view_of("i want", 500))
    assert gate.adds_enough(view_of("i want to close", 900))
    assert not gate.adds_enough(view_of("i want to close my account today please", 1500))
    assert gate.adds_enough(view_of("i want to close my account today please", 1900))


def test_a_rewritten_interim_counts_from_the_first_word_that_changed() -> None:
    gate = InterimThrottle(new_words=3, interval_ms=0)
    assert gate.adds_enough(view_of("how much for a car", 900))
    assert not gate.adds_enough(view_of("how much for a card", 1500))
    assert gate.adds_enough(view_of("how much four new brakes", 1900))


def test_the_next_utterance_starts_the_count_again() -> None:
    gate = InterimThrottle(new_words=3, interval_ms=1000)
    assert gate.adds_enough(view_of("i want to close", 900))
    gate.forget(view_of("i want to close", 1000))
    assert gate.adds_enough(view_of("i want to close", 1200))


def doubted(text: str, *confidences: float, spans: tuple[PrivateSpan, ...] = ()) -> Redacted:
    words = tuple(Word(word, 0, 900, sure) for word, sure in zip(text.split(), confidences, strict=True))
    result = TranscriptResult(CUSTOMER, "1", 0, 900, text, words, is_final=True, ends_speech=True)
    return Redacted(result, spans)


def test_words_that_the_recogniser_doubts_are_marked_where_they_stand_in_the_tidied_text() -> None:
    builder = any_builder()
    builder.accept(final("i lost", 0, 500))
    [utterance] = builder.accept(doubted("my  heart, today", 0.9, 0.31, 0.49))
    assert utterance.text == "I lost my heart, today"
    assert [(utterance.text[each.start_char : each.end_char], each.confidence) for each in utterance.doubtful] == [
        ("heart", 0.31),
        ("today", 0.49),
    ]


def test_a_mask_is_never_doubtful_and_an_interim_says_nothing_of_it() -> None:
    span = PrivateSpan("card_number", 0, 900, 3, 9)
    [utterance] = any_builder().accept(doubted("is [CARD] it", 0.2, 0.1, 0.9, spans=(span,)))
    assert [utterance.text[each.start_char : each.end_char] for each in utterance.doubtful] == ["Is"]
    [view] = any_builder().accept(interim("maybe so", 0, 500))
    assert view.doubtful == ()
