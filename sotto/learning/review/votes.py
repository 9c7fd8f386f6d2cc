"""What people's votes make of an example: who may vote, how many must agree, and what a reviewer's word is worth.

Gold questions have a known answer, and the label that they propose is wrong: who always says yes is caught by them.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import comb

from sotto.core.errors import Rejected
from sotto.learning.checks import CONTRADICTION, DOUBTFUL
from sotto.learning.example import Example, ExampleState, Source, Vote

GOLD_EVERY = 8
"""Of what a reviewer is shown, one in so many is a gold question."""
CAREFUL, HARDLY = 0.85, 0.005
"""Who is trusted answers gold questions rightly so often, at least; what a careful person does once in 200 times is
taken for carelessness. Three wrong of three are enough, two of two are not."""


class NotAllowed(Rejected):
    """This person may not decide on this example; the message says who may."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """``gold``: of the gold questions, by example, whether each was answered rightly."""

    name: str
    gold: Mapping[str, bool]

    @property
    def is_trusted(self) -> bool:
        asked, right = len(self.gold), sum(self.gold.values())
        as_few = sum(comb(asked, k) * CAREFUL**k * (1 - CAREFUL) ** (asked - k) for k in range(right + 1))
        return as_few >= HARDLY

    def with_gold(self, example_id: str, is_right: bool) -> Reviewer:
        """The first answer to a question stands."""
        return replace(self, gold={example_id: is_right, **self.gold})


def with_vote(example: Example, vote: Vote, *, needed: int, distrusted: Collection[str] = ()) -> Example:
    """``needed``: people who must agree; two where something contradicts the example. Raises NotAllowed."""
    if vote.reviewer == example.proposed_by:
        raise NotAllowed("example: whoever proposed a label is no reviewer of it; leave it to somebody else")
    others = tuple(each for each in example.votes if each.reviewer != vote.reviewer)
    return decided(replace(example, votes=(*others, vote)), needed=needed, distrusted=distrusted)


def decided(example: Example, *, needed: int, distrusted: Collection[str] = ()) -> Example:
    """Its state as the votes of those who are trusted have it: again open where they no longer are enough."""
    wanted = people_needed(example, needed)
    counts = Counter(vote.label for vote in example.votes if vote.reviewer not in distrusted)
    first, *rest = counts.most_common(2) or [("", 0)]
    if first[1] < wanted or (rest and rest[0][1] == first[1]):
        return replace(example, state=ExampleState.OPEN, label="")
    state = ExampleState.ACCEPTED if first[0] else ExampleState.REJECTED
    return replace(example, state=state, label=first[0])


def people_needed(example: Example, needed: int) -> int:
    """Who must agree on it, where ``needed`` must on any."""
    wanted = max(2, needed) if CONTRADICTION in example.warnings else needed
    return max(wanted, needed + 1) if DOUBTFUL in example.warnings else wanted


def queue_for(reviewer: str, examples: Sequence[Example], limit: int) -> list[Example]:
    """What ``reviewer`` looks at next, by what a look is worth: where versions differ, what is accepted and doubtful,
    what was corrected, the sample; of each, what a second vote would settle, what models are least sure of, what
    nothing warns of, the oldest."""
    open_to = [
        each
        for each in examples
        if each.state is ExampleState.OPEN
        and each.proposed_by != reviewer
        and all(vote.reviewer != reviewer for vote in each.votes)
    ]
    return sorted(open_to, key=_order)[:limit]


def _order(each: Example) -> tuple[float, int, float, int, int, str]:
    is_doubtful = DOUBTFUL in each.warnings and each.source is not Source.SHADOW
    worth = Source.SHADOW.worth - 0.5 if is_doubtful else each.source.worth
    return (-worth, -len(each.votes), -each.unsure, len(each.warnings), each.at_ms, each.id)


def is_gold_turn(reviewer: str, answered: int) -> bool:
    """Whether the next question is a gold one: on average one in GOLD_EVERY, at places that nobody can count out."""
    drawn = hashlib.sha256(f"gold\0{reviewer}\0{answered}".encode()).digest()
    return drawn[0] % GOLD_EVERY == 0


def gold_question(reviewer: Reviewer, decided_examples: Sequence[Example], labels: Sequence[str]) -> Example | None:
    """An example on which two people agree, that ``reviewer`` has not seen, with a wrong label proposed; None without
    one. It shows nothing by which it could be told from the others."""
    known = [
        each
        for each in decided_examples
        if each.state is ExampleState.ACCEPTED
        and sum(vote.label == each.label for vote in each.votes) >= 2
        and each.id not in reviewer.gold
        and each.proposed_by != reviewer.name
        and all(vote.reviewer != reviewer.name for vote in each.votes)
    ]
    if not known or len(set(labels)) < 2:
        return None
    chosen = min(known, key=lambda each: hashlib.sha256(f"{reviewer.name}\0{each.id}".encode()).digest())
    others = sorted(set(labels) - {chosen.label})
    wrong = others[hashlib.sha256(chosen.id.encode()).digest()[0] % len(others)]
    return replace(chosen, state=ExampleState.OPEN, label="", votes=(), proposed=wrong)
