"""What rollouts ask of the registry of models: a class of tests to inherit. A subclass gives ``registry``, in which the
bank's ``intent`` has v1, and v2 in the shadow."""

from __future__ import annotations

import pytest

from sotto.learning.adapters.registry_rollouts import RegistryRollouts, TrialRegistry
from sotto.models.releases import Because
from sotto.models.versions import UnknownVersion

BANK = ("bank", "intent")


def rollouts(registry: TrialRegistry) -> RegistryRollouts:
    return RegistryRollouts(registry, lambda why: Because("sotto/learn", why, 5))


class TrialRegistryContract:
    def test_out_of_the_shadow_a_version_gets_its_share_and_the_live_one_stays_preferred(
        self, registry: TrialRegistry
    ) -> None:
        by = rollouts(registry)
        assert (by.live(*BANK), by.percent(*BANK, "v2")) == ("v1", None)
        by.share(*BANK, "v2", 30, "learned")
        assert (by.live(*BANK), by.percent(*BANK, "v2")) == ("v1", 30)
        first = [by.first(*BANK, f"c{number}") for number in range(300)]
        assert 60 < first.count("v2") < 120 and set(first) == {"v1", "v2"}
        assert first == [registry.find(*BANK).for_call(f"c{number}")[0].version for number in range(300)]

    def test_a_share_of_nothing_ends_the_trial_twice_too(self, registry: TrialRegistry) -> None:
        by = rollouts(registry)
        by.share(*BANK, "v2", 30, "learned")
        for _ in range(2):
            by.share(*BANK, "v2", 0, "taken back")
            assert (by.live(*BANK), by.percent(*BANK, "v2")) == ("v1", 0)

    def test_taken_out_of_the_shadow_a_version_answers_nothing(self, registry: TrialRegistry) -> None:
        by = rollouts(registry)
        by.share(*BANK, "v2", 0, "taken back")
        assert (by.live(*BANK), by.percent(*BANK, "v2"), registry.find(*BANK).shadow) == ("v1", 0, None)

    def test_a_version_that_is_made_live_is_preferred_whatever_is_on_trial(self, registry: TrialRegistry) -> None:
        by = rollouts(registry)
        by.share(*BANK, "v2", 50, "learned")
        by.make_live(*BANK, "v2", "used more")
        assert by.live(*BANK) == "v2"
        assert {by.first(*BANK, f"c{number}") for number in range(50)} == {"v2"}

    def test_what_is_not_published_gets_no_calls(self, registry: TrialRegistry) -> None:
        with pytest.raises(UnknownVersion):
            rollouts(registry).share(*BANK, "v9", 10, "learned")
