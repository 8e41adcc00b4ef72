"""What an educator types for a new case, as the service takes it and as a job carries it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Annotated, Any

from pydantic import BaseModel, Field, field_validator

from api.plain_text import PlainText
from api.workspace import Workspace
from models.errors import BadInput
from models.teaching_case import Proof
from nlp.known_names import without_known
from nlp.scrub import scrub

LONG_TEXT = 20_000
"""Characters of a report's section or a discussion; the whole form stays far below the largest request."""

_TEXTS = ("title", "exam", "history", "findings", "impression", "diagnosis", "discussion")

LongText = Annotated[PlainText, Field(max_length=LONG_TEXT)]
ShortText = Annotated[PlainText, Field(max_length=300)]


class NewCase(BaseModel):
    """The form. ``files`` is how many files the sender has sent, so that no case is made of a part of them.

    ``findings_named`` are catalogue keys, for an educator who names what is shown rather than leave it to the report.
    ``leave_out_bad`` makes the case without the files that cannot be read.
    """

    files: int = Field(ge=1, le=5_000)
    title: PlainText = Field(min_length=1, max_length=300)
    exam: PlainText = Field(min_length=1, max_length=200)
    history: PlainText = Field(default="", max_length=8_000)
    findings: LongText = ""
    impression: LongText = ""
    diagnosis: PlainText = Field(default="", max_length=2_000)
    differential: list[ShortText] = Field(default=[], max_length=30)
    discussion: LongText = ""
    proof: Proof = Proof.REPORT_ONLY
    findings_named: list[Annotated[PlainText, Field(max_length=80)]] = Field(default=[], max_length=20)
    leave_out_bad: bool = False

    @field_validator("title", "exam")
    @classmethod
    def _says_something(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("it is blank")
        return value.strip()

    def checked(self, workspace: Workspace) -> NewCase:
        """The form with every text scrubbed: it goes into a job's row. Raises BadInput where it says nothing."""
        if not (self.findings.strip() or self.impression.strip() or self.diagnosis.strip() or self.findings_named):
            raise BadInput("form", "does not say what the case shows", "fill in findings, impression or diagnosis")
        if any(key not in workspace.findings for key in self.findings_named):
            raise BadInput("findings", "names one the catalogue does not hold", "choose it by the search")
        lines = [line for line in self.differential if line.strip()]
        named = list(dict.fromkeys(self.findings_named))
        form = self.model_copy(update={"differential": lines, "findings_named": named})
        return form._with_texts(lambda text: scrub(text).text)

    def without(self, known: Collection[str]) -> NewCase:
        """The form without names and numbers that are known from elsewhere."""
        return self._with_texts(lambda text: without_known(text, known))

    def _with_texts(self, change: Callable[[str], str]) -> NewCase:
        clean: dict[str, Any] = {name: change(getattr(self, name)) for name in _TEXTS}
        return self.model_copy(update={**clean, "differential": [change(line) for line in self.differential]})
