"""One report in many styles: how departments, dictation systems and programs write the same words."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Callable
from typing import NamedTuple


class Told(NamedTuple):
    """What a report tells; each of ``findings`` and ``impression`` is a sentence without its full stop."""

    title: str
    history: str
    technique: str
    comparison: str
    findings: tuple[str, ...]
    impression: tuple[str, ...]


CHEST = Told(
    "CHEST, TWO VIEWS",
    "Cough and fever",
    "PA and lateral views",
    "None",
    ("The heart is enlarged", "There is a small left pleural effusion", "No pneumothorax", "Healed right rib fracture"),
    ("Small left pleural effusion", "Cardiomegaly"),
)
HEAD = Told(
    "CT HEAD WITHOUT CONTRAST",
    "Fall from a ladder",
    "Axial images of 5 mm",
    "MR brain of last year",
    ("There is an acute left subdural hematoma of 8 mm", "Mild midline shift to the right", "No skull fracture"),
    ("Acute left subdural hematoma", "Midline shift"),
)
ABDOMEN = Told(
    "ULTRASOUND ABDOMEN",
    "Right upper quadrant pain",
    "Grey scale and colour images",
    "CT of March",
    (
        "Several gallstones",
        "The common bile duct is not dilated",
        "No hydronephrosis",
        "There is a small amount of ascites",
    ),
    ("Cholelithiasis", "Small ascites"),
)
KNEE = Told(
    "MRI LEFT KNEE",
    "Twisting injury",
    "Sagittal and coronal sequences",
    "Radiograph of June",
    ("There is a tear of the medial meniscus", "The anterior cruciate ligament is intact", "Moderate joint effusion"),
    ("Medial meniscal tear", "Moderate joint effusion"),
)
REPORTS = (CHEST, HEAD, ABDOMEN, KNEE)

Style = Callable[[Told], str]


def run(sentences: tuple[str, ...]) -> str:
    return " ".join(f"{sentence}." for sentence in sentences)


def numbered(sentences: tuple[str, ...], form: str = "{}. {}.", between: str = "\n") -> str:
    return between.join(form.format(number, sentence) for number, sentence in enumerate(sentences, start=1))


def lines(sentences: tuple[str, ...], lead: str = "", end: str = ".") -> str:
    return "\n".join(f"{lead}{sentence}{end}" for sentence in sentences)


def joined(
    told: Told,
    form: str = "{}: {}",
    between: str = "\n",
    names: tuple[str, ...] = ("HISTORY", "TECHNIQUE", "COMPARISON", "FINDINGS", "IMPRESSION"),
    findings: Callable[[tuple[str, ...]], str] = run,
    impression: Callable[[tuple[str, ...]], str] = run,
) -> str:
    bodies = (
        *(f"{told.history}.", f"{told.technique}.", f"{told.comparison}."),
        *(findings(told.findings), impression(told.impression)),
    )
    return between.join(form.format(name, body) for name, body in zip(names, bodies, strict=True))


TITLED = ("History", "Technique", "Comparison", "Findings", "Impression")
BRITISH = ("Clinical details", "Procedure", "Previous imaging", "Report", "Conclusion")


def wrapped(text: str, width: int = 72) -> str:
    return "\n".join(textwrap.fill(line, width) for line in text.split("\n"))


def unnamed(told: Told, before: str = "Clinical details", after: str = "Conclusion") -> str:
    return f"{told.title}\n\n{before}: {told.history}.\n\n{run(told.findings)}\n\n{after}: {run(told.impression)}"


def letter(told: Told) -> str:
    body = f"FINDINGS\n{run(told.findings)}\n\nCONCLUSION\n{run(told.impression)}"
    return f"Dear Dr Reader,\n\nRe: {told.title}\n\n{body}\n\nYours sincerely,\n\nDr A. Writer\nConsultant Radiologist"


def header(told: Told) -> str:
    top = f"Patient: X\nHospital number: 12345\nDate: 3 May 2021\nExam: {told.title}"
    body = f"{run(told.findings)}\n\nIMPRESSION:\n{numbered(told.impression)}"
    return f"{top}\n\n{body}\n\nElectronically signed by A. Writer"


def page(told: Told) -> str:
    parts = (("Findings", told.findings), ("Impression", told.impression))
    body = "".join(f"<h3>{name}</h3><ul>{''.join(f'<li>{each}</li>' for each in said)}</ul>" for name, said in parts)
    return f"<html><head><title>{told.title}</title></head><body>{body}</body></html>"


def rich(told: Told) -> str:
    text = joined(told, form="\\b {}:\\b0\\tab {}", between="\\par\n")
    return (
        "{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0\\fswiss Arial;}}{\\colortbl;\\red0\\green0\\blue0;}\\f0\\fs20 "
        + text
        + "\\par}"
    )


def structured(told: Told) -> str:
    items = (*(("Finding", each) for each in told.findings), *(("Impression", each) for each in told.impression))
    return "".join(f'<contains TEXT:(121071,DCM,"{name}")="{each}.">\n' for name, each in items)


STYLES: dict[str, Style] = {
    "colon": joined,
    "titled": lambda told: joined(told, names=TITLED),
    "small": lambda told: joined(told, names=tuple(map(str.lower, TITLED))),
    "own line": lambda told: joined(told, form="{}\n{}", between="\n\n"),
    "own line, titled": lambda told: joined(told, form="{}\n{}", between="\n\n", names=TITLED),
    "colon, own line": lambda told: joined(told, form="{}:\n{}", between="\n\n"),
    "one line": lambda told: joined(told, between=" "),
    "one line, titled": lambda told: joined(told, between=" ", names=TITLED),
    "one line, capitals without colon": lambda told: joined(told, form="{} {}", between=" "),
    "capitals without colon": lambda told: joined(told, form="{} {}"),
    "dash": lambda told: joined(told, form="{} - {}", names=TITLED),
    "long dash": lambda told: joined(told, form="{} — {}"),
    "equals": lambda told: joined(told, form="{} = {}"),
    "British": lambda told: joined(told, names=BRITISH),
    "British, own line": lambda told: joined(told, form="{}\n{}", between="\n\n", names=BRITISH),
    "opinion": lambda told: joined(told, names=(*BRITISH[:4], "Opinion")),
    "unnamed": unnamed,
    "unnamed, indication": lambda told: unnamed(told, "INDICATION", "IMPRESSION"),
    "none": lambda told: f"{run(told.findings)} {run(told.impression)}",
    "none, lines": lambda told: lines((*told.findings, *told.impression)),
    "none, lines without stops": lambda told: lines((*told.findings, *told.impression), end=""),
    "no technique": lambda told: (
        f"INDICATION: {told.history}\nFINDINGS: {run(told.findings)}\nIMPRESSION: {run(told.impression)}"
    ),
    "impression first": lambda told: f"IMPRESSION: {run(told.impression)}\nFINDINGS: {run(told.findings)}",
    "findings and impression": lambda told: f"FINDINGS/IMPRESSION: {run((*told.findings, *told.impression))}",
    "bold": lambda told: joined(told, form="**{}:** {}"),
    "bold without colon": lambda told: joined(told, form="**{}** {}", names=TITLED),
    "underlined": lambda told: joined(told, form="__{}__\n{}", between="\n\n"),
    "hashes": lambda told: joined(told, form="## {}\n{}", between="\n\n", names=TITLED),
    "brackets": lambda told: joined(told, form="[{}]\n{}"),
    "rules": lambda told: joined(told, form="=== {} ===\n{}"),
    "ruled": lambda told: joined(told, form="{}\n----------\n{}"),
    "numbered headings": lambda told: "\n".join(
        f"{place}. {line}" for place, line in enumerate(joined(told).split("\n"), start=1)
    ),
    "Roman headings": lambda told: "\n".join(
        f"{number}. {line}"
        for number, line in zip(("I", "II", "III", "IV", "V"), joined(told).split("\n"), strict=True)
    ),
    "numbered": lambda told: joined(told, impression=numbered),
    "numbered, brackets": lambda told: joined(told, impression=lambda said: numbered(said, "{}) {}")),
    "numbered, both brackets": lambda told: joined(told, impression=lambda said: numbered(said, "({}) {}.")),
    "numbered, hashes": lambda told: joined(told, impression=lambda said: numbered(said, "#{} {}.")),
    "numbered inside": lambda told: joined(told, impression=lambda said: numbered(said, "{}. {}", " ")),
    "numbered, semicolons": lambda told: joined(told, impression=lambda said: numbered(said, "{}. {}", "; ")),
    "numbered, no blank": lambda told: joined(told, impression=lambda said: numbered(said, "{}.{}.")),
    "numbered findings": lambda told: joined(told, findings=numbered, impression=numbered),
    "bullets": lambda told: joined(told, form="{}:\n{}", findings=lambda said: lines(said, "- ", "")),
    "stars": lambda told: joined(told, form="{}:\n{}", findings=lambda said: lines(said, "* ", "")),
    "dots": lambda told: joined(told, form="{}:\n{}", findings=lambda said: lines(said, "• ")),
    "lines": lambda told: joined(told, form="{}:\n{}", findings=lambda said: lines(said, end="")),
    "blank lines": lambda told: joined(told, form="{}:\n\n{}", findings=lambda said: "\n\n".join(said)),
    "capitals": lambda told: joined(told).upper(),
    "capitals, one line": lambda told: joined(told, between=" ").upper(),
    "capitals, wrapped": lambda told: wrapped(joined(told, form="{}:\n{}").upper()),
    "small letters": lambda told: joined(told).lower(),
    "wrapped at 72": lambda told: wrapped(joined(told)),
    "wrapped at 40": lambda told: wrapped(joined(told, names=TITLED), 40),
    "double-spaced": lambda told: wrapped(joined(told, form="{}:\n{}"), 60).replace("\n", "\n\n"),
    "indented": lambda told: textwrap.indent(joined(told, form="{}:\n   {}"), "    "),
    "Windows": lambda told: joined(told, form="{}:\n{}").replace("\n", "\r\n"),
    "Mac": lambda told: joined(told, form="{}:\n{}").replace("\n", "\r"),
    "form feeds": lambda told: joined(told, between="\n\f"),
    "hard blanks": lambda told: joined(told).replace(" ", "\u00a0"),
    "tabs": lambda told: joined(told, form="{}\t{}", names=TITLED),
    "columns": lambda told: joined(told, form="{:20}{}", names=TITLED),
    "table": lambda told: joined(told, form="| {} | {} |"),
    "entities": lambda told: html.escape(joined(told, form="{}:\n{}")).replace(" ", "&nbsp;"),
    "breaks": lambda told: joined(told, form="<b>{}</b><br>{}", between="<br/><br/>"),
    "paragraphs": lambda told: joined(told, form="<p><strong>{}:</strong> {}</p>", between=""),
    "page": page,
    "rich": rich,
    "structured": structured,
    "HL7": lambda told: joined(told, between="\\.br\\"),
    "HL7, codes": lambda told: joined(told, between="\\X0D\\\\X0A\\"),
    "HL7, tildes": lambda told: joined(told, between="~"),
    "escaped": lambda told: joined(told, between="\\n"),
    "wide": lambda told: joined(told).translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)}),
    "soft hyphens": lambda told: joined(told).replace("effusion", "effu\u00adsion").replace("rib", "r\u200bib"),
    "byte mark": lambda told: "\ufeff" + joined(told),
    "torn": lambda told: "ï»¿" + joined(told, form="{}Â\u00a0â€“ {}"),
    "letter": letter,
    "header": header,
    "signed": lambda told: joined(told) + "\n\nDictated by: A. Writer\nElectronically signed 3 May 2021",
    "squeezed": lambda told: joined(told, form="{}:{}", between="").replace(". ", "."),
    "sub-headings": lambda told: joined(told, form="{}:\n{}", findings=lambda said: lines(said, "OTHER: ")),
}
