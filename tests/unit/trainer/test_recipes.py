"""Unit: one recipe makes a tenant's intents, whoever asks; heads stand in for what takes minutes, and nothing that is
at hand is trained again."""

from __future__ import annotations

from pathlib import Path

from model_containers.trainer.examples.example_files import read_examples
from model_containers.trainer.examples.tenant_files import read_tenant
from model_containers.trainer.packages import Recipe, build_adapted, build_packages, intent_recipe, recipes, version_of
from sotto.models.registry import SHARED
from tests.fakes.small_tenant import write_small_tenant


def at_hand(out: Path, *trained: Recipe) -> None:
    """As if they were trained; opening one would fail."""
    for recipe in trained:
        archive = out / recipe.tenant / recipe.task / f"{version_of(recipe)}.tar.gz"
        archive.parent.mkdir(parents=True, exist_ok=True)
        archive.touch()


def intents(tenant: Path) -> Recipe:
    return next(each for each in recipes(read_tenant(tenant)) if each.task == "intent")


def test_a_folder_and_its_examples_alone_give_the_same_version(tmp_path: Path) -> None:
    tenant = write_small_tenant(tmp_path)
    alone = intent_recipe("small_bank", read_examples(tenant / "intents.yaml"))
    assert version_of(alone) == version_of(intents(tenant))


def test_every_way_of_training_is_a_version_of_its_own(tmp_path: Path) -> None:
    examples = read_examples(write_small_tenant(tmp_path) / "intents.yaml")
    ways = [("auto", 11, None), ("head", 11, None), ("lora", 11, None), ("auto", 12, None), ("auto", 11, 0.8)]
    assert len({version_of(intent_recipe("small_bank", examples, *way)) for way in ways}) == len(ways)


def test_a_head_stands_in_until_the_adapter_was_tried(tmp_path: Path) -> None:
    tenant, out = write_small_tenant(tmp_path), tmp_path / "out"
    tried = intents(tenant)
    assert tried.sooner is not None
    others = [each for each in recipes(read_tenant(tenant)) if each.task != "intent"]
    at_hand(out, *others, tried.sooner)
    first, *_ = build_packages(tenant, out, at_once=True)
    assert first.name == f"{version_of(tried.sooner)}.tar.gz"
    at_hand(out, tried)
    again, *_ = build_packages(tenant, out, at_once=True)
    assert again.name == f"{version_of(tried)}.tar.gz"
    assert again in build_packages(tenant, out)


def test_what_push_trained_is_not_trained_again_by_itself(tmp_path: Path) -> None:
    tenant, out = write_small_tenant(tmp_path), tmp_path / "out"
    at_hand(out, intents(tenant))
    shown: list[str] = []
    examples = read_examples(tenant / "intents.yaml")
    package = build_adapted(examples, out, tenant="small_bank", progress=lambda what, _: shown.append(what))
    assert package.name == f"{version_of(intents(tenant))}.tar.gz" and "up to date" in shown[0]


def test_only_intents_take_minutes(tmp_path: Path) -> None:
    waits = {(each.tenant, each.task) for each in recipes(read_tenant(write_small_tenant(tmp_path))) if each.sooner}
    assert waits == {("small_bank", "intent")} and SHARED not in {tenant for tenant, _ in waits}
