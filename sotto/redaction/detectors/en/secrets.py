"""English talk around passwords and answers to security questions."""

from __future__ import annotations

import re

from sotto.redaction.detectors.en.sentence_words import SENTENCE_WORDS, STATEMENT_OPENERS
from sotto.redaction.detectors.spoken.secret_vocabulary import SecretWords
from sotto.redaction.detectors.vocabulary import words_of

_IS = frozenset({"is", "was", "are", "will", "be", "would", "'s", ":", "=", "-", "called", "named", "reads", "says"})
_CHOSEN = words_of("put used use chose picked set have got")
_HEDGES = words_of(
    "um uh er erm ah hmm mm well just actually still currently now probably maybe also simply all lower upper",
    "case lowercase uppercase capital capitals small letters in word words the , : = - is be it it's its that's i",
    "think believe guess oh okay ok so like yes yeah",
)
"""What may stand between the announcement and the secret. Masked with it when a secret follows."""
_NO_SECRET = words_of(
    "not wrong right correct incorrect invalid valid expired expires expiring locked blocked rejected refused accepted",
    "required needed missing gone lost forgotten stolen hacked compromised leaked reset changed saved stored written",
    "working broken old new too very always never no none what which something somewhere somehow different safe secure",
    "unsafe weak strong short long longer shorter easy hard difficult there here fine good better best great okay ok",
    "case sensitive hidden known unknown set due about because only being been getting going asking coming on",
    "at by for",
    "from to with under between private secret confidential important necessary impossible possible optional than",
    "helpful alright low high bad big small huge daily weekly raining snowing cold hot warm a an interesting",
    "funny strange weird odd annoying ridiculous terrible awful nice lovely perfect true false sure unsure",
    "embarrassing empty blank outdated temporary permanent recommended recognised recognized verified confirmed done",
    "your you his her their our me he she they we my mine theirs supposed meant used stopped the-same",
)
"""What is said of a password, rather than as one: "is wrong", "was rejected", "is not working"."""
_COURTESY = words_of(
    "yes yeah yep yup no nope um uh er erm ah hmm mm oh well so right sure okay ok alright please thanks thank cheers",
    "sorry hello hi hey bye goodbye good morning afternoon evening perfect great lovely brilliant excellent wonderful",
    "fine correct moment second minute sec hold wait hang speaking really indeed exactly absolutely certainly course",
    "pardon excuse sir madam ma'am mate verified confirmed huh hm ohh awesome cool fantastic amazing super wow",
    "gosh god",
    "dear interesting better understood noted anytime welcome pleasure much k",
)
"""What stands around an answer."""
_SAYS_NOTHING = _COURTESY | _NO_SECRET | words_of("ready idea clue dunno nothing unsure maybe")
_GREETING = re.compile(r"\W*(?:good (?:morning|afternoon|evening|day)|hello|hi|hey|welcome)\b", re.IGNORECASE)
_COURTEOUS = rf"(?:(?:{'|'.join(sorted(_COURTESY))})\b[\s,.!-]*)*"
_LED_IN = re.compile(
    rf"^\W*{_COURTEOUS}(?:(?:i|we) (?:think|believe|guess|reckon)(?: that)? ?,? ?)?"
    r"(?:it(?: is| was|'s| would be| should be| might be)|that(?:'s| would be)|(?:she|he|they)(?: was|'s| is|"
    r" were)(?: called| named)|(?:my|the) (?:answer|one|word)(?: is| was|'s)|(?:her|his|its|their) name(?: is| was|'s)|"
    r"try|called|named)\b|\b(?:i|we) (?:used|chose|picked|went with)\b|"
    r"\b(?:dog|cat|pet|hamster|rabbit|teacher|school|mother|mum|mom|horse|he|she|it) (?:was|is) (?:called|named)\b|"
    rf"^\W*{_COURTEOUS}(?:i|we) (?:put|set|called|named|said|think|believe|guess)\b(?: it| her| him)?",
    re.IGNORECASE,
)
_ASKS_FOR_A_WORD = re.compile(r"(?:name|word|place|date|phrase|answer| of)$", re.IGNORECASE)
_SETS = words_of("set reset change changed changing make made update updated put switch switched")
_BEFORE_AN_ANSWER = _COURTESY | words_of("it's its that's in at a an you")
_TIME_AND_PLACE = words_of("today yesterday tomorrow tonight again yet already here now later soon ago instead")
_TALK = (
    SENTENCE_WORDS
    | _TIME_AND_PLACE
    | words_of(
        "for to at on by time that sounds sound sense quite rather pretty really last next speaking calling live"
    )
)

SECRET_WORDS = SecretWords(
    verbs=_IS,
    chosen=_CHOSEN,
    chooser=words_of("i we i've we've"),
    hedges=_HEDGES,
    no_secret=_NO_SECRET,
    courtesy=_COURTESY,
    says_nothing=_SAYS_NOTHING,
    greeting=_GREETING,
    led_in=_LED_IN,
    asks_for_a_word=_ASKS_FOR_A_WORD,
    sets=_SETS,
    set_to=words_of("to"),
    with_or_as=words_of("with as"),
    before_an_answer=_BEFORE_AN_ANSWER,
    time_and_place=_TIME_AND_PLACE,
    talk=_TALK,
    clause_openers=words_of("and but so because if when or which ,"),
    statement_openers=STATEMENT_OPENERS,
    ends_clause=words_of("please thanks thank because though"),
    asks_of_you=frozenset({("can", "you"), ("could", "you")}),
    own=words_of("my the our a his her"),
    is_before=words_of("is was as 's"),
    thanks=("thank", "you"),
    tails=frozenset({("i", "think"), ("i", "believe"), ("i", "guess"), ("i", "reckon")}),
    words_of_one_letter=words_of("a i"),
)
