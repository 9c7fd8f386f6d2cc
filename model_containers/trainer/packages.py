"""From a tenant's folder to model packages. An unchanged tenant is not trained again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from model_containers.shard.base_encoder.embedding import CachingEncoder
from model_containers.shard.base_encoder.minilm import BASE_MODEL, MiniLmEncoder, packaged_model, revision_of
from model_containers.trainer.examples.tenant_files import Phrases, TenantFiles, read_tenant
from model_containers.trainer.trained import Progress as Share
from model_containers.trainer.trained import Trained, silently
from sotto.models.package import ModelCard, Task, write_package
from sotto.models.registry import SHARED
from sotto.models.training_record import TrainingRecord, digest_of

if TYPE_CHECKING:
    from model_containers.trainer.adapted import Method

Progress = Callable[[str], None]
Train = Callable[[CachingEncoder], Trained]


@dataclass(frozen=True, slots=True)
class Recipe:
    """One model to have: whose, what it learns from, and how. ``inputs`` decide its version. ``gates``: metric -> what
    training has to reach, at least."""

    tenant: str
    task: Task
    inputs: object
    train: Train
    gates: Mapping[str, float] = field(default_factory=dict)


def build_packages(tenant_dir: Path, out: Path, progress: Progress = lambda line: None) -> list[Path]:
    """Train what changed; give back ``<out>/<tenant>/<model>/<version>.tar.gz`` of every model of the tenant.

    The shared sentiment model is among them. Model and task have the same name. Raises BadTenantFile.
    """
    encoder = cache(lambda: CachingEncoder(MiniLmEncoder(pieces=False)))
    return [_built(recipe, out, encoder, progress) for recipe in recipes(read_tenant(tenant_dir))]


def build_adapted(
    examples: tuple[Phrases, tuple[str, ...]],
    out: Path,
    *,
    tenant: str,
    model: str = "intent",
    method: Method = "auto",
    seed: int = 11,
    ood_recall: float | None = None,
    progress: Share = silently,
) -> Path:
    """A package of an intent model that was given time to learn: see ``trainer.adapted``. ``ood_recall``: the share of
    what is none of these that is to be left alone; None: DEFAULT_OOD_RECALL. Raises BadTenantFile."""
    from model_containers.trainer.adapted import train_adapted
    from model_containers.trainer.heads.classifiers import DEFAULT_OOD_RECALL

    wanted = DEFAULT_OOD_RECALL if ood_recall is None else ood_recall

    def train(encoder: CachingEncoder) -> Trained:
        return train_adapted(*examples, encoder, method=method, seed=seed, ood_recall=wanted, progress=progress)

    recipe = Recipe(tenant, "intent", (examples, method, seed, wanted), train, {"ood_recall": wanted})
    version = _version(recipe)
    progress("loading the encoder", 0.0)
    with _one_thread():
        trained = train(CachingEncoder(MiniLmEncoder(pieces=False)))
    card = _card(recipe, version, trained).model_copy(update={"model": model})
    record = TrainingRecord(data=digest_of(examples), gates=recipe.gates)
    return write_package(ModelCard.model_validate(card.model_dump()), {**trained.files, **record.files}, out)


def recipes(files: TenantFiles) -> Iterator[Recipe]:
    """Imports scikit-learn only when something is trained."""
    from model_containers.trainer.heads import behaviours, classifiers, entities, knowledge

    tenant = files.tenant
    if len(files.intents) >= 2:
        chosen = (files.intents, files.none_of_these)
        gates = {"ood_recall": classifiers.DEFAULT_OOD_RECALL}
        yield Recipe(tenant, "intent", chosen, lambda e: classifiers.train_intents(*chosen, e), gates)
    yield Recipe(SHARED, "sentiment", None, classifiers.train_sentiment)
    if files.behaviours:
        phrases = (files.behaviours, files.intents)
        yield Recipe(tenant, "behaviours", phrases, lambda e: behaviours.train_behaviours(files, e))
    yield Recipe(tenant, "entities", files.entities, lambda e: entities.prepare_entities(files.entities))
    if files.documents:
        yield Recipe(tenant, "knowledge", files.documents, lambda e: knowledge.prepare_knowledge(files.documents, e))


def _built(recipe: Recipe, out: Path, encoder: Callable[[], CachingEncoder], progress: Progress) -> Path:
    name = f"{recipe.tenant}/{recipe.task}"
    version = _version(recipe)
    archive = out / name / f"{version}.tar.gz"
    if archive.exists():
        progress(f"{name} {version} is up to date")
        return archive
    progress(f"training {name} {version}")
    with _one_thread():
        trained = recipe.train(encoder())
    record = TrainingRecord(data=digest_of(recipe.inputs or _code()), gates=recipe.gates)
    return write_package(_card(recipe, version, trained), {**trained.files, **record.files}, out)


def _one_thread() -> AbstractContextManager[object]:
    """Heads of a few hundred examples: BLAS threads only wait for each other, 25 s instead of 2 for one tenant."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    limits: AbstractContextManager[object] = threadpool_limits(1)
    return limits


def _card(recipe: Recipe, version: str, trained: Trained) -> ModelCard:
    return ModelCard(
        task=recipe.task,
        tenant=recipe.tenant,
        model=cast(str, recipe.task),
        version=version,
        base_model=BASE_MODEL,
        base_revision=_revision(),
        labels=trained.labels,
        thresholds=trained.thresholds,
        calibration=trained.calibration,
        metrics=trained.metrics,
    )


def _version(recipe: Recipe) -> str:
    content = f"{recipe.tenant}\n{recipe.task}\n{recipe.inputs!r}\n{_revision()}\n{_code()}"
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
