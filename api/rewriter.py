"""A language model at an OpenAI-compatible address that says a sentence in other words. Off unless one is named.

It is sent one scrubbed sentence of a report and nothing else; ``nlp.rewriting`` decides whether its answer is used.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from models.errors import BadInput, Unavailable

SETTING = "WETREAD_REWRITER"
CONNECT_SECONDS = 5
READ_SECONDS = 60
LONGEST_ANSWER = 65_536

TASK = (
    "Say the radiology sentence in other words for a teaching file. Keep every finding, side, size, degree, count, "
    "negation and doubt exactly as it is. Add nothing. Answer with the sentence alone."
)


@dataclass(frozen=True, slots=True)
class Rewriter:
    """``address`` ends before ``/chat/completions``, such as "http://127.0.0.1:8080/v1"."""

    address: str
    model: str
    key: str = field(default="", repr=False)
    clock: Callable[[], float] = field(default=monotonic, repr=False, compare=False)

    def __call__(self, sentence: str) -> str:
        """The model's answer. Raises Unavailable where there is none that can be used."""
        import requests

        try:
            with requests.Session() as session:
                session.trust_env = False  # no proxy or password that another program's settings name
                with session.post(
                    f"{self.address}/chat/completions",
                    json=self._question(sentence),
                    headers={"Authorization": f"Bearer {self.key}"} if self.key else {},
                    timeout=(CONNECT_SECONDS, READ_SECONDS),
                    allow_redirects=False,
                    stream=True,
                ) as answer:
                    return _words(answer.status_code, answer.iter_content(4096), self.clock)
        except requests.RequestException as error:
            raise Unavailable(f"{SETTING}: the rewriter does not answer ({type(error).__name__}); check it") from None

    def _question(self, sentence: str) -> dict[str, Any]:
        told = [{"role": "system", "content": TASK}, {"role": "user", "content": sentence}]
        return {"model": self.model, "messages": told, "temperature": 0, "max_tokens": 400}


def _words(status: int, parts: Iterable[bytes], clock: Callable[[], float]) -> str:
    """The text of the first choice. Raises Unavailable for any other answer, without quoting it."""
    if status != 200:
        raise Unavailable(f"{SETTING}: the rewriter answers {status}; check address, model and key")
    body, ends = b"", clock() + READ_SECONDS
    for part in parts:
        body += part
        if len(body) > LONGEST_ANSWER or clock() > ends:
            raise Unavailable(f"{SETTING}: the rewriter's answer is too long or comes too slowly; check it")
    try:
        words = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError):
        words = None
    if not isinstance(words, str):
        raise Unavailable(f"{SETTING}: the rewriter answers what is no chat completion; check the address")
    return words


def open_rewriter(address: str, model: str, key: str) -> Rewriter | None:
    """None for an empty address. Raises BadInput for one that is no address, or where no model is named."""
    if not address:
        return None
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise BadInput(SETTING, "is not the address of a service", "write it like https://host/v1, without a password")
    if not model:
        raise BadInput(f"{SETTING}_MODEL", "names no model", "set it to the model that the rewriter serves")
    return Rewriter(address.rstrip("/"), model, key)
