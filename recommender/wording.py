"""Names of findings in running text."""

from __future__ import annotations

PROPER_NAMES = (
    *("Baker", "Bankart", "Bochdalek", "Budd", "Caroli", "Chiari", "Colles", "Crohn", "Dandy", "Ewing", "Freiberg"),
    *("Galeazzi", "Graves", "Haglund", "Hashimoto", "Hill", "Hirschsprung", "Hodgkin", "Jefferson", "Kaposi"),
    *("Kartagener", "Kienböck", "Klatskin", "Krukenberg", "Legg", "Lisfranc", "Marfan", "Meckel", "Monteggia"),
    *("Morgagni", "Morton", "Osgood", "Paget", "Pancoast", "Perthes", "Rathke", "Scheuermann", "Schmorl", "Segond"),
    *("Sturge", "Takayasu", "Warthin", "Whipple", "Wilms", "Wilson"),
)
"""People after whom something is named; in a department's own catalogue, "'s" tells as much."""


def in_sentence(name: str) -> str:
    """``name`` as it reads inside a sentence: "Lung nodule" in lower case; "CT angiogram" and "Wilms tumor" kept."""
    first = name.split(" ", 1)[0]
    if not first[1:2].islower() or any(letter.isupper() or letter.isdigit() for letter in first[1:]):
        return name
    proper = first.endswith(("'s", "’s")) or first.split("-", 1)[0] in PROPER_NAMES
    return name if proper else name[:1].lower() + name[1:]


def starting(name: str) -> str:
    """``name`` as it reads at the start of a sentence."""
    return name[:1].upper() + name[1:]
