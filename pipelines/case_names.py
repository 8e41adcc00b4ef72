"""How a case of a file is named in the workspace: by its source and its id there.

An id that could be read as a person's name or number is never stored: an opaque one stands in for it, the same at every
import.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from api.workspace import Workspace
from models.errors import BadInput
from store import reimports
from store.database import Transaction
from store.reimports import KnownCase

COLLECTION = "import"
"""The source of cases whose collection was given no name."""

STUBS = "reads"
"""The source of cases that are known from reads alone."""

_TAKEN = (STUBS, "phantom")
_HARMLESS = re.compile(r"[A-Za-z0-9._-]{1,64}")


def shown_id(workspace: Workspace, stated: str) -> str:
    """The id people see: the file's own where it is a plain word, else an opaque one."""
    return stated if _HARMLESS.fullmatch(stated) else workspace.opaque("case name", stated)


def stub_id(workspace: Workspace, source: str, stated: str) -> str:
    """The id of a stub, made for reads of ``source`` ("" where that has no name)."""
    shown = shown_id(workspace, stated)
    return f"{source}/{shown}" if source else shown


def checked_source(source: str) -> str:
    """Raises BadInput for a name that cannot tell one source from another."""
    if source and (not _HARMLESS.fullmatch(source) or source in _TAKEN):
        remedy = "use up to 64 letters, digits, dots and dashes"
        raise BadInput("--source", f"is no name for a source, or one of {', '.join(_TAKEN)}", remedy)
    return source


def cases_of_reads(
    tx: Transaction, workspace: Workspace, department_id: str, source: str, stated: Sequence[str]
) -> tuple[dict[str, str], set[str]]:
    """case_id by stated id for reads of ``source``, and the ids that several collections hold.

    With a source, a case is looked for in the collection of that name and among the stubs of that source; without one,
    in the collection without a name and its stubs and, failing these, in the one collection that has it. Cases made of
    reports are found by their source alone: reports and the cases of another system are numbered 1, 2, 3 alike.
    """
    names = {name: (shown_id(workspace, name), stub_id(workspace, source, name)) for name in stated}
    wanted = list(dict.fromkeys(id for pair in names.values() for id in pair))
    held: dict[str, list[KnownCase]] = {}
    for case in reimports.known(tx, department_id, wanted):
        held.setdefault(case.source_id, []).append(case)
    found: dict[str, str] = {}
    unclear: set[str] = set()
    for name, (shown, stub) in names.items():
        own = [case for case in held.get(shown, ()) if case.source == (source or COLLECTION)]
        own += [case for case in held.get(stub, ()) if case.source == STUBS]
        others = [] if source else [case for case in held.get(shown, ()) if not case.mined]
        if own or len(others) == 1:
            found[name] = (own or others)[0].case_id
        elif others:
            unclear.add(name)
    return found, unclear


def case_or_stub(
    tx: Transaction, workspace: Workspace, department_id: str, source: str, stated: Iterable[str]
) -> dict[str, KnownCase]:
    """What is there under the ids of a collection: its own case or, where there is none, the stub of its reads."""
    names = {name: (shown_id(workspace, name), stub_id(workspace, source, name)) for name in stated}
    held = {
        (case.source, case.source_id): case
        for case in reimports.known(tx, department_id, [id for pair in names.values() for id in pair])
    }
    found: dict[str, KnownCase] = {}
    for name, (shown, stub) in names.items():
        case = held.get((source or COLLECTION, shown)) or held.get((STUBS, stub))
        if case:
            found[name] = case
    return found
