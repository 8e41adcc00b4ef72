"""FHIR resources out of a file of any size: one, a Bundle, or one resource a line; DiagnosticReports are validated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from models.errors import BadInput
from pipelines.json_lines import json_object
from pipelines.report_files.fhir_people import Directory, entered, may_name
from pipelines.report_files.file_bytes import byte_lines, opened
from pipelines.report_files.json_elements import Element, elements
from pipelines.report_files.reception import Reception, line_text

OTHER_RESOURCE = "a FHIR resource that is no DiagnosticReport was left out"

_READ = (
    ("resourceType", "status", "identifier", "basedOn", "category", "code", "subject", "effectiveDateTime")
    + ("effectivePeriod", "issued", "performer", "resultsInterpreter", "imagingStudy", "conclusion", "presentedForm")
    + ("text",)
)
MOST_PEOPLE = 500_000
_LINES = (".ndjson", ".jsonl")


def reports(path: Path, head: bytes, reception: Reception) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(where, DiagnosticReport) of each report in the file, not validated yet. ``head`` is how the file begins."""
    blank = True
    for where, part in _parts(path, head):
        blank = False
        try:
            found = list(_reports_in(where, json_object(where, _text_of(where, part, reception)), reception))
        except BadInput as error:
            reception.refuse(error)
        else:
            yield from ((where, report) for report in found)
    if blank:
        reception.refuse(BadInput(str(path), "holds no FHIR resource", "give a Bundle, a DiagnosticReport, or NDJSON"))


def directory_of(path: Path, head: bytes) -> Directory:
    """The people whom the file's own entries name; what refers to them may stand before them.

    Raises BadInput where they are too many to be kept in mind.
    """
    found: dict[str, Sequence[str]] = {}
    for where, part in _parts(path, head):
        if part.raw is None or part.cut or not may_name(part.raw):
            continue
        try:
            found.update(entered(json_object(where, part.raw)))
        except BadInput:
            continue  # whoever reads the reports refuses it, and says why
        if len(found) > MOST_PEOPLE:
            raise BadInput(str(path), f"names more than {MOST_PEOPLE:,} people", "split the Bundle")
    return found


def _parts(path: Path, head: bytes) -> Iterator[tuple[str, Element]]:
    """(where, part) of a file with a resource a line, else of a Bundle or a single resource."""
    first, _, rest = head.partition(b"\n")
    if path.suffix.lower() in _LINES or (first.rstrip().endswith(b"}") and rest.startswith(b"{")):
        for number, line in byte_lines(path):
            yield f"{path}:{number}", Element(number, line)
        return
    with opened(path) as stream:
        for part in elements(stream):
            yield f"{path}:entry {part.number}", part


def _text_of(where: str, part: Element, reception: Reception) -> str:
    if part.cut:
        raise BadInput(where, "the file ends within it", "export the file again")
    return line_text(where, part.raw, reception)


def _reports_in(where: str, held: Mapping[str, Any], reception: Reception) -> Iterator[Mapping[str, Any]]:
    """The reports in a resource, in an entry of a Bundle, or in a Bundle that stands in one line."""
    resource = held if "resourceType" in held else held.get("resource")
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        raise BadInput(where, "is no FHIR resource", "give DiagnosticReport resources")
    entries = resource.get("entry")
    if resource["resourceType"] == "DiagnosticReport":
        yield resource
    elif resource["resourceType"] == "Bundle" and isinstance(entries, list):
        for entry in entries:
            yield from _reports_in(where, entry if isinstance(entry, dict) else {}, reception)
    else:
        reception.notice(OTHER_RESOURCE)


@cache
def _model() -> Any:
    from fhir.resources.R4B.diagnosticreport import DiagnosticReport  # takes a while: only where FHIR is read

    return DiagnosticReport


def validated(where: str, resource: Mapping[str, Any]) -> Any:
    """The resource as FHIR R4B defines it, as far as it is read here."""
    try:
        return _model().model_validate({name: resource[name] for name in _READ if resource.get(name)})
    except RecursionError as error:
        raise BadInput(where, "is nested too deeply", "export it again") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        problem = f"is no DiagnosticReport of FHIR R4B{_element_of(error)}"
        raise BadInput(where, problem, "compare it with the definition") from error


def _element_of(error: Exception) -> str:
    """The name of the element that a validation error speaks of, never what the file says there."""
    details = error.errors(include_input=False, include_url=False) if hasattr(error, "errors") else []
    place = str(details[0]["loc"][0]) if details and details[0]["loc"] else ""
    return f" ({place})" if place in _READ else ""
