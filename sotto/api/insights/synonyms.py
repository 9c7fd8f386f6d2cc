"""Words that ask for the same in conversations with a company: a question uses one and the customer another."""

from __future__ import annotations

from collections.abc import Mapping

from sotto.core.content_words import stem

_GROUPS = """
expire valid run out end until due
rent let lease lend tenant
send deliver ship post arrive come came sent
buy bought purchase order get
broken faulty defect defective fail failed damage damaged disturb
marry married wedding
job work profession position occupation teach teacher
car vehicle
repair mend fix fixed
phone call ring
live reside
save saving savings
allergic allergy allergies
expect expected due
disappear stolen steal stole lost theft
insure insured insurance
hear hearing deaf
begin start started began
heat heated heating
finish complete done
pay paid payment
move moved moving relocate
book booked appointment visit
rehearse rehearsal rehearsals
sell sold sale
refund refunded back reimburse
cancel cancelled terminate
install installed fit fitted
complain complaint
grow grown plant
kündigen kündigung gekündigt
kosten preis zahlen bezahlen
ablaufen gültig enden
reparieren reparatur
umziehen umzug
"""
_ALIKE: dict[str, set[str]] = {}
for _line in _GROUPS.strip().splitlines():
    _stems = {stem(word) for word in _line.split()}
    for _one in _stems:
        _ALIKE.setdefault(_one, set()).update(_stems)
ALIKE: Mapping[str, frozenset[str]] = {word: frozenset(others) for word, others in _ALIKE.items()}
"""Stem -> the stems that may stand for it, itself among them."""
