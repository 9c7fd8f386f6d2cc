"""A set of examples that a version learned from and was judged by: immutable, numbered by tenant, without words.

A manifest names examples by digests. Whose words they are, only the rows beside it know (sotto.learning.ports), and
those go when the contact is erased.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sotto.learning.checks import STOPS, contradictions, leaks
from sotto.learning.example import Example, ExampleState, is_for_regression, normal


@dataclass(frozen=True, slots=True)
class Manifest:
    """``learned``, ``regression``: digests of examples, in order. ``labels``: how many are learned of each.
    ``left_out``: why others are not in it, counted. ``number``: 1, 2, 3... within the tenant."""

    tenant: str
    number: int
    made_at_ms: int
    learned: tuple[str, ...] = ()
    regression: tuple[str, ...] = ()
    labels: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Of what is in it, whenever it was made and whatever its number: the same examples make the same set."""
        content = json.dumps([self.tenant, self.learned, self.regression], separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class ExampleSet:
    """A manifest with its words, for as long as something learns from them."""

    manifest: Manifest
    learned: tuple[Example, ...]
    regression: tuple[Example, ...]

    @property
    def members(self) -> tuple[Example, ...]:
        return (*self.learned, *self.regression)


def build_set(
    tenant: str,
    examples: Sequence[Example],
    *,
    may_learn: Callable[[Example], bool],
    labels: Collection[str],
    number: int,
    now_ms: int,
) -> ExampleSet:
    """Of what is accepted. ``may_learn``: whether the customer's consent stands now, asked of each example anew.
    ``labels``: those that the tenant's models know. What says two things of the same words is in no set."""
    left: Counter[str] = Counter()
    kept: dict[str, Example] = {}
    fitting = [each for each in examples if not _refused(each, tenant, may_learn, labels, left)]
    disputed = contradictions((each.text, each.label) for each in fitting)
    for each in sorted(fitting, key=lambda each: (each.at_ms, each.id)):
        words = normal(each.text)
        if words in disputed:
            left["contradiction"] += 1
        elif words in kept:
            left["repeated"] += 1
        else:
            kept[words] = each
    regression = [each for each in kept.values() if is_for_regression(tenant, each.text)]
    others = [each for each in kept.values() if not is_for_regression(tenant, each.text)]
    near = set(leaks([each.text for each in regression], [each.text for each in others]))
    learned = [each for each in others if each.text not in near]
    left["like one that is judged by"] += len(others) - len(learned)
    manifest = Manifest(
        tenant,
        number,
        now_ms,
        tuple(sorted(each.digest for each in learned)),
        tuple(sorted(each.digest for each in regression)),
        dict(sorted(Counter(each.label for each in learned).items())),
        {why: count for why, count in sorted(left.items()) if count},
    )
    return ExampleSet(manifest, tuple(learned), tuple(regression))


def _refused(
    each: Example, tenant: str, may_learn: Callable[[Example], bool], labels: Collection[str], left: Counter[str]
) -> bool:
    if each.tenant != tenant:
        why = "of another tenant"
    elif each.state is not ExampleState.ACCEPTED:
        why = "not accepted"
    elif not each.consent or not may_learn(each):
        why = "no consent to learn"
    elif each.label not in labels:
        why = "a label that no model knows"
    elif STOPS & set(each.warnings):
        why = "stopped by a check"
    else:
        return False
    left[why] += 1
    return True
