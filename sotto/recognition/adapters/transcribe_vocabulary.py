"""A tenant's words as a custom vocabulary of Transcribe's, made when a book is published.

https://docs.aws.amazon.com/transcribe/latest/dg/custom-vocabulary.html: at most 50 KB and 256 characters an entry, 100
vocabularies an account and region, letters of the language alone, and no personal data: names of agents stay out. Its
name says what is in it, so that a session knows the name from the book, and a book that was published before its
vocabulary was ready is transcribed without.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from botocore.exceptions import ClientError

from sotto.recognition.adapters.transcribe_languages import LANGUAGES

MOST_BYTES = 50_000
LONGEST_ENTRY = 256
KEPT = 2
"""Of a tenant and language: the present one, and the one before for workers that have not read the new book yet."""
_NOT_ALLOWED = re.compile(r"[^\w'-]+|[\d_]+")


class VocabularyRefused(Exception):
    """Transcribe does not take it; calls are transcribed without. The message says what to do."""


def entries(words: Sequence[str]) -> tuple[str, ...]:
    """As Transcribe wants them: a hyphen for each space, nothing but letters, hyphens and apostrophes; as many as the
    size allows."""
    found: dict[str, str] = {}
    size = 0
    for word in words:
        entry = _NOT_ALLOWED.sub("-", word.replace("’", "'")).strip("-'")
        if not entry or len(entry) > LONGEST_ENTRY or entry.casefold() in found:
            continue
        size += len(entry.encode()) + 1
        if size > MOST_BYTES:
            break
        found[entry.casefold()] = entry
    return tuple(found.values())


def vocabulary_name(tenant: str, language: str, words: Sequence[str]) -> str | None:
    """None where there is nothing to put into one."""
    listed = entries(words)
    if not listed:
        return None
    digest = hashlib.sha256("\n".join(listed).encode()).hexdigest()[:12]
    return f"{_prefix(tenant, language)}{digest}"


class TranscribeVocabularies:
    """``client``: boto3's for transcribe."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def put(self, tenant: str, language: str, words: Sequence[str]) -> str | None:
        """Its name, None where no word is left; it is ready minutes later. What the tenant had before the last is
        deleted. Raises VocabularyRefused."""
        code = LANGUAGES.closest(language)
        name = vocabulary_name(tenant, language, words)
        if code is None or name is None:
            return None
        try:
            known = self._known(_prefix(tenant, language))
            if name not in known:
                self._client.create_vocabulary(VocabularyName=name, LanguageCode=code, Phrases=list(entries(words)))
            for old in [each for each in known if each != name][KEPT - 1 :]:
                self._client.delete_vocabulary(VocabularyName=old)
        except ClientError as error:
            raise VocabularyRefused(_advice(tenant, error)) from error
        return name

    def _known(self, prefix: str) -> list[str]:
        """The newest first."""
        found: list[dict[str, Any]] = []
        asked: dict[str, Any] = {"NameContains": prefix}
        while True:
            answer = self._client.list_vocabularies(**asked)
            found += answer.get("Vocabularies", ())
            if not (token := answer.get("NextToken")):
                break
            asked["NextToken"] = token
        found = [each for each in found if each["VocabularyName"].startswith(prefix)]
        found.sort(key=lambda each: str(each.get("LastModifiedTime", "")), reverse=True)
        return [each["VocabularyName"] for each in found]


def _prefix(tenant: str, language: str) -> str:
    return f"sotto.{tenant}.{LANGUAGES.closest(language) or language}."


def _advice(tenant: str, error: ClientError) -> str:
    code = error.response["Error"]["Code"]
    if code == "LimitExceededException":
        return f"{tenant}: the account has as many vocabularies as it may: ask for more, or delete some"
    if code.startswith("AccessDenied"):
        return (
            f"{tenant}: no vocabulary: you may not call transcribe:CreateVocabulary, ListVocabularies, DeleteVocabulary"
        )
    return f"{tenant}: no vocabulary: Transcribe answered {code}"
