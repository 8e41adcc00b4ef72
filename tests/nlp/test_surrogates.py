"""Invented identifiers: consistent, of the same form, dates with their intervals."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.date_shift import LONGEST, shift_days
from nlp.shifted_dates import shifted
from nlp.surrogates import with_surrogates

SECRET = b"a department's"


def one(text: str, secret: bytes = SECRET, days: int = -30) -> str:
    return with_surrogates(text, secret, days)


def test_names_agree_however_they_are_written() -> None:
    text = "Dr. Hargreaves read it. HARGREAVES, PRIYA signed. P. Hargreaves agrees. Told Priya Hargreaves."
    made = one(text)
    assert "argreaves" not in made.lower() and "priya" not in made.lower()
    surname = re.search(r"Dr\. (\w+) read", made)
    assert surname is not None
    full = re.search(r"Told (\w+) (\w+)\.", made)
    assert full is not None and full[2] == surname[1]
    assert f"{surname[1].upper()}, {full[1].upper()} signed" in made
    assert f"{full[1][0]}. {surname[1]} agrees" in made


def test_another_department_has_other_names() -> None:
    text = "Dr. Hargreaves, Dr. Whitfield and Dr. Kowalczyk saw it."
    assert one(text) == one(text) != one(text, b"another department's")


def test_numbers_keep_their_form() -> None:
    made = one("MRN: AB-004512. SSN 123-45-6789. Call (312) 867-5309.")
    assert re.fullmatch(r"MRN: [A-Z]{2}-\d{6}\. SSN 9\d\d-\d\d-\d{4}\. Call \(\d{3}\) 555-01\d\d\.", made)
    assert not re.search("004512|123-45|867-5309", made)


def test_what_says_where_somebody_is_found_becomes_an_example() -> None:
    made = one(
        "Mail ada@mercy.org, see https://mercy.org/p/7, from 10.2.3.4. Lives at 12 Elm Street. At Mercy Hospital."
    )
    assert "mercy" not in made.lower() and "elm" not in made.lower() and "10.2.3.4" not in made
    assert re.search(r"Mail mail\d+@example\.org, see https://example\.org/\d+, from 192\.0\.2\.\d+\.", made)


def test_ages_over_89_are_one() -> None:
    assert one("A 97-year-old woman and a 88-year-old man.") == "A 90-year-old woman and a 88-year-old man."


def test_a_text_without_identifiers_stays() -> None:
    text = "Swan-Ganz catheter. Baker cyst 3 x 2 cm at L4-5, series 3 image 45. BI-RADS 4."
    assert one(text) == text


@pytest.mark.parametrize(
    ("words", "moved"),
    [
        ("03/14/2019", "02/22/2019"),
        ("3/14/19", "2/22/19"),
        ("14.03.2019", "22.02.2019"),
        ("25/03/2019", "05/03/2019"),
        ("2019-03-14T10:22:11", "2019-02-22T10:22:11"),
        ("20190314", "20190222"),
        ("March 14, 2019", "February 22, 2019"),
        ("the 14th of March 2019", "the 22nd of February 2019"),
        ("14-MAR-2019", "22-FEB-2019"),
        ("14MAR19", "22FEB19"),
        ("March 14", "February 22"),
        ("3/14", "2/22"),
        ("January 2019", "December 2018"),
        ("01/2019", "12/2018"),
    ],
)
def test_a_date_moves_and_keeps_its_form(words: str, moved: str) -> None:
    assert shifted(words, -20) == moved


@pytest.mark.parametrize(
    "words", ["", "soon", "31/02/2019", "14 de marzo de 2019", "the fourth of July nineteen sixty", "1/1/0001"]
)
def test_what_is_no_date_it_knows_is_not_moved(words: str) -> None:
    assert shifted(words, -20) is None
    assert "[date]" in one("Seen on 14 de marzo de 2019.")


@given(st.dates(date(1951, 1, 1), date(2049, 12, 31)), st.integers(0, 400), st.integers(-400, 400))
def test_intervals_stay(first: date, apart: int, days: int) -> None:
    def moved(day: date) -> date:
        return date.fromisoformat(str(shifted(day.isoformat(), days)))

    second = first + timedelta(days=apart)
    assert moved(second) - moved(first) == timedelta(days=apart)
    assert moved(first) == first + timedelta(days=days)


@given(st.text(max_size=30), st.binary(min_size=1, max_size=100))
def test_a_patient_has_one_shift(patient: str, secret: bytes) -> None:
    days = shift_days(secret, patient)
    assert days == shift_days(secret, patient) and -LONGEST <= days <= -1


def test_an_empty_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="secret"):
        shift_days(b"", "P1")
    with pytest.raises(ValueError, match="secret"):
        one("Dr. Hargreaves", b"")


@given(st.text(max_size=120))
def test_any_text_is_taken(text: str) -> None:
    one(text)
