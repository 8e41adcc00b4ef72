"""Finding and diagnosis by search. The catalogue is never sent whole: a reader gets what they type, and no list to
choose an answer from."""

from __future__ import annotations

from fastapi import APIRouter, Query
from pydantic import BaseModel
from rapidfuzz import fuzz, process, utils

from api.door import Caller, OpenWorkspace, allow
from api.rights import Permission

router = APIRouter(prefix="/api", tags=["catalogue"])

ASKING = (Permission.PRACTISE, Permission.EDIT_DRAFTS)
HITS = 8
CLOSE_ENOUGH = 62.0


class Term(BaseModel):
    key: str
    name: str
    region: str


def ranked(query: str, terms: dict[str, tuple[str, ...]]) -> list[str]:
    """Keys whose name or phrase is nearest to ``query``, best first, typing errors forgiven."""
    phrases = [(key, phrase) for key, names in terms.items() for phrase in names]
    hits = process.extract(
        query,
        [phrase for _, phrase in phrases],
        scorer=fuzz.WRatio,
        processor=utils.default_process,
        limit=HITS * 4,
        score_cutoff=CLOSE_ENOUGH,
    )
    keys = dict.fromkeys(phrases[index][0] for _, _, index in hits)
    return list(keys)[:HITS]


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
