"""What erasers, exporters and expirers need: each subject's in a file of its own, ``NEEDS = (...)``."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from sotto.core.needs import Need


def needs_of_subjects() -> tuple[Need, ...]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    needs = (need for name in names for need in import_module(f"{__name__}.{name}").NEEDS)
    return tuple(dict.fromkeys(needs))
