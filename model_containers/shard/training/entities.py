"""The entities head needs no fitting: its patterns are code, its names come from the tenant."""

from __future__ import annotations

import json
from collections.abc import Mapping

from model_containers.shard.heads.entities import GAZETTEER
from model_containers.shard.heads.patterns import PATTERNS
from model_containers.shard.training.tenant_files import Phrases
from model_containers.shard.training.trained import Trained

VEHICLES = (
    "Toyota|Honda|Ford|Chevrolet|Chevy|Nissan|Hyundai|Kia|Volkswagen|Subaru|Mazda|Jeep|Tesla|BMW|Audi|Mercedes|Lexus|"
    "Volvo|Corolla|Camry|RAV4|Prius|Civic|Accord|CR-V|Pilot|Odyssey|Focus|Fiesta|Escape|Explorer|Mustang|F-150|"
    "Silverado|Malibu|Altima|Sentra|Rogue|Elantra|Sonata|Tucson|Sorento|Jetta|Golf|Passat|Outback|Forester|Impreza|"
    "CX-5|Wrangler|Cherokee"
).split("|")
PRODUCTS = (
    "checking account|savings account|credit card|debit card|prepaid card|mortgage|home loan|auto loan|car loan|"
    "personal loan|overdraft|certificate of deposit|wire transfer|brake pads|brake disc|brake fluid|oil change|"
    "air filter|oil filter|spark plugs|timing belt|battery|alternator|tyres|tires|tyre|tire|clutch|exhaust|"
    "windscreen|windshield|wipers|transmission|radiator"
).split("|")
_EVERYONES: Mapping[str, list[str]] = {"vehicle": VEHICLES, "product": PRODUCTS}


def prepare_entities(names: Phrases) -> Trained:
    """``names`` are the tenant's own: type to names. They join the ones that every tenant has."""
    kinds = {**_EVERYONES, **{kind: [*_EVERYONES.get(kind, []), *own] for kind, own in names.items()}}
    return Trained(
        labels=tuple(dict.fromkeys((*PATTERNS, *kinds))),
        files={GAZETTEER: json.dumps(kinds, sort_keys=True).encode()},
        metrics={"names": float(sum(map(len, kinds.values())))},
    )
