"""What each part of Sotto says that it knows of languages, found where the parts are.

A recogniser declares its own in ``sotto.recognition.adapters.<name>_languages``, beside the adapter, so that whoever
only wants to know imports no client of a provider.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from sotto.call.language import EVERY_LANGUAGE, LanguageSet
from sotto.consent.languages import LANGUAGES as CONSENT
from sotto.models.languages import of_task
from sotto.redaction.packs import LANGUAGES as REDACTION
from sotto.tenants.book import OnRefusal, TenantBook
from sotto.tenants.consent_rule import ConsentBasis


@cache
def of_recogniser(name: str) -> LanguageSet:
    """Of one that a deployment brings by itself nothing is known beforehand; its sessions say what it refuses."""
    module = f"sotto.recognition.adapters.{name}_languages"
    if not name.isidentifier() or find_spec(module) is None:
        return EVERY_LANGUAGE
    found: LanguageSet = import_module(module).LANGUAGES
    return found


def of_parts() -> dict[str, LanguageSet]:
    """Every part and its languages, for people: ``sotto doctor --languages``."""
    from sotto.recognition.number_spelling import LANGUAGES as NUMBERS
    from sotto.tenants.reading.settings import RECOGNISERS, TASKS

    return {
        **{f"recogniser {name}": of_recogniser(name) for name in RECOGNISERS},
        "redaction": REDACTION,
        "spoken consent": CONSENT,
        "numbers in phrases": NUMBERS,
        **{f"model: {task}": of_task(task) for task in TASKS},
    }


def serving(book: TenantBook) -> Mapping[str, LanguageSet]:
    """Of the parts that serve a tenant's calls."""
    settings = book.settings
    consent = settings.consent
    listens = consent.basis is ConsentBasis.SPOKEN or consent.on_refusal is not OnRefusal.IGNORE
    return {
        "transcript": LanguageSet.joined(map(of_recogniser, settings.recognisers)),
        "redaction": REDACTION,
        **({"consent": CONSENT} if listens else {}),
        "sentiment": of_task("sentiment"),  # the panel shows a mood, whether or not a model looks for it
        **{use.task: LanguageSet(use.languages) for use in book.models.values() if use.languages},
    }
