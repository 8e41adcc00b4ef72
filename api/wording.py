"""A teaching point in other words: asked of the rewriter, kept only where the report says every claim."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from api.door import Caller, OpenWorkspace, allow, note
from api.rights import Permission
from api.workspace import Workspace
from models.errors import BadInput, NotFound
from models.report import SectionedText, Span
from nlp.miner import Miner
from nlp.rewriting import Refused, Rewording, reworded
from store import cases

router = APIRouter(prefix="/api/drafts", tags=["drafts"])

LONGEST_SENTENCE = 2_000


class Judge:
    """Says of a rewording whether it holds. Its miner is built when first needed, and used by one thread at a time."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._lock = workspace, Lock()
        self._miner: Miner | None = None

    def ask(self, report: SectionedText, span: Span, rewrite: Callable[[str], str]) -> Rewording | Refused:
        """``rewrite`` is called outside the lock: a model may take a minute."""
        words = rewrite(span.of(report.text))
        with self._lock:
            self._miner = self._miner or Miner(self._workspace.findings, self._workspace.diagnoses)
            return reworded(report, span, lambda _sentence: words, self._miner, self._workspace.findings)

    def check(self, report: SectionedText, span: Span, wording: str) -> str:
        """The wording of an edit. Raises BadInput where the sentence does not say it."""
        answer = self.ask(report, span, lambda _sentence: wording)
        if isinstance(answer, Refused):
            raise BadInput("points", f"a wording says more than its sentence ({answer.reason})", "mend or clear it")
        return answer.text


def judge_of(request: Request) -> Judge:
    return cast(Judge, request.app.state.judge)


OpenJudge = Annotated[Judge, Depends(judge_of)]


class WordingWish(BaseModel):
    """The sentence, as characters of the draft's report."""

    start: int = Field(ge=0, le=1_000_000)
    end: int = Field(ge=1, le=1_000_000)


class ClaimView(BaseModel):
    """Characters of the wording, and of the report that say so."""

    start: int
    end: int
    report_start: int
    report_end: int


class WordingView(BaseModel):
    """``wording`` with the place of each claim; or empty, and ``refused`` says why it is not used."""

    wording: str = ""
    claims: list[ClaimView] = Field(default_factory=list)
    refused: str = ""


@router.post("/{case_id}/wording")
def suggest(
    case_id: str,
    wish: WordingWish,
    workspace: OpenWorkspace,
    judge: OpenJudge,
    caller: Caller = allow(Permission.EDIT_DRAFTS),
) -> WordingView:
    """Another wording of one sentence of a draft's report."""
    rewriter = workspace.rewriter
    if rewriter is None:
        raise NotFound("no rewriter is set up; WETREAD_REWRITER names one")
    with workspace.database.transaction() as tx:
        key = cases.get(tx, caller.department_id, case_id).key
        note(tx, workspace, caller, "ask for a wording", case_id)
    if not wish.start < wish.end <= len(key.report) or wish.end - wish.start > LONGEST_SENTENCE:
        raise BadInput("sentence", "lies outside the report or is too long", "choose the sentence again")
    answer = judge.ask(SectionedText(key.report, key.sections), Span(wish.start, wish.end), rewriter)
    if isinstance(answer, Refused):
        return WordingView(refused=f"{answer.reason}: {answer.words}" if answer.words else answer.reason)
    return WordingView(
        wording=answer.text,
        claims=[
            ClaimView(start=c.words.start, end=c.words.end, report_start=c.source.start, report_end=c.source.end)
            for c in answer.claims
        ],
    )
