"""Unit: what a version in the shadow answered otherwise comes first in the queue."""

from __future__ import annotations

from dataclasses import dataclass, field

from sotto.call.contact import Speaker
from sotto.call.utterance import Utterance
from sotto.inference.comparison import Comparison, ShadowAnswer, comparison_id
from sotto.learning.adapters.shadow_disagreements import ShadowDisagreements
from sotto.models.registry import Rollout, Shadow
from sotto.tenants.book import NodeRule, Policy
from tests.fakes.books import BooksInMemory, any_book
from tests.fakes.fixed_registry import FixedRegistry
from tests.fakes.routing import any_version


@dataclass
class Compared:
    all: dict[str, Comparison] = field(default_factory=dict)
    asked: int = 0

    def one(self, tenant: str, model: str, version: str, id: str) -> Comparison | None:
        self.asked += 1
        return self.all.get(id)


def utterance(number: int) -> Utterance:
    return Utterance("bank", "c1", f"u{number}", number, Speaker.CUSTOMER, 0, 100 * number, "words")


def compared(number: int, live: str, shadow: str, *, node: str = "what", failure: str = "") -> Comparison:
    id = comparison_id("c1", f"u{number}", 100 * number, node)
    first, second = ShadowAnswer("v1", (live,), 0.9), ShadowAnswer("v2", (shadow,), 0.6)
    return Comparison(id, "bank", "intent", first, second, failure)


def asked(registry: FixedRegistry, kept: Compared, count: int = 4) -> dict[str, float]:
    rule = NodeRule(id="what", model="intent", task="intent", speakers=(Speaker.CUSTOMER,))
    book = any_book("bank").model_copy(update={"policies": (Policy(name="all", run=(rule,)),)})
    found = ShadowDisagreements(registry, kept, BooksInMemory(book))
    return dict(found.unsure("bank", [utterance(number) for number in range(1, count + 1)]))


def in_shadow(tenant: str = "bank") -> FixedRegistry:
    live, shadow = (any_version(name, tenant=tenant) for name in ("v1", "v2"))
    return FixedRegistry.of(Rollout((live,), shadow=Shadow(shadow)))


def test_what_both_answer_otherwise_is_found_by_the_utterance_with_how_unsure_the_surer_one_was() -> None:
    found = (
        compared(1, "lost", "late"),
        compared(2, "lost", "lost"),
        compared(3, "lost", "late", failure="ModelLate"),
        compared(4, "lost", "late", node="another policy's"),
    )
    assert asked(in_shadow(), Compared({each.id: each for each in found})) == {"u1": 0.1}


def test_without_a_version_of_ones_own_in_the_shadow_nothing_is_looked_up() -> None:
    kept = Compared()
    for registry in (FixedRegistry(), FixedRegistry(any_version("v1", tenant="bank")), in_shadow("shared")):
        assert asked(registry, kept) == {}
    assert kept.asked == 0
