"""Places smaller than a state, and the houses people are treated, taught and employed in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from nlp.patterns import Pattern, any_of, bounded
from nlp.rulebook import read_rules

_ZIP = r"\d{5}(?:-\d{4})?(?![\w-])"
_POSTCODE = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}(?!\w)"
_POSTCODE_ALONE = (
    r"(?:[A-Z]{1,2}\d ?\d[ABD-HJLNP-UW-Z]{2}|[A-Z]{1,2}\d[A-Z\d] ?\d(?!MM|CM|ML|CC|MG|KG|CT|MR|HU|PM|AM)[A-Z]{2})(?!\w)"
)
_CAPITALS = r"[A-ZÀ-Þ][\w'’.-]{1,30}"


def shaped_places() -> Iterator[Pattern]:
    """Patterns that begin with a number or a code."""
    rules, towns = read_rules("rules/identifiers"), read_rules("rules/towns")
    states = any_of([*towns["state_codes"].split(), *(state.strip() for state in towns["states"].split(";"))])
    unit = r"(?:,?\s*(?:Apt|Apartment|Suite|Ste|Unit|Floor|Flat|#)\.?\s*#?\w{1,12})?"
    town = (
        rf"(?:,?[ \t]{{1,4}}(?:[A-Za-zÀ-ÿ'.-]{{2,30}}[ \t]?){{1,3}},?[ \t]{{1,4}}(?:(?:{states})"
        rf"\b\.?,?[ \t]{{0,4}}(?:{_ZIP})?|{_ZIP}|{_POSTCODE})|,[ \t]{{1,4}}{_CAPITALS}(?:[ \t]{_CAPITALS}){{0,2}}"
        rf"(?:,?[ \t](?:{_ZIP}|{_POSTCODE}))?)?"
    )
    words = r"(?:[NSEW]\.?[ \t]{1,3})?(?:(?:(?!VIEWS\b)[A-Z0-9][\w'’-]{0,30}|[A-Z][a-z]{0,2}\.)[ \t]{1,3}){1,4}"
    ends, sure = (
        any_of(rules["street_ends"]),
        any_of(end for end in rules["sure_street_ends"] if end not in ("ct", "pl", "way", "close")),
    )
    yield Pattern(
        "address",
        bounded(rf"(?<![\w.])\d{{1,6}}[A-Za-z]?[ \t]{{1,3}}{words}(?:{ends}|(?:{sure.upper()}))\b\.?{unit}{town}"),
    )
    small = (
        r"(?:[nsew]\.?[ \t]{1,2})?(?:(?!(?:mm|cm|of|in|the|to|and|x|views)\b)(?:[a-z0-9][\w'’-]{0,30}"
        r"|[a-z]{1,3}\.)[ \t]{1,2}){1,4}"
    )
    yield Pattern(
        "address",
        bounded(
            rf"(?<![\w.])\d{{1,6}}[A-Z]?[ \t]{{1,4}}{small}(?:{any_of(rules['sure_street_ends'])})\b\.?{unit}{town}",
            re.I,
        ),
    )
    foreign = any_of(rules["street_starts"])
    yield Pattern(
        "address",
        bounded(
            rf"(?<![\w.])\d{{1,5}}[a-z]?(?:bis|ter)?,?[ \t](?:{foreign})[ \t](?:(?:de|du|des|la|le|les|del|di|da)"
            rf"[ \t]){{0,2}}[\w'’.-]{{2,30}}(?:[ \t]{_CAPITALS}){{0,2}}(?:,[ \t]\d{{4,5}}[ \t][A-Za-zÀ-ÿ'-]{{2,30}}"
            rf"(?:[ \t]{_CAPITALS})?|,[ \t]{_CAPITALS})?",
            re.I,
        ),
    )
    yield Pattern("address", bounded(rf"(?<![\w.-]){_POSTCODE_ALONE}"))
    yield Pattern("zip", bounded(r"(?<![\w.-])\d{5}-\d{4}(?![\w-])"))
    yield Pattern("address", bounded(r"(?<![\w.])\d{1,2} ?(?:West|East|North|South)(?![\w-])(?! (?:of|to)\b)", re.I))
    yield Pattern("address", bounded(r"(?<![\w.])\d{1,2}(?:st|nd|rd|th) floor\b", re.I))


def worded_places() -> Iterator[tuple[str, Pattern]]:
    """(first words, pattern) of those that begin with a word."""
    rules = read_rules("rules/identifiers")
    yield (
        "p|po|post",
        Pattern(
            "address",
            bounded(
                rf"(?:p\.?\s?o\.?|post office)\s+box\s+\d{{1,12}}(?:,\s{_CAPITALS}(?:\s{_CAPITALS}){{0,2}})?", re.I
            ),
        ),
    )
    yield (
        "zip|postal|postcode|post",
        Pattern(
            "zip",
            bounded(
                rf"(?:zip(?:\s?code)?|postal code|postcode|post code)(?:\s*(?:is|[:#]))?\s*(?P<it>{_ZIP}"
                rf"|[A-Z]\d[A-Z]\s?\d[A-Z]\d|{_POSTCODE}|\d{{4,6}}(?!\w))",
                re.I,
            ),
        ),
    )
    yield from _rooms(rules)
    yield from _foreign_streets(rules)
    for labels, kind in (
        ("employment", "institution"),
        ("schooling", "institution"),
        ("place_fields", "address"),
        ("institution_fields", "institution"),
    ):
        first = "|".join({re.split(r"\W", label)[0] for label in rules[labels]})
        colon = r"\s*:\s*" if labels.endswith("fields") else r"(?:\s*:)?\s+(?:the\s+)?(?:local\s+)?"
        yield first, Pattern(kind, bounded(rf"(?:{any_of(rules[labels])}){colon}(?P<it>{_house(rules)})", re.I))
    yield from _address_fields(rules)


def _rooms(rules: Mapping[str, list[str]]) -> Iterator[tuple[str, Pattern]]:
    """Wards, rooms and beds."""
    room = any_of(rules["room_words"])
    firsts = "|".join(dict.fromkeys([*rules["care_units"], *(word.split()[0] for word in rules["room_words"])]))
    units = any_of(rules["care_units"])
    yield (
        firsts,
        Pattern(
            "address",
            bounded(
                rf"(?P<it>(?:(?:{units})[ -])?(?:{room})\.?(?:\s*(?:number|no\.?"
                rf"|[:#]))?\s*(?:\d{{1,5}}(?:[ -]?[A-Za-z]|-\d{{1,4}}[A-Z]?)?|[A-Z]\d{{1,4}}[A-Z]?|[A-Z]{{2}}\d{{1,4}}|"
                rf"(?-i:[A-Z])(?! ?[/.][a-z])|(?<=ward )[b-hj-z](?!\w)))(?![\w]|\.\d| ?(?:mm|cm|ml|hu)\b)",
                re.I,
            ),
        ),
    )


def _foreign_streets(rules: Mapping[str, list[str]]) -> Iterator[tuple[str, Pattern]]:
    """ "Calle Mayor 5, Salamanca"."""
    starts = any_of(rules["street_starts"])
    yield (
        "|".join(rules["street_starts"]),
        Pattern(
            "address",
            bounded(
                rf"(?:{starts})[ \t](?:(?:de|du|des|la|le|les|del|di|da)[ \t]){{0,2}}[\w'’.-]{{2,30}}"
                rf"(?:[ \t]{_CAPITALS}){{0,3}},?[ \t](?:n[º°o.]{{0,2}}[ \t])?\d{{1,4}}(?:,[ \t](?:\d{{4,5}}[ \t])"
                rf"?[A-Za-zÀ-ÿ'-]{{2,30}}(?:[ \t]{_CAPITALS})?)?",
                re.I,
            ),
        ),
    )


def _house(rules: Mapping[str, list[str]]) -> str:
    """A firm's or school's name: up to a stop, with "and Sons", further partners, "Inc."."""
    stops, none = any_of(rules["place_stops"]), any_of(rules["no_employer"])
    word = r"[^\W\d_][\w'’-]{0,30}"
    partners = (
        rf"(?:(?:, ?{word}){{1,3}},?[ ](?:and|&)[ ]{word}|[ ](?:and|&)[ ](?:(?-i:[A-ZÀ-Þ])[\w'’-]{{1,30}}|sons"
        rf"|co|company|brothers|partners|associates|daughters))?"
    )
    form = r"(?:,? (?:inc|llc|llp|ltd|plc|gmbh|co|corp|s\.a)\b\.?)?"
    return rf"(?!(?:{none})\b)[^\W_](?:(?! (?:{stops})\b)[^\n:;,.()\[]|(?<=\bst)\.){{1,50}}{partners}{form}"


def _address_fields(rules: Mapping[str, list[str]]) -> Iterator[tuple[str, Pattern]]:
    """After "address:" and "lives at" all that stands on the line up to a stop."""
    point = (
        r"\.(?![ \t]{0,3}(?:[A-Z]|\n|$))|(?<=apt)\.|(?<=ste)\.|(?<=\bst)\.|(?<=ave)\.|(?<=\brd)\.|(?<=blvd)\.|"
        r"(?<=\bno)\."
    )
    stop = rf"[ \t]{{2}}|\t|[ ](?:{any_of(rules['address_stops'])}|tel|phone|fax|dob|mrn|email|cell|mobile)\b"
    value = rf"(?P<it>(?!(?:{any_of(rules['no_employer'])})\b)[^\W_](?:(?!{stop})(?:[^\n\t|;:.()\[]|{point})){{3,100}})"
    for labels, colon in (
        (rules["address_fields"], r"\s?(?:is\s|[:=])[ \t]{0,9}\n?[ \t]{0,9}"),
        (rules["address_cues"], r"[ \t]{1,4}(?=[\d]|(?-i:[A-Z]))"),
    ):
        first = "|".join({label.split()[0] for label in labels})
        yield (
            first,
            Pattern(
                "address",
                bounded(
                    rf"(?<!email )(?<!e-mail )(?<!mail )(?<!ip )(?<!mac )(?<!web )(?<!network )(?:{any_of(labels)})"
                    rf"{colon}{value}",
                    re.I,
                ),
            ),
        )
