"""One evaluation of the machine's by each form of the call's language and channel, announced once."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.after_call_checks import Seen
from sotto.call.events import ScorecardReady
from sotto.call.language import overlap


def problems(seen: Seen) -> Iterator[str]:
    book = seen.sotto.books.current(seen.tenant)
    contact = seen.sotto.contacts.contact(seen.tenant, seen.contact_id)
    if contact is None:
        yield "lost: the contact"
        return
    language = book.settings.language_of(contact)
    forms = [each for each in book.scorecards if not each.language or overlap(each.language, language)]
    for form in (each for each in forms if each.channel in (None, contact.channel)):
        versions = seen.sotto.evaluations.versions(seen.tenant, seen.contact_id, form.name)
        announced = seen.numbers(ScorecardReady, form.name)
        if not versions or announced == []:
            yield f"lost: evaluation by {form.name}, {len(versions)} stored, {len(announced)} announced"
        elif len(versions) > 1 or announced != [1]:
            yield f"double: evaluation by {form.name}, {len(versions)} stored, announced as {announced}"
