"""A published version of a playbook, beside the pointer to the current book and in its transaction."""

from __future__ import annotations

import zlib
from typing import Any

from sotto.aws import keys
from sotto.aws.table import Write
from sotto.tenants.playbook_version import PlaybookVersion


def version_write(version: PlaybookVersion) -> Write:
    item = {
        "pk": keys.of_book(version.tenant),
        "sk": keys.of_playbook_version(version.id),
        "book": version.book,
        "digest": version.digest,
        "at_ms": version.at_ms,
        "who": version.who,
        "note": version.note,
        "source": version.source,
        "text": zlib.compress(version.text.encode()),
    }
    return item, "attribute_not_exists(pk)", {}


def version_from(tenant: str, item: dict[str, Any]) -> PlaybookVersion:
    return PlaybookVersion(
        tenant=tenant,
        id=item["sk"].partition("#")[2],
        book=item["book"],
        digest=item["digest"],
        at_ms=int(item["at_ms"]),
        who=item["who"],
        text=zlib.decompress(item["text"].value).decode(),
        note=item["note"],
        source=item["source"],
    )
