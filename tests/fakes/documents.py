"""PDF files as programs write them: lines of text in Helvetica, or nothing but an empty page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

_FONT = DictionaryObject(
    {
        NameObject("/Type"): NameObject("/Font"),
        NameObject("/Subtype"): NameObject("/Type1"),
        NameObject("/BaseFont"): NameObject("/Helvetica"),
    }
)


def write_pdf(
    path: Path, *pages: Sequence[str], title: str = "", modified: str = "", password: str | None = None
) -> Path:
    """``modified``: as PDF has it, such as D:20260331120000."""
    writer = PdfWriter()
    for lines in pages:
        page = writer.add_blank_page(612, 792)
        shown = "\n".join(f"({line}) Tj 0 -14 Td" for line in lines)
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 11 Tf 50 740 Td {shown} ET".encode())
        fonts = DictionaryObject({NameObject("/F1"): writer._add_object(_FONT)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        page[NameObject("/Contents")] = writer._add_object(stream)
    if title or modified:
        writer.add_metadata({"/Title": title, "/ModDate": modified})
    if password is not None:
        writer.encrypt(password, algorithm="RC4-128")
    with path.open("wb") as file:
        writer.write(file)
    return path
