"""Text from elsewhere for rich, which would read markup in a plain string: a ContactId may be called ``[/bold]``."""

from __future__ import annotations

from rich.text import Text

from local.commands.terminal_text import visible, visible_lines


def plain(text: object, style: str = "") -> Text:
    """One line."""
    return Text(visible(text), style=style)


def plain_lines(text: object) -> Text:
    return Text(visible_lines(text))
