"""``sotto doctor`` on tenants' intents: whether an adapter answers calls on this machine, and why or why not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from local.adapters_behind import reason
from local.options import REPOSITORY, TENANTS
from sotto.models.package import BadPackage, ModelCard, read_archived_card

MODELS = REPOSITORY / ".sotto" / "models"


def intent_models(tenants: Path = TENANTS, models: Path = MODELS) -> Iterator[tuple[str, str]]:
    """Each tenant's model, and what the next demo begins with. Where the folder changed meanwhile, it is trained
    before."""
    for folder in sorted(path.parent for path in tenants.glob("*/intents.yaml")):
        card = _intent_card(models / f"{folder.name}.json")
        yield f"{folder.name}/intent", f"{card.version}: {reason(card)}" if card else "not trained yet: make demo"


def _intent_card(answer: Path) -> ModelCard | None:
    try:
        packages = json.loads(answer.read_text(encoding="utf-8"))["packages"]
        cards = [read_archived_card(Path(each)) for each in packages]
    except (OSError, ValueError, KeyError, TypeError, BadPackage):
        return None
    return next((card for card in cards if card.task == "intent"), None)
