"""Finding and diagnosis by search. The catalogue is never sent whole: a reader gets what they type, and no list to
choose an answer from."""

from __future__ import annotations

from fastapi import APIRouter, Query
from pydantic import BaseModel
from rapidfuzz import fuzz, utils

from api.door import Caller, OpenWorkspace, allow
from api.rights import Permission

router = APIRouter(prefix="/api", tags=["catalogue"])

ASKING = (Permission.PRACTISE, Permission.EDIT_DRAFTS)
HITS = 8
CLOSE_ENOUGH = 80.0
NO_FIT = 3


class Term(BaseModel):
    key: str
    name: str
    region: str


def ranked(query: str, terms: dict[str, tuple[str, ...]]) -> list[str]:
    """Keys by how well their best phrase fits ``query``, best first.

    A phrase that begins with what was typed comes before one that holds it as the start of a later word, then whatever
    is near enough that a typing error explains the difference; among equals, the phrase with least left to type.
    """
    typed = utils.default_process(query)
    fits = {
        key: min(_fit(typed, utils.default_process(phrase)) for phrase in phrases) for key, phrases in terms.items()
    }
    near = [key for key, fit in fits.items() if fit[0] < NO_FIT]
    return sorted(near, key=lambda key: (*fits[key], key))[:HITS]


def _fit(typed: str, phrase: str) -> tuple[int, float]:
    """(rank, what is left): lower fits better."""
    if phrase.startswith(typed):
        return 0, len(phrase) - len(typed)
    if f" {typed}" in phrase:
        return 1, len(phrase) - len(typed)
    likeness = fuzz.partial_ratio(typed, phrase) if len(typed) <= len(phrase) else fuzz.ratio(typed, phrase)
    return (2 if likeness >= CLOSE_ENOUGH else NO_FIT), 100 - likeness


@router.get("/findings")
def findings(
    workspace: OpenWorkspace, q: str = Query(min_length=2, max_length=80), caller: Caller = allow(*ASKING)
) -> list[Term]:
    """Findings whose name or synonym is like ``q``."""
    catalogue = workspace.findings
    keys = ranked(q, {key: (entry.name, *entry.phrases) for key, entry in catalogue.items()})
    return [Term(key=key, name=catalogue[key].name, region=catalogue[key].region.value) for key in keys]


@router.get("/diagnoses")
def diagnoses(
    workspace: OpenWorkspace, q: str = Query(min_length=2, max_length=80), caller: Caller = allow(*ASKING)
) -> list[Term]:
    """Diagnoses whose name or synonym is like ``q``."""
    catalogue = workspace.diagnoses
    keys = ranked(q, {key: (entry.name, *entry.phrases) for key, entry in catalogue.items()})
    return [Term(key=key, name=catalogue[key].name, region=catalogue[key].region.value) for key in keys]
