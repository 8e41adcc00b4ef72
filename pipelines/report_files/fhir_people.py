"""Whom a FHIR DiagnosticReport names beside its text.

Source: https://hl7.org/fhir/R4B/references.html (display, contained) and datatypes.html#HumanName.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

_REFERRING = ("subject", "performer", "resultsInterpreter")
_ORGANIZATIONS = ("Organization", "HealthcareService", "Location")
_MOST_PEOPLE = 60
_LONGEST = 120
_PERSONS = ("Patient", "Practitioner", "PractitionerRole", "RelatedPerson", "Person")

Directory = Mapping[str, Sequence[str]]
"""The names of the people of a file by what refers to them: "Patient/31", or the full URL of their entry."""


def may_name(raw: bytes) -> bool:
    """Whether a part of a file may be a person, or hold one."""
    return any(f'"{kind}"'.encode() in raw for kind in _PERSONS)


def entered(held: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """(what refers to a person, the person's names) of a resource, an entry, or a Bundle that stands in one line."""
    resource = held if "resourceType" in held else held.get("resource")
    if not isinstance(resource, dict):
        return
    for entry in _dicts(resource.get("entry")):
        yield from entered(entry)
    kind = resource.get("resourceType")
    if kind in _PERSONS:
        names = [name for name in _named(resource) if isinstance(name, str)]
        for reference in (f"{kind}/{resource.get('id')}", held.get("fullUrl")):
            if isinstance(reference, str) and names:
                yield reference, names


def people(resource: Mapping[str, Any], directory: Directory) -> tuple[str, ...]:
    """The names of all people in the resource, in what it contains, and in entries of the file that it refers to, each
    once; no organisation's."""
    found = (*_referred(resource), *_contained(resource), *_looked_up(resource, directory))
    named = (name.strip()[:_LONGEST] for name in found if isinstance(name, str))
    return tuple(dict.fromkeys(name for name in named if name))[:_MOST_PEOPLE]


def _referred(resource: Mapping[str, Any]) -> Iterator[Any]:
    for field in _REFERRING:
        for reference in _dicts(resource.get(field)):
            place = reference.get("reference")
            kinds = (reference.get("type"), place.split("/")[0] if isinstance(place, str) else "")
            if not any(kind in _ORGANIZATIONS for kind in kinds):
                yield reference.get("display")


def _contained(resource: Mapping[str, Any]) -> Iterator[Any]:
    for held in _dicts(resource.get("contained")):
        if held.get("resourceType") in _ORGANIZATIONS:
            continue
        yield from _named(held)


def _looked_up(resource: Mapping[str, Any], directory: Directory) -> Iterator[Any]:
    for field in _REFERRING:
        for reference in _dicts(resource.get(field)):
            place = reference.get("reference")
            if isinstance(place, str):
                # A server's address may stand before the kind and the id.
                yield from directory.get(place) or directory.get("/".join(place.split("/")[-2:]), ())


def _named(person: Mapping[str, Any]) -> Iterator[Any]:
    for identifier in _dicts(person.get("identifier")):
        yield identifier.get("value")
    for name in _dicts(person.get("name")):
        yield name.get("text")
        yield name.get("family")
        yield from _all(name.get("given"))
    yield from _referred({"subject": person.get("practitioner")})


def _dicts(value: Any) -> Iterable[Mapping[str, Any]]:
    return (each for each in _all(value) if isinstance(each, dict))


def _all(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
