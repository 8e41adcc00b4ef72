"""Whom a FHIR DiagnosticReport names beside its text.

Source: https://hl7.org/fhir/R4B/references.html (display, contained) and datatypes.html#HumanName.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_REFERRING = ("subject", "performer", "resultsInterpreter")
_ORGANIZATIONS = ("Organization", "HealthcareService", "Location")
_MOST_PEOPLE = 60
_LONGEST = 120


def people(resource: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of all people in the resource and in what it contains, each once; no organisation's."""
    found = (*_referred(resource), *_contained(resource))
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
        for identifier in _dicts(held.get("identifier")):
            yield identifier.get("value")
        for name in _dicts(held.get("name")):
            yield name.get("text")
            yield name.get("family")
            yield from (each for each in _all(name.get("given")))
        yield from _referred({"subject": held.get("practitioner")})


def _dicts(value: Any) -> Iterable[Mapping[str, Any]]:
    return (each for each in _all(value) if isinstance(each, dict))


def _all(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
