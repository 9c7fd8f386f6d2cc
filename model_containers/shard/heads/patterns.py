"""Forms of money, dates, times and references, as written and as speech recognisers spell them."""

from __future__ import annotations

import re

_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_WORD = rf"(?:{_ONES}|{_TEENS}|{_TENS}|hundred|thousand|million|half)"
_SPOKEN = rf"(?:(?:a|an)\s+(?:hundred|thousand|million)|{_WORD})(?:[\s-]+(?:and\s+)?{_WORD})*"
_NUMBER = rf"(?:\d[\d,]*(?:\.\d+)?(?:\s*(?:hundred|thousand|million|k))?|{_SPOKEN})"
_ORDINAL = (
    r"(?:\d{1,2}(?:st|nd|rd|th)|(?:twenty|thirty)[\s-](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
    r"|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth"
    r"|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_DAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_HOUR = rf"(?:{_ONES}|ten|eleven|twelve)"
_UNIT = r"(?:day|week|month|year)s?"

PATTERNS = {
    "money": re.compile(
        rf"[$£€]\s?\d[\d,]*(?:\.\d+)?(?:\s*(?:hundred|thousand|million|k)\b)?"
        rf"|\b{_NUMBER}\s+(?:dollars?|bucks?|pounds?|euros?|cents?|pence|usd)\b"
        rf"(?:\s+and\s+{_NUMBER}(?:\s+(?:cents?|pence))?\b)?",
        re.IGNORECASE,
    ),
    "date": re.compile(
        rf"\b(?:(?:this|next|last|on|coming)\s+)?{_DAY}(?:\s+(?:morning|afternoon|evening|night|week))?\b"
        rf"|\b{_MONTH}\s+(?:the\s+)?(?:{_ORDINAL}|\d{{1,2}}|{_SPOKEN})\b(?:,?\s+\d{{4}}\b)?"
        rf"|\b(?:the\s+)?{_ORDINAL}\s+of\s+{_MONTH}\b"
        rf"|\b\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?\b|\b\d{{4}}-\d{{2}}-\d{{2}}\b"
        rf"|\b(?:tomorrow|yesterday|tonight|the day (?:before yesterday|after tomorrow))\b"
        rf"|\b(?:this|next|last)\s+(?:week|month|year|weekend)\b"
        rf"|\b(?:(?:a|an|few|couple of)\s+{_UNIT}|{_NUMBER}\s+{_UNIT})\s+ago\b"
        rf"|\bin\s+(?:(?:a|an|few|a\s+couple\s+of)\s+{_UNIT}|{_NUMBER}\s+{_UNIT})\b",
        re.IGNORECASE,
    ),
    "time": re.compile(
        rf"\b(?:\d{{1,2}}(?::\d{{2}})?|(?:half past|quarter (?:past|to))\s+{_HOUR}|{_HOUR})"
        rf"(?:\s+(?:thirty|fifteen|forty[\s-]five))?\s*(?:a\.?m\b\.?|p\.?m\b\.?|o'?clock\b)"
        rf"|\b\d{{1,2}}:\d{{2}}\b|\b(?:noon|midnight)\b"
        rf"|\b(?:half past|quarter (?:past|to))\s+{_HOUR}\b",
        re.IGNORECASE,
    ),
    "reference": re.compile(
        r"\b(?:[A-Z]{2,4}[-#]?\d{3,10}|(?:order|reference|ref|case|ticket|claim|invoice|booking|confirmation)"
        r"\s+(?:number|id|code)?\s*(?:is\s+)?#?[A-Za-z]{0,4}-?\d{3,12})\b",
        re.IGNORECASE,
    ),
}
