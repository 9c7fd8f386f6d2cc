"""What announces a name in English."""

from __future__ import annotations

import re

from sotto.redaction.detectors.en.names.known_names import known_names
from sotto.redaction.detectors.en.names.name_words import GIVEN_ALONE, NOT_NAMES, ORGANISATION, PARTICLES
from sotto.redaction.detectors.en.names.names_in_case import people_in
from sotto.redaction.detectors.spoken.names.name_words import NameWords

_NAMED = re.compile(
    r"\b(?:(?:my|his|her|their|your|the)\s+(?:(?:full|first|last|middle|maiden|family|legal|wife's|husband's|"
    r"son's|daughter's)\s+)?(?:sur)?name(?:\s+is|'s|:)|"
    r"(?:first|last|middle|maiden|full|family)\s+name(?:\s+is|'s|:|\?)|surname(?:\s+is|'s|:)|name\s+is|name:|"
    r"name\s+on\s+(?:the|my)\s+\w+\s+is|"
    r"(?:calls?|called)\s+me|i\s+am\s+called|change\s+it\s+to|correct\s+it\s+to|"
    r"account\?\s+user:|what's\s+your\s+name\?|name\s+of|named|on\s+behalf\s+of|a\s+certain|"
    r"(?:my|his|her)\s+(?:wife|husband|son|daughter|mother|father|brother|sister|partner|friend|colleague|boss)"
    r"(?:'s\s+name\s+is|\s+is\s+called|\s+is\s+named|,))[\s,]+",
    re.IGNORECASE,
)
"""What follows is a name, whatever it may mean besides."""
_SPOKEN_WITH = re.compile(
    r"\b(?:(?:speaking|talking|spoke|speak|spoken)\s+(?:to|with)|this\s+is|put\s+me\s+through\s+to|ask(?:ed)?\s+for|"
    r"(?:made|make\s+it|cheque|addressed|payable)\s+(?:out\s+)?to|signed(?:\s+by)?|served\s+by|attention\s+of)[\s,]+",
    re.IGNORECASE,
)
"""What follows is a name unless it is an ordinary word."""
_ADDRESSED = re.compile(
    r"\b(?:i'm|i\s+am|it's|hi|hello|hey|dear|thanks|thank\s+you|okay|sorry|morning|afternoon|yes|yeah)[\s,]+",
    re.IGNORECASE,
)
"""What follows is a name if we know it as one."""
_TITLE = re.compile(
    r"\b(?:mr|mister|mrs|missus|missis|ms|miss|dr|doctor|prof|professor|mx|reverend)\b\.?\s+",
    re.IGNORECASE,
)
_GREETED = re.compile(
    r"\b(?:hi|hello|hey|dear|thanks|thank you|bye|goodbye|cheers|morning|afternoon|evening)(?: there)?[\s,]+"
    r"(?:it's |this is |i'm )?"
)
_ROLES = re.compile(
    r"\b(?:my|his|her|our|your|their|the) (?:wife|husband|partner|son|daughter|mother|father|mum|mom|dad|brother|"
    r"sister|"
    r"friend|colleague|boss|manager|neighbour|neighbor|engineer|technician|advisor|adviser|agent|landlord|landlady|"
    r"tenant|driver|cousin|uncle|aunt|nephew|niece|boyfriend|girlfriend|fianc[eé]e?|carer|solicitor|assistant)[\s,]+"
)
_SURE_TITLE = re.compile(r"(?:mr|mister|mrs|missus|missis|mx)\b", re.IGNORECASE)
_BEFORE_PAIRS = re.compile(r"\b(?:for|not|i'm|it's|called|named)\s+", re.IGNORECASE)

_INITIAL = re.compile(r"(?![aio]\b)[a-z]\.?")

NAMES = NameWords(
    named=_NAMED,
    spoken_with=_SPOKEN_WITH,
    addressed=_ADDRESSED,
    title=_TITLE,
    greeted=_GREETED,
    roles=_ROLES,
    alone=GIVEN_ALONE,
    of_places=frozenset("st saint king queen prince princess street road mount port lake fort santa san".split()),
    sure_title=_SURE_TITLE,
    before_pairs=_BEFORE_PAIRS,
    joints=frozenset({"and", "or"}),
    not_names=NOT_NAMES,
    particles=PARTICLES,
    organisation=ORGANISATION,
    initial=_INITIAL,
    spelt=re.compile(r"\b(?:that's|that is|spelled|spelt|spelling)(?: it's| as)?[\s,:]+"),
    known=known_names,
    in_case=people_in,
)
