"""``wetread practice``: a reader's next set on the command line, with every number behind it."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass

from rich.prompt import Prompt
from rich.table import Table

from api.learning import Learning
from api.workspace import DEPARTMENT, Workspace
from models.finding import Truth
from models.reading import Answer, PracticeSet, Reader, Reading, ReadingSource, StateKind
from models.teaching_case import TeachingCase
from pipelines.telling import out
from recommender.request import SetRequest
from store import cases, history, readers
from store.database import Transaction


@dataclass(frozen=True, slots=True)
class PracticeWish:
    """``seed`` None draws one; ``read`` asks for an answer to each case and stores the reads."""

    label: str
    size: int
    seed: int | None = None
    modality: str | None = None
    as_json: bool = False
    read: bool = False


def practice(workspace: Workspace, wish: PracticeWish) -> None:
    """Choose and show a set. Nothing is stored unless cases are read, so asking again gives the same set."""
    learning = Learning(workspace.findings)
    seed = secrets.randbelow(2**31) if wish.seed is None else wish.seed
    with workspace.database.snapshot() as tx:
        reader = readers.by_label(tx, DEPARTMENT, wish.label)
        request = SetRequest(size=wish.size, modality=wish.modality)
        chosen = learning.choose(tx, reader, request, workspace.now(), seed, "preview", StateKind.PRACTICE)
        whole = {item.case_id: cases.get(tx, DEPARTMENT, item.case_id) for item in chosen.items}
    if wish.as_json:
        out.print_json(json.dumps(_json(workspace, chosen, whole)))
    elif wish.read:
        _read(workspace, learning, reader, chosen, whole)
    else:
        _show(workspace, chosen, whole)


def _shown(workspace: Workspace, case: TeachingCase) -> str:
    key = case.key
    if key.truth is Truth.NORMAL:
        return "normal"
    return ", ".join(workspace.findings.name(finding) for finding in key.findings) or key.diagnosis_text


def _show(workspace: Workspace, chosen: PracticeSet, whole: dict[str, TeachingCase]) -> None:
    table = Table(title=chosen.reason, title_justify="left", title_style="", show_lines=True)
    for name in ("", "case", "shows", "chance (80 %)", "why"):
        table.add_column(name, overflow="fold", no_wrap=name == "case")
    for position, item in enumerate(chosen.items, 1):
        case, chance = whole[item.case_id], item.chance
        span = f"{chance.mean:.0%} ({chance.low:.0%}–{chance.high:.0%})"
        table.add_row(str(position), case.source_id, _shown(workspace, case), span, item.reason)
    out.print(table)
    out.print(f"model {chosen.model}, library {chosen.library_version}, seed {chosen.seed}")


def _json(workspace: Workspace, chosen: PracticeSet, whole: dict[str, TeachingCase]) -> dict[str, object]:
    return {
        "reason": chosen.reason,
        "model": chosen.model,
        "library_version": chosen.library_version,
        "seed": chosen.seed,
        "cases": [
            {
                "position": position,
                "case": whole[item.case_id].source_id,
                "truth": whole[item.case_id].key.truth.value,
                "findings": list(whole[item.case_id].key.findings),
                "shows": _shown(workspace, whole[item.case_id]),
                "chance": {name: round(value, 4) for name, value in asdict(item.chance).items()},
                "purpose": item.purpose,
                "reason": item.reason,
            }
            for position, item in enumerate(chosen.items, 1)
        ],
    }


def _read(
    workspace: Workspace,
    learning: Learning,
    reader: Reader,
    chosen: PracticeSet,
    whole: dict[str, TeachingCase],
) -> None:
    """Ask for each case, which the reader has before them elsewhere, whether it is normal; show the truth after it."""
    out.print(chosen.reason)
    for position, item in enumerate(chosen.items, 1):
        case = whole[item.case_id]
        said = Prompt.ask(f"{position}. case {case.source_id}", choices=["normal", "abnormal", "stop"], console=out)
        if said == "stop":
            return
        with workspace.database.transaction() as tx:
            reading = _reading(tx, workspace, learning, reader, case, said)
            history.add(tx, reading)
            learning.take_in(tx, reader, reading)
        out.print(
            f"   {'right' if said == case.key.truth.value else 'not so'}: {_shown(workspace, case)}. {item.reason}"
        )


def _reading(
    tx: Transaction, workspace: Workspace, learning: Learning, reader: Reader, case: TeachingCase, said: str
) -> Reading:
    return Reading(
        reading_id=workspace.new_id(),
        department_id=DEPARTMENT,
        reader_id=reader.reader_id,
        case_id=case.case_id,
        source=ReadingSource.PRACTICE,
        sequence=history.next_sequence(tx, reader.reader_id, ReadingSource.PRACTICE),
        correct=said == case.key.truth.value,
        skills=learning.library(tx, DEPARTMENT).by_id[case.case_id].skills,
        answer=Answer(normal=said == "normal"),
        read_at=workspace.now(),
        answer_text=said,
    )
