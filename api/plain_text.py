"""Text as people type it: storable on every database, free of what only an attack would send."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator


def _storable(text: str) -> str:
    """Refuses NUL, which PostgreSQL cannot keep, and lone surrogates, which are no Unicode text."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("the text holds a character that cannot be stored")
    return text


PlainText = Annotated[str, AfterValidator(_storable)]
