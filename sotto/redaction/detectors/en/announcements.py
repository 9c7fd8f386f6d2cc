"""English words that announce private data, and questions for something else."""

from __future__ import annotations

import re

from sotto.redaction.detectors.spoken.context import AnnouncingWords, announcing_words
from sotto.tenants.redaction_rules import PrivateKind

_OWN_FIRST = (
    r"(?:first|childhood|favou?rite) (?:pet|dog|cat|school|teacher|car|street|job|friend|boss|employer|colou?r|team|"
    r"food|book|film|movie|singer|band|sport)"
)
_STRONG: tuple[tuple[PrivateKind, str], ...] = (
    (PrivateKind.ONE_TIME_CODE,
        r"one.time (?:code|pass ?word|pass ?code|pin)|otp|o t p|(?:verification|verify|authenticat\w+|auth|"
        r"authori[sz]ation|activation|access|s ?m ?s|text(?:ed)?|(?:six|6|eight|8)(?: |-)digit|log ?-?in|sign ?-?in|"
        r"unlock|temporary|two.factor|2 ?fa) (?:code|pass ?code|token)s?|"
        r"code (?:that )?(?:i|we|you|they|he|she)(?:'ve|'d| have| had| just| only| should have)* "
        r"(?:got|get|gave|received|sent|texted|e ?-?mailed|have|see|read)(?: (?:to )?(?:you|me))?|"
        r"(?:got|received|sent|texted|gave|have|has|read|enter)(?: me| us| you| just| back)? (?:a|the|this|"
        r"that|your|my)(?: \w+)? code|"
        r"code (?:on|in|from|by) (?:my|your|the|a) (?:phone|mobile|text|message|s ?m ?s|app|e ?-?mail|authenticator|"
        r"screen)|(?:text|message|app|s ?m ?s|authenticator|phone) (?:says|said|shows|reads)"),
    (PrivateKind.PASSWORD,
        r"pass ?words?(?! reset)|pass ?-?phrase|pass ?key|log ?-?in (?:word|secret)"),
    (PrivateKind.SECURITY_ANSWER,
        r"(?:mother|mum|mom|father|dad|grandmother|wife|parent)(?:'s|s)? (?:maiden|birth|family|middle) ?name|"
        r"maiden name|(?:memorable|secret|security|special) (?:word|answer|place|date|phrase|name)|safe word|"
        r"security (?:question|answer)(?: is)?|answer (?:to|for) (?:my|your|the|that|this) (?:security |"
        r"secret )?question|"
        rf"(?:what|which|who|name|confirm|remember|tell|give)\b[^.?!]{{0,30}}?\b(?:your|my) {_OWN_FIRST}(?:'s name)?|"
        rf"(?:my|your|the) {_OWN_FIRST}(?:'s name)?(?= is\b| was\b|'s\b|:)|"
        r"(?:town|city|place|street|hospital) (?:where )?(?:you|i|your mother|my mother) (?:were|was|grew|"
        r"met)(?: (?:up|"
        r"born))*(?: in| on)?|(?:what|which) (?:town|city|place|village|hospital) (?:were|was) (?:you|your \w+) born|"
        r"(?:town|city|place) of birth|code ?word"),
    (PrivateKind.PIN,
        r"pin (?:number|code)|pass ?code|(?:my|your|his|her|their|our|the|a|that|this|old|new|current|card|"
        r"digit|personal|right|correct|same) "
        r"pin\b|pin(?: of mine| number| there| here| i \w+)? (?:is|was|would be|used to be)\b|p i n|"
        r"personal identification number"),
    (PrivateKind.SECURITY_CODE,
        r"security (?:code|number|digits)|c ?v ?[vc] ?2?|card verification|(?:three|3|four|4)(?: |-)digits? "
        r"(?:code|number)?\s?on the (?:back|front)|(?:digits|number|code)s? (?:on|at) the back|back of (?:the|your|"
        r"my) card"),
    (PrivateKind.CARD_EXPIRY, r"expir(?:y|es|ation|ing)(?: date)?|valid (?:until|thru|through)|exp(?: date)?\b|"
        r"run(?:s|ning)? out|good (?:until|till|through)|valid to|end date"),
    (PrivateKind.SOCIAL_SECURITY,
        r"social security(?: number)?|ssn|s s n|(?:my|your|the|of the|of my|of your) social\b|national insurance"
        r"(?: number)?|n ?i number"),
    (PrivateKind.CARD_ENDING, r"(?:ending|ends|ended|finishing|finishes) (?:in|with)|(?:card|visa|mastercard|"
        r"amex)(?: number| that)? "
        r"(?:ends|ending|ended|finishes|finishing)|(?:last|final|end) (?:four|4|digits|numbers)(?: digits| numbers)?"),
    (PrivateKind.ACCOUNT_NUMBER,
        r"account (?:number|no\b|#)|routing(?: number| code)?|sort code|iban|i b a n|(?:member|membership|policy|"
        r"customer|checking|savings) (?:number|id)|swift|bic\b"),
    (PrivateKind.IDENTITY_DOCUMENT,
        r"passport (?:number|no\b)|(?:driver'?s?|driving) licen[sc]e(?: number)?|licen[sc]e number|identity "
        r"(?:card|number)|id number"),
    (PrivateKind.CARD_NUMBER,
        r"card ?(?:number|no\b|#)s?|(?:long|full|sixteen.digit|16.digit) (?:card )?number|number (?:on|across) "
        r"(?:the|your|my) (?:front|card)|card details|"
        r"(?:read|give|tell|take|giving|reading)(?: \w+)? (?:me |us |you )?(?:your|the|that|my) (?:\w+ )?card"
        r"(?! (?:away|back|to (?!me|us)|from|into|out|off|holder|reader))|(?:digits|numbers) (?:of|on|from|"
        r"off|across)(?: the front of| the back of)? (?:the|your|my) "
        r"(?:\w+ )?card|here'?s (?:my|the) (?:\w+ )?card|first (?:two|four|six|eight|4|6|8) digits"),
    (PrivateKind.PHONE,
        r"(?:tele)?phone(?: number)|mobile number|cell(?:phone)? number|fax number|(?:phone|mobile|cell|fax|"
        r"desk)\s*:|(?:call|ring|reach|text|contact)(?: \w+)? (?:back )?(?:on|at|under)|call ?back number|contact "
        r"number|(?:best|good) number|area code"),
    (PrivateKind.DATE_OF_BIRTH,
        r"date of birth|birth ?date|(?:was|were|is|been|being) born|(?:were|was|are) (?:you|he|she|they) born|"
        r"born (?:on|in)|born(?=:? \d)|dob\b|"
        r"d o b\b|(?:my|your|his|"
        r"her) birthday(?: is)?|birthday is"),
    (PrivateKind.EMAIL, r"e ?-?mail(?: address)?"),
    (PrivateKind.NAME,
        r"(?:what'?s|what is|may i (?:have|take|ask)|can i (?:have|get|take|just confirm|confirm)|could i (?:have|"
        r"get|take)|confirm|spell|and) (?:me )?(?:your|the|you) (?:(?:full|first|last|middle|maiden) )?"
        r"(?:sur)?name|your (?:full |first |last |middle |maiden )?name please|your (?:full|first|last|middle|"
        r"maiden) name|your (?:sur)?name(?=\?|$)|who (?:should|shall|do) i make|who (?:is it|was it|is this) for|"
        r"a name(?=\?|$)|"
        r"who (?:am i speaking (?:to|with)|is (?:calling|speaking|that|this)(?=[ ?]*$)|did you say you|do (?:i|we|"
        r"they) ask for|"
        r"(?:should|shall|can|could|would) (?:i|we) (?:ask|say|put|call|contact|address)|else (?:is|will|lives)|"
        r"(?:is|will be|are you) travelling)|who's (?:calling|speaking|that|this|travelling)(?=[ ?]*$)|name on the \w+|"
        r"(?:what|which|whose) name(?:'s)?(?![^?]*\b(?:plan|tariff|network|file|product)\b)(?= is| was| should|"
        r" shall| do| did| would| will|"
        r" are| on| it|\?|$)|what(?:'?s| is| was| were| are) (?:(?:your|his|her|their) (?:\w+ )?(?:sur)?names?|"
        r"the (?:full |first |last |family )?(?:sur)?name(?! (?:of|for|on) (?:the |your |that )?(?:\w+ )?(?:medic|"
        r"product|firm|compan|"
        r"shop|plan|tariff|hotel|app|drug|garage|school|bank|model|website|street|road|town)))|"
        r"(?:take|get|have|grab|need|confirm|catch|note|leave|give me|tell me|say|got|want) (?:down )?(?:a|your|"
        r"the|his|her|their) "
        r"(?:full |first |last |middle |given |family |maiden )?(?:sur)?name(?!d)\b(?! of)|"
        r"(?:and|your) (?:first|last|sur|family|given|middle|full) ?names?|"
        r"name (?:for|under|in) (?:the|your) (?:booking|reservation|account|policy|order)|"
        r"under (?:what|which) name|how (?:should|shall|do|can|would|may) (?:i|we|you) (?:like (?:me |"
        r"us )?to (?:be )?)?(?:address|call|refer)\w*|"
        r"what (?:should|shall|can|do) (?:i|we|people) call (?:you|him|her)|(?:any|other|more|further|"
        r"second) (?:middle |other )?names|in (?:what|which|whose) name"),
    (PrivateKind.ADDRESS,
        r"(?:what'?s|what is|confirm|have|take|update|change) "
        r"(?:your|the|my) (?:(?!e ?-?mail|web|ip)\w+ )?address|first line of "
        r"(?:your|the) address|your (?:(?!e ?-?mail|web|ip)\w+ )?address(?: please)?|"
        r"(?:my|his|her|new|billing|home|postal|mailing) "
        r"address(?: is)?|address is|where do you live|house number|(?:spell|name of) (?:me )?the (?:street|road|"
        r"town|city)|(?:which|what) (?:street|"
        r"road|town|city) (?:is that|do you live|are you in|please)|where (?:should|shall|do) (?:we|i) (?:send|"
        r"deliver|post)|"
        r"and the (?:town|city|street)(?=\?|$)|(?:which|what) (?:street|road|lane|avenue|house|door|flat|building|"
        r"property|village) "
        r"(?:number|name|is it|are you on|is it on|do you live (?:on|in)|is the house|would that be)|(?:which|"
        r"what) (?:street|road|village)(?=\?|$)|"
        r"what'?s the (?:street|road|property|house|village|building|flat|place)(?:'s)? (?:name|number|called)|"
        r"property called|"
        r"(?:delivery|current|old|previous|correspondence|full|site|installation|service|correct|right|"
        r"different) address|"
        r"where (?:is|are|should|shall|do|can|will|would)[^.?!]{0,20}(?:engineer|courier|driver|technician|parcel|"
        r"package|property|meter|he|she|it) "
        r"(?:come|go|deliver|be sent|send|to)|where(?:'s| is) the property|where are you (?:living|based)|"
        r"address (?:for|of) the|send it to(?=\?|$)"),
    (PrivateKind.POSTCODE, r"post ?code|postal code|zip ?code|zip\b"),
)  # fmt: skip
_WEAK: tuple[tuple[PrivateKind, str], ...] = (
    (PrivateKind.CARD_NUMBER, r"(?:credit|debit|visa|bank|gift|charge|payment)[ _]?card|card|mastercard|visa|amex"),
    (PrivateKind.PHONE, r"(?:tele)?phone|mobile|cell|fax|extension|messages to|answering at"),
    (PrivateKind.ACCOUNT_NUMBER, r"account|certificate|voucher"),
    (PrivateKind.PIN, r"pin"),
    (PrivateKind.ONE_TIME_CODE, r"(?<!area )(?<!post )(?<!zip )(?<!error )(?<!fault )(?<!trouble )(?<!dress )code"),
    (PrivateKind.CARD_ENDING, r"ends|ending|finishes|finishing"),
    (PrivateKind.IDENTITY_DOCUMENT, r"passport|licen[sc]e"),
)  # fmt: skip


_OTHER_QUESTION = re.compile(
    r"\b(?:how (?:many|much|long|old|far)|what (?:year|time|day|size|model|mileage|make|kind|amount)|which|when)\b",
    re.IGNORECASE,
)
_INNOCENT = re.compile(
    r"\b(?:(?:order|article|part|item|product|catalogue|model|ticket|invoice|tracking|flight|room|error|fault|version|"
    r"booking|case|reference|job|serial|extension)(?: (?:number|no|code|id))?|series|windows|type|size)\b"
)
_LIKELY_NAME = re.compile(
    r"\b(?:who|whose|who's|who'd)\b(?![^?]*\b(?:fault|supplier|provider|insurers?|bank|network|employer|manufacturer|company|carrier|operator|"
    r"airline|lender|landlord|with)\b)|\b(?:speaking|talking) (?:to|with) the\b|\bhow (?:do|d'|are|would|is|was|"
    r"does|did)\b[^.?!]{0,25}?\bspel(?:l|t)|"
    r"\bspell (?:that|it|this|him|her)\b|\b(?:what|which)(?:'s| is| was|'re| are| were)? (?:his|her|their|"
    r"the (?:other )?(?:driver|gentleman|lady|person|"
    r"patient|child|passenger|buyer|seller|tenant|witness|engineer|agent)(?:'s)?)\b[^.?!]{0,12}?\b(?:called|name)"
)
ANNOUNCING: AnnouncingWords = announcing_words(
    strong=_STRONG, weak=_WEAK, other_question=_OTHER_QUESTION, innocent=_INNOCENT, likely_name=_LIKELY_NAME
)
