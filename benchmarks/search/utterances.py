"""Distinct utterances of a contact centre, as many as are asked for: what a search index is filled with.

Each is a sentence of a customer or an agent about something of its own, by a place in the product of what is below; no
two of a million are alike. They are made, and are no sample of what people say.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

_OPENINGS = (
    "hi there", "well", "look", "so basically", "okay so", "yes hello", "the thing is", "to be honest", "right",
    "I am calling because", "as I told your colleague", "just to let you know", "sorry but", "could you check why",
    "I wanted to ask whether", "my wife says that", "I noticed that", "it seems that", "I was told that",
    "apparently",
)  # fmt: skip
_THINGS = (
    "the debit card", "my savings account", "the mortgage payment", "a direct debit", "the overdraft",
    "the standing order", "my mobile app", "the online login", "the winter tyres", "the brake pads",
    "the courtesy car", "the oil change", "the gearbox", "the electricity meter", "the gas bill",
    "the solar tariff", "the heating contract", "the router", "the delivery", "the parcel", "the washing machine",
    "the warranty", "the insurance claim", "the refund", "the appointment", "the technician", "the subscription",
    "the roaming charge", "the sim card", "the invoice", "the hotel booking", "the flight", "the luggage",
    "the loyalty points", "the gift voucher", "the credit limit", "the interest rate", "the statement",
    "the exchange fee", "the password", "the security question", "the address",
)  # fmt: skip
_EVENTS = (
    "was blocked without any warning", "has been charged twice", "never arrived", "stopped working again",
    "was cancelled", "is far too expensive now", "went up by a third", "was sent to the old address",
    "cannot be changed online", "was promised to me for nothing", "has the wrong name on it",
    "expired before I could use it", "makes a grinding noise", "was supposed to be free", "is still not fixed",
    "got lost somewhere", "shows an error", "needs a new signature", "was rejected by the system",
    "is missing a page", "came with a scratch", "has a different amount", "was double booked",
    "should have been renewed", "does not match my contract", "is being handled by somebody else",
    "smells of burning",
)  # fmt: skip
_TIMES = (
    "since last Tuesday", "this morning", "two weeks ago", "right before Christmas", "during the holidays",
    "at the weekend", "for the third time", "after the update", "in the middle of the night", "on my birthday",
    "at the end of March", "while I was abroad", "yesterday evening", "every single month", "since we moved",
    "just now", "back in the summer",
)  # fmt: skip
_PLACES = (
    "in Leeds", "at the harbour branch", "near the station", "in the north office", "at my mother's place",
    "in Hamburg", "at the garage on Mill Road", "in the new flat", "at the airport", "in the basement",
    "in Manchester", "on the motorway", "in the village", "at the depot", "in the car park", "at the front desk",
    "in Bristol", "in the shared house",
)  # fmt: skip
_WISHES = (
    "please sort it out", "I want my money back", "can you call me back", "what are you going to do",
    "is that normal", "who can help with that", "please put it in writing", "how long will that take",
    "I would rather cancel", "can I speak to a manager", "let me know by email", "is there a fee for that",
    "that cannot be right", "I need it before Friday", "can we do it over the phone", "please send a new one",
    "just explain it to me",
)  # fmt: skip
_PARTS = (_OPENINGS, _THINGS, _EVENTS, _TIMES, _PLACES, _WISHES)


def combinations() -> int:
    total = 1
    for part in _PARTS:
        total *= len(part)
    return total


def utterances(count: int, seed: int = 7) -> Iterator[str]:
    """The places are spread over the whole product, so that neighbours share little. ``count``: at most
    ``combinations()``."""
    total = combinations()
    assert count <= total
    step = random.Random(seed).randrange(total // 3, total // 2) | 1
    while _shares_factor(step, total):
        step += 2
    for number in range(count):
        yield _at(number * step % total)


def _at(place: int) -> str:
    words = []
    for part in _PARTS:
        place, chosen = divmod(place, len(part))
        words.append(part[chosen])
    opening, thing, event, when, where, wish = words
    return f"{opening} {thing} {event} {when} {where}, {wish}"


def _shares_factor(one: int, other: int) -> bool:
    while other:
        one, other = other, one % other
    return one != 1
