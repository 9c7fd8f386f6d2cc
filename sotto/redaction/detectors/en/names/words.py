"""What announces a name in English. Patterns are matched on text in lower case: four times as fast as IGNORECASE."""

from __future__ import annotations

import re

from sotto.redaction.detectors.en.names.known_names import known_names
from sotto.redaction.detectors.en.names.name_words import GIVEN_ALONE, NOT_NAMES, ORGANISATION, PARTICLES
from sotto.redaction.detectors.en.names.names_in_case import people_in
from sotto.redaction.detectors.spoken.names.name_words import NameWords
from sotto.redaction.detectors.vocabulary import words_of

_NAMED = re.compile(
    r"\b(?:(?:my|his|her|their|your|the)\s+(?:(?:full|first|last|middle|maiden|family|legal|wife's|husband's|"
    r"son's|daughter's)\s+)?(?:sur)?name(?:\s+is|'s|:)|"
    r"(?:first|last|middle|maiden|full|family)\s+name(?:\s+is|'s|:|\?)|surname(?:\s+is|'s|:)|name\s+is|name:|"
    r"name\s+on\s+(?:the|my)\s+\w+\s+is|"
    r"(?:calls?|called)\s+me|i\s+am\s+called|change\s+it\s+to|correct\s+it\s+to|"
    r"account\?\s+user:|what's\s+your\s+name\?|on\s+behalf\s+of|a\s+certain|"
    r"(?:my|his|her)\s+(?:wife|husband|son|daughter|mother|father|brother|sister|partner|friend|colleague|boss)"
    r"(?:'s\s+name\s+is|\s+is\s+called|\s+is\s+named|,))[\s,]+",
)
"""What follows is a name, whatever it may mean besides."""
_SPOKEN_WITH = re.compile(
    r"\b(?:(?:speaking|talking|spoke|speak|spoken|dealing|dealt|chatting|chatted)\s+(?:to|with)|this\s+is|"
    r"(?:put|pass|transfer)\s+(?:me|you)\s+(?:through|over|on)?\s*to|ask(?:ed|ing)?\s+for|looking\s+for|"
    r"(?:made|make\s+it|cheque|addressed|payable)\s+(?:out\s+)?to|signed(?:\s+by)?|served\s+by|attention\s+of|"
    r"(?:care|courtesy)\s+of|(?:somebody|someone|anyone|person|gentleman|lady|woman|man|guy|girl|chap|bloke|lad|agent|"
    r"colleague|advis[eo]r)\s+(?:called|named|by\s+the\s+name\s+of)|name\s+(?:as|was|were|would\s+be|should\s+be)|"
    r"name's|names\s+are|name\s+of|named|names|(?:tell|told|ask|asked|remind|inform|call|ring|email|let)(?=\s+[\w'’-]+\s+(?:that|to|about|if|know|i|we)\b)|"
    r"(?:it\s+was|was\s+it|it's|it\s+is|is\s+it|that\s+was)(?=\s+[\w'’-]+(?:\s+[\w'’-]+)?\s+(?:who|that)\b)|"
    r"(?:is\s+that|are\s+you|is\s+this)(?=\s+[\w'’-]+(?:\s+[\w'’-]+)?\??$))[\s,]+",
)
"""What follows is a name unless it is an ordinary word."""
_ADDRESSED = re.compile(
    r"\b(?:i'm|i\s+am|it's|it\s+is|that's|that\s+is|that'd\s+be|it'd\s+be|that\s+would\s+be|would\s+be|should\s+be|"
    r"alright|right|well|so|now|great|perfect|lovely|brilliant|bear\s+with\s+me|(?:one|just\s+a)\s+(?:moment|second|sec|minute)|bye|cheers|"
    r"hi|hello|hey|dear|thanks|thank\s+you|okay|sorry|morning|afternoon|yes|yeah)[\s,]+",
)
"""What follows is a name if we know it as one."""
_TITLE = re.compile(
    r"\b(?:mr|mister|mrs|missus|missis|ms|miss|dr|doctor|prof|professor|mx|reverend)\b\.?\s+",
)
_GREETED = re.compile(
    r"\b(?:hi|hiya|hello|hey|dear|thanks|thank you|bye|goodbye|cheers|morning|afternoon|evening)(?: there| again)?"
    r"(?: (?:so|very) much| a lot| for (?:that|this|waiting|holding|calling|ringing|bearing with me|your \w+))?[\s,]+"
    r"(?:it's |this is |i'm )?"
)
_ROLES = re.compile(
    r"\b(?:my|his|her|our|your|their|the) (?:wife|husband|partner|son|daughter|mother|father|mum|mom|dad|brother|"
    r"sister|"
    r"friend|colleague|boss|manager|supervisor|neighbour|neighbor|engineer|flatmate|housemate|roommate|lodger|"
    r"granddaughter|grandson|grandmother|grandfather|gran|nan|grandad|stepson|stepdaughter|ex|girl|lad|kid|kids|accountant|"
    r"lawyer|builder|plumber|electrician|doctor|dentist|gp|nurse|therapist|physio|midwife|beneficiary|guarantor|passenger|"
    r"technician|advisor|adviser|agent|landlord|landlady|"
    r"tenant|driver|cousin|uncle|aunt|nephew|niece|boyfriend|girlfriend|fianc[eé]e?|carer|solicitor|"
    r"assistant)(?:'s)?[\s,]+(?:is |was |called |named |is called |was called )?"
)
_DOUBTED = re.compile(
    r"\b(?:not|(?:should|supposed\s+to|ought\s+to|must|could|might|would|has\s+to)\s+(?:be|say|read)|meant|mean|it\s+says|"
    r"it\s+said|you've\s+(?:put|got|written)|you\s+(?:put|wrote)|instead\s+of|rather\s+than|either|or\s+maybe|or\s+possibly|"
    r"it'll\s+be|under|(?:sur|first\s+|last\s+|family\s+|middle\s+|full\s+)name|"
    r"(?:about|from|against|to|(?<!work\s)(?<!works\s)(?<!worked\s)(?<!working\s)for|by|with)"
    r"(?=\s+[\w'’-]+\s+(?:who|because|at\s+your|not|please)\b)|"
    r"(?:no|nope|not\s+[\w'’-]+)\s*,?\s+(?:it's|it\s+is|i'm|but))[\s,]+",
)
_RELATED = (
    r"(?:wife|husband|partner|son|daughter|mother|mum|mom|father|dad|brother|sister|friend|colleague|boss|manager|accountant|"
    r"solicitor|lawyer|carer|neighbour|neighbor|landlord|landlady|tenant|cousin|uncle|aunt|nephew|niece|boyfriend|girlfriend|"
    r"assistant|doctor|gp|dentist|flatmate|agent|advis[eo]r|builder|supervisor)"
)
_NAMED_BEFORE = re.compile(
    r"(?:\s*,)?\s+(?:speaking(?=[\s,.!]*$|\s*,|\s+(?:how|what|from))|here(?=[\s,.!]*$|\s+(?:in|from|at|again|calling)\b)|"
    r"with\s+(?:a\s+|an\s+|one\s+|two\s+)?(?:double\s+)?[a-z]s?(?=[\s,.?!]|$)|"
    r"is\s+(?:my|the|her|his)\s+(?:(?:first|last|middle|full|married)\s+)?(?:sur)?name\b|"
    rf"(?:is\s+|and\s+)?(?:my|your|his|her|our|their)\s+(?:\w+\s+)?{_RELATED}\b|"
    r"(?:i\s+think\s+)?(?:his|her|their)\s+name\s+(?:was|is)\b|who\s+(?:told|said|called|helped|served|answered|rang|spoke)\b)"
)
_OBJECTS = words_of(
    "i you we he she it they the a an this that these those my your his her our their me us him them be do have not",
)
_SURE_TITLE = re.compile(r"(?:mr|mister|mrs|missus|missis|mx)\b")
_BEFORE_PAIRS = re.compile(r"\b(?:for|not|i'm|it's|called|named)\s+")

_INITIAL = re.compile(r"(?![aio]\b)[a-z]\.?")

NAMES = NameWords(
    named=_NAMED,
    spoken_with=_SPOKEN_WITH,
    addressed=_ADDRESSED,
    title=_TITLE,
    greeted=_GREETED,
    roles=_ROLES,
    nouns_are_small=True,
    knows_its_words=True,
    doubted=_DOUBTED,
    named_before=_NAMED_BEFORE,
    surely_named=re.compile(r"speaking|name|told"),
    objects=_OBJECTS,
    indefinite=frozenset({"a", "an", "any", "every"}),
    alone=GIVEN_ALONE,
    of_places=frozenset("st saint king queen prince princess street road mount port lake fort santa san".split()),
    sure_title=_SURE_TITLE,
    before_pairs=_BEFORE_PAIRS,
    joints=frozenset({"and", "or"}),
    not_names=NOT_NAMES,
    particles=PARTICLES,
    organisation=ORGANISATION,
    initial=_INITIAL,
    spelt=re.compile(r"\b(?:that's|that is|is that|spelled|spelt|spelling|spell(?:s| it))(?: it's| as)?[\s,:]+"),
    known=known_names,
    in_case=people_in,
)
