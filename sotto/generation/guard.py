"""What a written text may not contain, whatever the caller asked the model for.

The prompt asks a model to treat the caller's words as data; that is a request, not a guarantee. So the text itself is
screened, sentence by sentence: links, addresses, telephone numbers, figures and offers must stand in the passages or in
the playbook, and talk about prompts and instructions goes always.
"""

from __future__ import annotations

import re

from sotto.core.content_words import content_words, plain

_LINK = re.compile(
    r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.\w+|\b[\w-]+\.(?:com|net|org|io|info|biz|co|uk|de|eu|ru|xyz|app|link|ly|me)\b(?:/\S*)?",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(r"\+?\d(?:[\s().-]{0,2}\d){5,}")
_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
_ABOUT_PROMPTS = re.compile(
    r"\b(?:ignor|disregard|forget|overrid)\w*\b.{0,40}\b(?:instruction|prompt|rule|guideline|above|previous)"
    r"|\b(?:system|developer) (?:prompt|message)\b|\bas an? (?:ai|language model|assistant)\b"
    r"|\b(?:my|the|your|new|these) (?:instructions|prompt) (?:are|is|say|were|tell)\b"
    r"|\bjailbreak|</?\w+[^>]*>|!\[|\]\(",
    re.IGNORECASE,
)
_COMMITS = re.compile(
    r"\b(?:waiv\w*|refund\w*|free|offer\w*|discount\w*|guarantee\w*|promis\w*|credit\w*|compensat\w*|bonus|voucher\w*"
    r"|reimburs\w*|cancel\w* (?:the|your) (?:fee|debt|loan|charge)\w*|no (?:fee|charge|cost)|half price|gift\w*"
    r"|transfer\w*|password|passcode|pin|card number|security code|install|download|gratis|complimentary)\b",
    re.IGNORECASE,
)


def objection(sentence: str, allowed: str, *, links_of: str | None = None) -> str:
    """Why a sentence may not be shown, without its words; empty when it may.

    ``allowed``: passages and playbook. ``links_of``: where links may come from, when that is less.
    """
    if _ABOUT_PROMPTS.search(sentence):
        return "speaks of instructions"
    lowered = (allowed if links_of is None else links_of).lower()
    if any(link.rstrip(".,;!?)").lower() not in lowered for link in _LINK.findall(sentence)):
        return "a link that no passage has"
    if any(_digits(number) not in _digits(allowed) for number in _TELEPHONE.findall(sentence)):
        return "a telephone number that no passage has"
    if not set(_FIGURE.findall(sentence)) <= set(_FIGURE.findall(allowed)):
        return "a figure that no passage has"
    if not _commitments(sentence) <= set(content_words(allowed)):
        return "an offer or a request that no passage has"
    return ""


def _commitments(sentence: str) -> set[str]:
    return {word for found in _COMMITS.findall(sentence) for word in content_words(found)}


def commits(sentence: str) -> bool:
    """Whether it promises or asks for something, so that politeness is no excuse for having no source."""
    return bool(_COMMITS.search(sentence) or _FIGURE.search(sentence))


def quoted(sentence: str) -> list[str]:
    """The words in quotation marks, for comparing."""
    return [plain(words) for words in re.findall(r'["“”]([^"“”]{2,})["“”]', sentence)]


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
