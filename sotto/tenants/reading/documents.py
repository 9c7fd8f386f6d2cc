"""PDF and HTML files as the Markdown that articles are: what a tenant already has need not be written again.

Both readers meet whatever somebody has saved, so everything they raise is the same to us: the file cannot be read.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sotto.core.errors import Rejected

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

LARGEST_BYTES = 20 * 1024**2
MOST_PAGES = 300
LONGEST_TEXT = 400_000
"""Characters. An article's every sentence is a vector in the tenant's package."""
FEWEST_LETTERS = 20
"""A whole document with fewer is a picture with a stamp on it."""
FEWEST_PAGES = 3
"""With fewer, a line that comes twice may be meant twice."""
LOOKED_AT = 3
"""Lines at the top and at the foot of a page that may be the same on every page."""
_HIDDEN = (
    "script, style, noscript, template, svg, nav, header, footer, aside, form, iframe, [hidden], [aria-hidden=true]"
)
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_DATES = (
    "article:modified_time",
    "last-modified",
    "dcterms.modified",
    "article:published_time",
    "dcterms.date",
    "date",
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_PAGE_NUMBER = re.compile(r"\W*(?:(?:page|seite|página)\s*)?\d+(?:\s*(?:of|/|von|de)\s*\d+)?\W*", re.IGNORECASE)
_HYPHEN = re.compile(r"(?<=[a-zäöüß])-\n(?=[a-zäöüß])")
_BULLET = re.compile(r"^[ \t]*[•▪◦‣·●]\s*", re.MULTILINE)


class UnreadableDocument(Rejected):
    """The message says what is wrong with the file and what to do."""


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """``date``: YYYY-MM-DD as the file itself says, or empty; when a copy of it was made says nothing. ``source``: its
    own address, where it names one."""

    title: str
    text: str
    date: str = ""
    source: str = ""


def read_document(path: Path) -> ReadDocument:
    """A ``.pdf``, ``.html`` or ``.htm`` file. Raises UnreadableDocument and OSError."""
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        raise UnreadableDocument(
            f"the file has {size // 1024**2} MB, and {LARGEST_BYTES // 1024**2} are the most; split it"
        )
    return convert(path.read_bytes(), path.suffix.lower())


def convert(data: bytes, suffix: str) -> ReadDocument:
    """``suffix``: ``.pdf``, or anything else for a page. Raises UnreadableDocument."""
    read = _pdf(data) if suffix == ".pdf" else _html(data)
    check_length(read.text)
    return read


def check_length(text: str) -> None:
    """Raises UnreadableDocument."""
    if len(text) > LONGEST_TEXT:
        raise UnreadableDocument(
            f"its text has {len(text):,} characters, and {LONGEST_TEXT:,} are the most; split it by subject"
        )


def _pdf(data: bytes) -> ReadDocument:
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise UnreadableDocument("the PDF is encrypted; save it without a password and without restrictions")
        if len(reader.pages) > MOST_PAGES:
            raise UnreadableDocument(f"it has {len(reader.pages)} pages, and {MOST_PAGES} are the most; split it")
        pages = [page.extract_text() or "" for page in reader.pages]
        about = reader.metadata
        title = str((about.title if about else "") or "").strip()
        at = (about.modification_date or about.creation_date) if about else None
    except UnreadableDocument:
        raise
    except Exception as error:
        raise UnreadableDocument(f"not a PDF that can be read ({type(error).__name__}); save it again") from error
    text = _paragraphs(_without_margins(pages))
    if sum(letter.isalpha() for letter in text) < FEWEST_LETTERS:
        raise UnreadableDocument("the PDF holds pictures and no text, as scans do; run text recognition (OCR) over it")
    return ReadDocument(title, text, at.date().isoformat() if at else "")


def _without_margins(pages: Sequence[str]) -> list[str]:
    """Without the lines that stand word for word at the top or foot of more than half of the pages, and without their
    numbers."""
    lines = [[line.rstrip() for line in page.splitlines() if line.strip()] for page in pages]
    if len(pages) < FEWEST_PAGES:
        return ["\n".join(page) for page in lines]
    seen = Counter(line for page in lines for line in {line.strip() for line in _margin(page)})
    repeated = {line for line, times in seen.items() if times > len(pages) / 2}

    def kept(page: list[str]) -> list[str]:
        margin = {*range(LOOKED_AT), *range(len(page) - LOOKED_AT, len(page))}
        return [
            line
            for place, line in enumerate(page)
            if place not in margin or not (line.strip() in repeated or _PAGE_NUMBER.fullmatch(line))
        ]

    return ["\n".join(kept(page)) for page in lines]


def _margin(page: list[str]) -> list[str]:
    return [*page[:LOOKED_AT], *page[LOOKED_AT:][-LOOKED_AT:]]


def _paragraphs(pages: Sequence[str]) -> str:
    """A PDF has lines and no paragraphs: one ends with a line that is clearly shorter and ends a sentence, and before a
    bullet."""
    lines = _BULLET.sub("- ", _HYPHEN.sub("", "\n".join(pages))).splitlines()
    longest = max((len(line) for line in lines), default=0)
    parts: list[str] = []
    for line in lines:
        parts.append(line)
        if len(line) < 0.75 * longest and line.endswith((".", "!", "?", ":")) and not line.startswith("- "):
            parts.append("")
    return "\n".join(parts).strip()


def _html(data: bytes) -> ReadDocument:
    from bs4 import BeautifulSoup
    from markdownify import MarkdownConverter

    try:
        page = BeautifulSoup(data, "html.parser")
        title, date, source = _title(page), _date(page), _canonical(page)
        for hidden in [*page.select(_HIDDEN), *page.find_all(style=_NOT_SHOWN)]:
            hidden.decompose()
        content = page.find("main") or page.find("article") or page.body or page
        converter = MarkdownConverter(
            heading_style="ATX", bullets="-", strip=["a", "img"], escape_asterisks=False, escape_underscores=False,
            escape_misc=False,
        )  # fmt: skip
        text = re.sub(r"\n{3,}", "\n\n", converter.convert_soup(content)).strip()
    except Exception as error:  # a RecursionError of ten thousand open tags as well
        raise UnreadableDocument(f"not a page that can be read ({type(error).__name__}); save it again") from error
    if sum(letter.isalpha() for letter in text) < FEWEST_LETTERS:
        raise UnreadableDocument(
            "the page holds no text of its own; save it from the browser as it is shown, not its frame"
        )
    return ReadDocument(title, text, date, source)


def _title(page: BeautifulSoup) -> str:
    found = page.find("h1") or page.find("title")
    return " ".join(found.get_text(" ").split()) if found else ""


def _date(page: BeautifulSoup) -> str:
    named = {
        str(meta.get("property") or meta.get("name") or meta.get("http-equiv") or "").lower(): str(meta["content"])
        for meta in page.find_all("meta", content=True)
    }
    time = page.find("time", datetime=True)
    stated = [named[name] for name in _DATES if name in named] + ([str(time["datetime"])] if time else [])
    return next((found[0] for each in stated if (found := _ISO.match(each))), "")


def _canonical(page: BeautifulSoup) -> str:
    link = page.find("link", rel="canonical", href=True)
    href = str(link["href"]).strip() if link else ""
    return href if href.startswith(("https://", "http://")) else ""
