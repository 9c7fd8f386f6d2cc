"""What everything that takes dispositions must do. A subclass gives ``target``, ``written``, which says what is stored
of a contact, and ``refuse``, after which the role may not write (fixtures)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sotto.after_call.disposition.file import DispositionTarget
from sotto.call.contact import Contact

INSTANCE = "arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555"
FIRST = Contact("bank", "c1", INSTANCE, "stream", 0)
SECOND = replace(FIRST, contact_id="c2", initial_contact_id="c1")
Written = Callable[[str], str | None]


class DispositionTargetContract:
    def test_a_code_is_stored_and_the_same_again_changes_nothing(
        self, target: DispositionTarget, written: Written
    ) -> None:
        assert target.write(FIRST, "card_replaced") and target.write(FIRST, "card_replaced")
        assert written("c1") == "card_replaced"

    def test_another_code_takes_its_place(self, target: DispositionTarget, written: Written) -> None:
        target.write(FIRST, "card_replaced")
        assert target.write(FIRST, "dispute_opened")
        assert written("c1") == "dispute_opened"

    def test_a_contact_after_a_transfer_has_its_own(self, target: DispositionTarget, written: Written) -> None:
        target.write(FIRST, "passed_on")
        assert target.write(SECOND, "customer_saved")
        assert (written("c1"), written("c2")) == ("passed_on", "customer_saved")

    def test_of_a_contact_that_nobody_knows_it_is_not_taken(self, target: DispositionTarget) -> None:
        nobody = replace(FIRST, contact_id="c9")
        assert not target.write(nobody, "card_replaced")

    def test_where_the_role_may_not_write_it_is_not_taken(
        self, target: DispositionTarget, refuse: Callable[[], object], written: Written
    ) -> None:
        refuse()
        assert not target.write(FIRST, "card_replaced")
        assert written("c1") is None
