"""What everything that is stored beside a conversation must do: a class of tests to inherit for feedback, follows,
summaries, questions, notes and after-call work. A subclass gives what it is about by that name (fixtures); of the work,
``records``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sotto.after_call.summarise import Summaries, SummaryChanged
from sotto.after_call.workflow.records import WorkChanged, WorkRecords
from sotto.api.panel.conversations import (
    AskedQuestion,
    CorrectionStore,
    FeedbackWriter,
    FollowLog,
    NoteStore,
    QuestionLog,
    Subject,
)
from sotto.aws.keys import BadKey
from sotto.call.after_call_work import AfterCallWork, StepOutcome
from sotto.call.correction import Correction, CorrectionKind
from sotto.call.feedback import Feedback, FeedbackAction, FeedbackEntry, Rating
from sotto.call.summary import CallSummary, Origin, SummaryLine, SummaryPart
from sotto.call.supervisor_note import NoteState, SupervisorNote
from tests.contract.ports.bad_ids import for_each_bad_id

NOW_MS = 1_790_000_000_000


def any_entry(response: FeedbackAction, at_ms: float = 1.0, **changed: Any) -> FeedbackEntry:
    return replace(FeedbackEntry("bank", "c1", "a", "emma", response, at_ms), **changed)


class FeedbackContract:
    def test_of_a_call_that_nobody_judged_there_is_none(self, feedback: FeedbackWriter) -> None:
        assert list(feedback.feedback("bank", "c1")) == []

    def test_responses_of_each_kind_stand_side_by_side(self, feedback: FeedbackWriter) -> None:
        feedback.record(any_entry(FeedbackAction.ACKNOWLEDGED, 1.0))
        feedback.record(any_entry(FeedbackAction.DISMISSED, 2.0))
        rated = any_entry(FeedbackAction.RATED, 3.0, rating=Rating.DOWN, reason="too late")
        now = feedback.record(rated)
        assert now == Feedback("c1", "a", 1.0, 2.0, 3.0, Rating.DOWN, "too late")
        assert list(feedback.feedback("bank", "c1")) == [now]

    def test_of_each_response_the_last_recorded_stands(self, feedback: FeedbackWriter) -> None:
        feedback.record(any_entry(FeedbackAction.RATED, 2.0, rating=Rating.DOWN, reason="too late"))
        now = feedback.record(any_entry(FeedbackAction.RATED, 3.0, rating=Rating.UP))
        assert (now.rated_at_ms, now.rating, now.reason) == (3.0, Rating.UP, None)

    def test_twice_is_as_good_as_once(self, feedback: FeedbackWriter) -> None:
        given = any_entry(FeedbackAction.ACKNOWLEDGED)
        assert feedback.record(given) == feedback.record(given)
        assert len(feedback.feedback("bank", "c1")) == 1

    def test_it_comes_by_annotation_and_is_one_calls(self, feedback: FeedbackWriter) -> None:
        for annotation_id in ("b", "a"):
            feedback.record(any_entry(FeedbackAction.DISMISSED, annotation_id=annotation_id))
        feedback.record(any_entry(FeedbackAction.DISMISSED, tenant="garage"))
        feedback.record(any_entry(FeedbackAction.DISMISSED, contact_id="c2"))
        assert [each.annotation_id for each in feedback.feedback("bank", "c1")] == ["a", "b"]

    @for_each_bad_id
    def test_an_id_that_could_reach_another_key_is_refused(
        self, feedback: FeedbackWriter, tenant: str, contact_id: str
    ) -> None:
        with pytest.raises(BadKey):
            feedback.record(any_entry(FeedbackAction.DISMISSED, tenant=tenant, contact_id=contact_id))
        with pytest.raises(BadKey):
            feedback.feedback(tenant, contact_id)


def any_correction(**changed: Any) -> Correction:
    return replace(
        Correction("bank", "c1", "a", "u1", "emma", CorrectionKind.OTHER_INTENT, NOW_MS, intent="card_lost"), **changed
    )


class CorrectionsContract:
    def test_of_a_call_that_nobody_corrected_there_is_none(self, corrections: CorrectionStore) -> None:
        assert list(corrections.corrections("bank", "c1")) == []

    def test_the_last_one_of_an_agent_stands_however_late_an_earlier_one_comes(
        self, corrections: CorrectionStore
    ) -> None:
        later = any_correction(kind=CorrectionKind.NO_INTENT, intent="", at_ms=NOW_MS + 1)
        assert corrections.record(later) == later
        assert corrections.record(any_correction()) == later
        assert corrections.record(later) == later
        assert list(corrections.corrections("bank", "c1")) == [later]

    def test_agents_do_not_speak_for_each_other_and_calls_and_tenants_stay_apart(
        self, corrections: CorrectionStore
    ) -> None:
        first, second = any_correction(agent="tom"), any_correction(about="b")
        for each in (second, first, any_correction(tenant="garage"), any_correction(contact_id="c2")):
            corrections.record(each)
        assert list(corrections.corrections("bank", "c1")) == [first, second]

    @for_each_bad_id
    def test_an_id_that_could_reach_another_key_is_refused(
        self, corrections: CorrectionStore, tenant: str, contact_id: str
    ) -> None:
        with pytest.raises(BadKey):
            corrections.record(any_correction(tenant=tenant, contact_id=contact_id))
        with pytest.raises(BadKey):
            corrections.corrections(tenant, contact_id)


class FollowsContract:
    def test_whoever_followed_is_known_from_the_moment_on_that_is_asked_for(self, follows: FollowLog) -> None:
        assert not follows.has_followed("bank", "c1", "sue", 0)
        follows.record("bank", "c1", "sue", NOW_MS)
        assert follows.has_followed("bank", "c1", "sue", NOW_MS)
        assert not follows.has_followed("bank", "c1", "sue", NOW_MS + 1)

    def test_the_latest_of_several_looks_counts(self, follows: FollowLog) -> None:
        for at_ms in (NOW_MS, NOW_MS + 900_000):
            follows.record("bank", "c1", "sue", at_ms)
        assert follows.has_followed("bank", "c1", "sue", NOW_MS + 900_000)

    def test_people_calls_and_tenants_are_kept_apart(self, follows: FollowLog) -> None:
        follows.record("bank", "c1", "sue", NOW_MS)
        for other in (("bank", "c1", "joe"), ("bank", "c2", "sue"), ("garage", "c1", "sue")):
            assert not follows.has_followed(*other, 0)

    @for_each_bad_id
    def test_an_id_that_could_reach_another_key_is_refused(
        self, follows: FollowLog, tenant: str, contact_id: str
    ) -> None:
        with pytest.raises(BadKey):
            follows.record(tenant, contact_id, "sue", NOW_MS)
        with pytest.raises(BadKey):
            follows.has_followed(tenant, contact_id, "sue", NOW_MS)
        with pytest.raises(BadKey):
            follows.has_followed("bank", "c1", "sue#c2", NOW_MS)


def any_summary(through_seq: int, origin: Origin = Origin.QUOTED, text: str = "They want to leave.") -> CallSummary:
    lines = (SummaryLine(SummaryPart.REASON, text, ("customer-1",)),)
    return CallSummary("bank", "c1", lines, origin, "", through_seq, NOW_MS, 4_000)


class SummariesContract:
    def test_a_call_that_nobody_summarised_has_no_summary(self, summaries: Summaries) -> None:
        assert summaries.summary("bank", "c1") is None

    def test_a_summary_is_replaced_by_one_that_rests_on_more_or_that_a_model_wrote(self, summaries: Summaries) -> None:
        stored = [
            summaries.store(each)
            for each in (
                any_summary(4),
                any_summary(4),
                any_summary(4, text="They may leave."),
                any_summary(4, Origin.MODEL),
                any_summary(4),
                any_summary(3, Origin.MODEL),
                any_summary(6),
            )
        ]
        assert [each and (each.version, each.through_seq) for each in stored] == [
            (1, 4), None, (2, 4), (3, 4), None, None, (4, 6),
        ]  # fmt: skip
        assert summaries.summary("bank", "c1") == stored[-1] == replace(any_summary(6), version=4)

    def test_an_edit_takes_its_place_and_what_was_there_stays_beside_it(self, summaries: Summaries) -> None:
        first = summaries.store(any_summary(4))
        assert first is not None
        edited = replace(first, lines=(), origin=Origin.EDITED, edited_by="ann")
        stored = summaries.edit(edited, before=first)
        assert stored == replace(edited, version=2) == summaries.summary("bank", "c1")
        assert list(summaries.versions("bank", "c1")) == [first]
        assert summaries.store(any_summary(9, Origin.MODEL)) is None, "an agent's words are overwritten by nobody"
        again = summaries.edit(replace(stored, edited_by="bob"), before=stored)
        assert again.version == 3 and list(summaries.versions("bank", "c1")) == [first, stored]
        assert list(summaries.versions("garage", "c1")) == []

    def test_of_two_edits_of_one_version_the_second_is_refused(self, summaries: Summaries) -> None:
        first = summaries.store(any_summary(4))
        assert first is not None
        summaries.edit(replace(first, edited_by="ann"), before=first)
        with pytest.raises(SummaryChanged):
            summaries.edit(replace(first, edited_by="bob"), before=first)
        kept = summaries.summary("bank", "c1")
        assert kept is not None and kept.edited_by == "ann"

    def test_calls_and_tenants_have_summaries_of_their_own(self, summaries: Summaries) -> None:
        summaries.store(any_summary(4))
        assert summaries.summary("garage", "c1") is summaries.summary("bank", "c2") is None
        other = summaries.store(replace(any_summary(4), tenant="garage"))
        assert other is not None and other.version == 1

    @for_each_bad_id
    def test_an_id_that_could_reach_another_key_is_refused(
        self, summaries: Summaries, tenant: str, contact_id: str
    ) -> None:
        with pytest.raises(BadKey):
            summaries.summary(tenant, contact_id)
        with pytest.raises(BadKey):
            summaries.store(replace(any_summary(4), tenant=tenant, contact_id=contact_id))


def any_question(at_ms: int = 10, subject: Subject = Subject.CALL, **changed: Any) -> AskedQuestion:
    return replace(AskedQuestion("bank", "c1", "ann", at_ms, subject, "fees", 2), **changed)


class QuestionsContract:
    def test_questions_are_counted_by_subject_from_a_moment_on(self, questions: QuestionLog) -> None:
        for each in (any_question(10), any_question(20), any_question(20, Subject.KNOWLEDGE)):
            questions.record(each)
        for since_ms, count in ((-5, 2), (0, 2), (10, 2), (11, 1), (20, 1), (21, 0)):
            assert questions.asked_since("bank", "c1", Subject.CALL, since_ms) == count

    def test_the_same_question_again_counts_once(self, questions: QuestionLog) -> None:
        for _ in range(2):
            questions.record(any_question())
        assert questions.asked_since("bank", "c1", Subject.CALL, 0) == 1

    def test_calls_and_tenants_have_questions_of_their_own(self, questions: QuestionLog) -> None:
        questions.record(any_question())
        assert questions.asked_since("garage", "c1", Subject.CALL, 0) == 0
        assert questions.asked_since("bank", "c2", Subject.CALL, 0) == 0

    @for_each_bad_id
    def test_an_id_that_could_reach_another_key_is_refused(
        self, questions: QuestionLog, tenant: str, contact_id: str
    ) -> None:
        with pytest.raises(BadKey):
            questions.record(any_question(tenant=tenant, contact_id=contact_id))
        with pytest.raises(BadKey):
            questions.asked_since(tenant, contact_id, Subject.CALL, 0)


def any_note(id: str = "note-0001", sent_at_ms: int = NOW_MS, **changed: Any) -> SupervisorNote:
    note = SupervisorNote("bank", "c1", id, "sue", "Sue Hill", "ann", "Offer the refund.", sent_at_ms)
    return replace(note, **changed)


class NotesContract:
    def test_notes_come_in_the_order_in_which_they_were_sent(self, notes: NoteStore) -> None:
        later, earlier = any_note("note-0001", NOW_MS + 1), any_note("note-0002", NOW_MS)
        for each in (later, earlier):
            assert notes.add(each) == each
        assert list(notes.notes("bank", "c1")) == [earlier, later]

    def test_of_two_notes_with_one_id_the_first_stands(self, notes: NoteStore) -> None:
        first = notes.add(any_note())
        assert notes.add(any_note(text="Something else.", sent_at_ms=NOW_MS + 5)) == first
        assert list(notes.notes("bank", "c1")) == [first]

    def test_a_state_never_goes_back(self, notes: NoteStore) -> None:
        notes.add(any_note())
        states = [NoteState.SEEN, NoteState.DONE, NoteState.SEEN, NoteState.DONE]
        advanced = [notes.advance("bank", "c1", "note-0001", state, at_ms) for at_ms, state in enumerate(states, 1)]
        assert [(each.state, each.state_at_ms, each.version) for each in advanced] == [
            (NoteState.SEEN, 1, 2), (NoteState.DONE, 2, 3), (NoteState.DONE, 2, 3), (NoteState.DONE, 2, 3),
        ]  # fmt: skip
        assert list(notes.notes("bank", "c1")) == [advanced[-1]]

    def test_a_note_that_is_not_there_cannot_be_advanced(self, notes: NoteStore) -> None:
        with pytest.raises(KeyError):
            notes.advance("bank", "c1", "note-0001", NoteState.SEEN, NOW_MS)

    def test_calls_and_tenants_have_notes_of_their_own(self, notes: NoteStore) -> None:
        notes.add(any_note())
        assert list(notes.notes("garage", "c1")) == list(notes.notes("bank", "c2")) == []

    @for_each_bad_id
    def test_an_id_that_could_reach_another_key_is_refused(
        self, notes: NoteStore, tenant: str, contact_id: str
    ) -> None:
        with pytest.raises(BadKey):
            notes.notes(tenant, contact_id)
        with pytest.raises(BadKey):
            notes.add(any_note(tenant=tenant, contact_id=contact_id))
        with pytest.raises(BadKey):
            notes.advance(tenant, contact_id, "note-0001", NoteState.SEEN, NOW_MS)
        with pytest.raises(BadKey):
            notes.add(any_note("a#b"))


class WorkContract:
    def test_before_it_begins_there_is_none(self, records: WorkRecords) -> None:
        assert records.work("bank", "c1") is None

    def test_each_version_takes_the_place_of_the_one_before(self, records: WorkRecords) -> None:
        first = replace(AfterCallWork("bank", "c1").with_step("summarise_call", StepOutcome.PENDING, NOW_MS), version=1)
        second = replace(first.with_step("summarise_call", StepOutcome.DONE, NOW_MS + 1), version=2)
        records.replace(first, expected_version=0)
        assert records.work("bank", "c1") == first
        records.replace(second, expected_version=1)
        assert records.work("bank", "c1") == second
        assert records.work("bank", "c2") is records.work("garage", "c1") is None

    @pytest.mark.parametrize("expected", [0, 2])
    def test_what_was_changed_meanwhile_is_not_overwritten(self, records: WorkRecords, expected: int) -> None:
        first = AfterCallWork("bank", "c1", version=1)
        records.replace(first, expected_version=0)
        with pytest.raises(WorkChanged):
            records.replace(replace(first, version=expected + 1), expected_version=expected)
        assert records.work("bank", "c1") == first

    def test_none_is_there_to_be_replaced(self, records: WorkRecords) -> None:
        with pytest.raises(WorkChanged):
            records.replace(AfterCallWork("bank", "c1", version=2), expected_version=1)

    @for_each_bad_id
    def test_an_id_that_could_reach_another_key_is_refused(
        self, records: WorkRecords, tenant: str, contact_id: str
    ) -> None:
        with pytest.raises(BadKey):
            records.work(tenant, contact_id)
        with pytest.raises(BadKey):
            records.replace(AfterCallWork(tenant, contact_id, version=1), expected_version=0)
