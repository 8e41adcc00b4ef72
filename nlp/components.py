"""The reading of reports as spaCy components, for whoever has a pipeline of their own.

    from nlp.components import pipeline

    document = pipeline()("FINDINGS: Small left pleural effusion.")
    [(span.text, span._.finding, span._.assertion, span._.side) for span in document.spans["observations"]]

Importing this module registers six factories with spaCy. In this order, each needs those before it:

    wetread_sections     document.spans["sections"], labelled with the section's name
    wetread_findings     document.spans["observations"], labelled with the finding: `_.finding`, `_.section`
    wetread_assertion    `_.assertion`
    wetread_attributes   `_.side`, `_.severity`, `_.site`
    wetread_comparison   `_.change`
    wetread_measurement  `_.size_mm`, `_.count`

They call the functions the Miner calls, and say the same, but for what is denied only by calling a part of the body
normal: that the Miner alone tells. A span is made of whole tokens; `_.characters` is the place
of the words themselves. What is told lies in `document.user_data` as plain values, so that documents can be written.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from models.diagnosis import shipped_diagnoses
from models.errors import BadInput
from models.finding import Assertion, Change, Side, shipped_findings
from models.report import SectionName
from nlp.desk import Desk, Report, Sentence
from nlp.miner import Miner
from nlp.observing import change_of
from nlp.spacy_alone import spacy_alone

with spacy_alone():
    import spacy
    from spacy.language import Language
    from spacy.tokens import Doc, Span

SECTIONS, OBSERVATIONS = "sections", "observations"
FACTORIES = ("sections", "findings", "assertion", "attributes", "comparison", "measurement")
_KEY = "wetread_observations"
_desks: WeakKeyDictionary[Language, Desk] = WeakKeyDictionary()

Component = Callable[[Doc], Doc]
Row = dict[str, Any]
Tell = Callable[[Report, Sentence, int, Row], Row]


def pipeline(miner: Miner | None = None) -> Language:
    """A blank English pipeline of the six components; ``miner`` brings catalogues of one's own."""
    language = spacy.blank("en")
    if miner is not None:
        _desks[language] = Desk(miner)
    for name in FACTORIES:
        language.add_pipe(f"wetread_{name}")
    return language


@cache
def _shipped() -> Desk:
    return Desk(Miner(shipped_findings(), shipped_diagnoses()))


def _desk(language: Language) -> Desk:
    return _desks[language] if language in _desks else _shipped()


@Language.factory("wetread_sections", assigns=["doc.spans"])
def _sections(nlp: Language, name: str) -> Component:
    desk = _desk(nlp)

    def component(document: Doc) -> Doc:
        found = [
            document.char_span(section.span.start, section.span.end, section.name.value, alignment_mode="expand")
            for section in desk.report(document.text).sectioned.sections
        ]
        document.spans[SECTIONS] = [span for span in found if span is not None]
        return document

    return component


@Language.factory("wetread_findings", assigns=["doc.spans"])
def _findings(nlp: Language, name: str) -> Component:
    desk = _desk(nlp)

    def component(document: Doc) -> Doc:
        if SECTIONS not in document.spans:
            raise BadInput(name, "the document has no sections", "add wetread_sections before it")
        spans, rows = list[Span](), list[Row]()
        for sentence, place in desk.report(document.text).mentions:
            mention = sentence.found[place]
            start, end = sentence.at + mention.start, sentence.at + mention.end
            span = document.char_span(start, end, mention.finding, span_id=str(len(rows)), alignment_mode="expand")
            assert span is not None  # the words of a mention are inside the text
            spans.append(span)
            rows.append({"finding": mention.finding, "section": sentence.section.value, "characters": [start, end]})
        document.spans[OBSERVATIONS] = spans
        document.user_data[_KEY] = rows
        return document

    return component


def _telling(nlp: Language, name: str, needed: str, tell: Tell) -> Component:
    """A component that tells more of each observation, by ``tell``, where ``needed`` is told of it."""
    desk = _desk(nlp)

    def component(document: Doc) -> Doc:
        rows = document.user_data.get(_KEY)
        if rows is None:
            raise BadInput(name, "the document has no findings", "add wetread_findings before it")
        report = desk.report(document.text)
        for row, (sentence, place) in zip(rows, report.mentions, strict=True):
            if needed not in row:
                raise BadInput(name, f"its findings have no {needed}", f"add wetread_{needed} before it")
            row |= tell(report, sentence, place, row)
        return document

    return component


@Language.factory("wetread_assertion")
def _assertion(nlp: Language, name: str) -> Component:
    def tell(report: Report, sentence: Sentence, place: int, row: Row) -> Row:
        return {"assertion": sentence.asserted[place].value}

    return _telling(nlp, name, "finding", tell)


@Language.factory("wetread_attributes")
def _attributes(nlp: Language, name: str) -> Component:
    def tell(report: Report, sentence: Sentence, place: int, row: Row) -> Row:
        said, side = sentence.attributes[place], report.side(sentence, place)
        return {"side": side and side.value, "severity": list(said.severity), "site": said.site}

    return _telling(nlp, name, "finding", tell)


@Language.factory("wetread_comparison")
def _comparison(nlp: Language, name: str) -> Component:
    def tell(report: Report, sentence: Sentence, place: int, row: Row) -> Row:
        change = change_of(sentence.attributes[place], Assertion(row["assertion"]))
        return {"change": change and change.value}

    return _telling(nlp, name, "assertion", tell)


@Language.factory("wetread_measurement")
def _measurement(nlp: Language, name: str) -> Component:
    def tell(report: Report, sentence: Sentence, place: int, row: Row) -> Row:
        said = sentence.attributes[place]
        return {"size_mm": said.size_mm, "count": said.count}

    return _telling(nlp, name, "finding", tell)


def _told(name: str, meaning: Callable[[Any], Any] = lambda told: told) -> Callable[[Span], Any]:
    """What is told of an observation; None of any other span, and of what no component told."""

    def of(span: Span) -> Any:
        rows = span.doc.user_data.get(_KEY, ())
        row = rows[int(span.id_)] if span.id_.isdecimal() and int(span.id_) < len(rows) else {}
        told = row.get(name)
        return None if told is None else meaning(told)

    return of


def _section(span: Span) -> SectionName | None:
    """The section an observation stands in, or that a span of ``sections`` is."""
    if span.id_:
        told: SectionName | None = _told("section", SectionName)(span)
        return told
    return SectionName(span.label_) if span.label_ in set(SectionName) else None


def _register() -> None:
    getters = {
        "finding": _told("finding"),
        "assertion": _told("assertion", Assertion),
        "side": _told("side", Side),
        "severity": _told("severity", tuple),
        "site": _told("site"),
        "size_mm": _told("size_mm"),
        "count": _told("count"),
        "change": _told("change", Change),
        "section": _section,
        "characters": _told("characters", tuple),
    }
    for name, getter in getters.items():
        Span.set_extension(name, getter=getter, force=True)


_register()
