"""From a tenant's folder to model packages. An unchanged tenant is not trained again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, cast

from model_containers.shard.base_encoder.embedding import CachingEncoder
from model_containers.shard.base_encoder.minilm import BASE_MODEL, MiniLmEncoder, packaged_model, revision_of
from model_containers.trainer.examples.tenant_files import Phrases, TenantFiles, read_tenant
from model_containers.trainer.trained import Progress, Trained, part_of, silently
from sotto.models.package import ModelCard, Task, write_package
from sotto.models.registry import SHARED
from sotto.models.training_record import TrainingRecord, digest_of
from sotto.tenants.dispositions import MODEL as DISPOSITION

if TYPE_CHECKING:
    from model_containers.trainer.adapted import Method

Train = Callable[[CachingEncoder, Progress], Trained]
Intents = tuple[Phrases, tuple[str, ...]]
"""Phrases by intent, and those that are none of these."""
SEED = 11
AN_ADAPTER_TAKES = 30
"""Times what a head takes, about: for progress."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One model to have: whose, what it learns from, and how. ``data`` are the examples, ``ways`` what else decides its
    version. ``sooner``: what serves until this one is trained, where it takes minutes. ``model``: its name, where that
    is not its task."""

    tenant: str
    task: Task
    data: object
    train: Train
    ways: tuple[object, ...] = ()
    sooner: Recipe | None = None
    model: str = ""


def build_packages(tenant_dir: Path, out: Path, progress: Progress = silently, *, at_once: bool = False) -> list[Path]:
    """Train what changed; give back ``<out>/<tenant>/<model>/<version>.tar.gz`` of every model of the tenant.

    The shared sentiment model is among them. Model and task have the same name, but for dispositions. ``at_once``:
    seconds instead of minutes; a head stands for an intent model with which an adapter was not tried yet. Raises
    BadTenantFile.
    """
    encoder = cache(lambda: CachingEncoder(MiniLmEncoder(pieces=False)))
    wished = [_at_once(each, out) if at_once else each for each in recipes(read_tenant(tenant_dir))]
    takes = [AN_ADAPTER_TAKES if each.sooner else 1 for each in wished]
    ends = [done / sum(takes) for done in accumulate(takes, initial=0)]
    parts = zip(wished, ends, ends[1:], strict=False)
    return [_built(each, out, encoder, part_of(progress, start, end)) for each, start, end in parts]


def build_adapted(
    examples: Intents,
    out: Path,
    *,
    tenant: str,
    model: str = "intent",
    method: Method = "auto",
    seed: int = SEED,
    ood_recall: float | None = None,
    progress: Progress = silently,
) -> Path:
    """A package of an intent model, by the same recipe as a tenant's folder: see ``trainer.adapted``. ``ood_recall``:
    the share of what is none of these that is to be left alone; None: DEFAULT_OOD_RECALL. Raises BadTenantFile."""
    recipe = intent_recipe(tenant, examples, method, seed, ood_recall)
    encoder = cache(lambda: CachingEncoder(MiniLmEncoder(pieces=False)))
    return _built(recipe, out, encoder, progress, model)


def recipes(files: TenantFiles) -> Iterator[Recipe]:
    """Imports scikit-learn only when something is trained."""
    from model_containers.trainer.heads import behaviours, classifiers, entities, knowledge

    tenant = files.tenant
    if len(files.intents) >= 2:
        yield intent_recipe(tenant, (files.intents, files.none_of_these))
    yield Recipe(SHARED, "sentiment", None, lambda e, _: classifiers.train_sentiment(e))
    if files.behaviours:
        phrases = (files.behaviours, files.intents)
        yield Recipe(tenant, "behaviours", phrases, lambda e, _: behaviours.train_behaviours(files, e))
    yield Recipe(tenant, "entities", files.entities, lambda e, _: entities.prepare_entities(files.entities))
    if len(files.dispositions) >= 2:
        yield disposition_recipe(files)
    if files.documents:
        yield Recipe(tenant, "knowledge", files.documents, lambda e, _: knowledge.prepare_knowledge(files.documents, e))


def disposition_recipe(files: TenantFiles) -> Recipe:
    """A frozen head like that of intents. What is none of the codes is what callers say otherwise."""
    others = (*files.none_of_these, *(phrase for phrases in files.intents.values() for phrase in phrases[:2]))
    head = intent_recipe(files.tenant, (files.dispositions, others), "head")
    return replace(head, model=DISPOSITION)


def intent_recipe(
    tenant: str, intents: Intents, method: Method = "auto", seed: int = SEED, ood_recall: float | None = None
) -> Recipe:
    """The one way to an intent model, whoever asks for it."""
    from model_containers.trainer.heads.classifiers import DEFAULT_OOD_RECALL

    wanted = DEFAULT_OOD_RECALL if ood_recall is None else ood_recall

    def train(encoder: CachingEncoder, progress: Progress) -> Trained:
        from model_containers.trainer.adapted import train_adapted

        return train_adapted(*intents, encoder, method=method, seed=seed, ood_recall=wanted, progress=progress)

    sooner = None if method == "head" else intent_recipe(tenant, intents, "head", seed, ood_recall)
    return Recipe(tenant, "intent", intents, train, (method, seed, wanted), sooner)


def _at_once(recipe: Recipe, out: Path) -> Recipe:
    return recipe if recipe.sooner is None or _archive(recipe, out).exists() else recipe.sooner


def _archive(recipe: Recipe, out: Path, model: str = "") -> Path:
    return out / recipe.tenant / (model or recipe.model or recipe.task) / f"{version_of(recipe)}.tar.gz"


def _built(
    recipe: Recipe, out: Path, encoder: Callable[[], CachingEncoder], progress: Progress, model: str = ""
) -> Path:
    archive = _archive(recipe, out, model)
    name = f"{recipe.tenant}/{model or recipe.model or recipe.task}"
    if archive.exists():
        progress(f"{name} {version_of(recipe)} is up to date", 1.0)
        return archive

    def advance(what: str, share: float) -> None:
        progress(f"{name}: {what}", share)

    progress(f"training {name} {version_of(recipe)}", 0.0)
    with _one_thread():
        trained = recipe.train(encoder(), advance)
    record = TrainingRecord(data=digest_of(recipe.data or _code()), gates=trained.gates)
    return write_package(_card(recipe, model, trained), {**trained.files, **record.files}, out)


def _one_thread() -> AbstractContextManager[object]:
    """Heads of a few hundred examples: BLAS threads only wait for each other, 25 s instead of 2 for one tenant."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    limits: AbstractContextManager[object] = threadpool_limits(1)
    return limits


def _card(recipe: Recipe, model: str, trained: Trained) -> ModelCard:
    return ModelCard(
        task=recipe.task,
        tenant=recipe.tenant,
        model=model or recipe.model or cast(str, recipe.task),
        version=version_of(recipe),
        base_model=BASE_MODEL,
        base_revision=_revision(),
        labels=trained.labels,
        thresholds=trained.thresholds,
        calibration=trained.calibration,
        metrics=trained.metrics,
    )


def version_of(recipe: Recipe) -> str:
    content = f"{recipe.tenant}\n{recipe.task}\n{recipe.data!r}\n{recipe.ways!r}\n{_revision()}\n{_code()}"
    return hashlib.sha256(content.encode()).hexdigest()[:12]


@cache
def _revision() -> str:
    return revision_of(packaged_model())


@cache
def _code() -> str:
    """Heads and training as they are: a package depends on both, and on the phrases that ship with them."""
    here = Path(__file__).parent
    shard = here.parent / "shard"
    folders = (here, shard / "heads", shard / "base_encoder")
    sources = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in (".py", ".yaml"))
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()
