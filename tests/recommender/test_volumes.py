"""How often a reader meets a finding: by their own reports, else by stated reads, else by the department's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.volume import ReportCount, Volume
from recommender.volumes import Basis, Monthly, volumes_of

PARENTS = {"rib_fracture": "fracture"}


def count(month: str, modality: str, finding: str, reports: int, reader: str = "r") -> ReportCount:
    return ReportCount(reader, month, modality, finding, reports)


def department(**shown: int) -> list[ReportCount]:
    """A thousand chest films of ten readers, with what some of them show."""
    return [count("", "DX", "", 1000, ""), *(count("", "DX", finding, n, "") for finding, n in shown.items())]


def test_own_reports_tell_a_months_volume() -> None:
    own = [count(month, "DX", "", 400) for month in ("2026-01", "2026-02")]
    own += [count("2026-01", "DX", "nodule", 30), count("2026-02", "DX", "nodule", 10)]
    told = volumes_of(own, [], department(nodule=50), 10, 12)
    assert told["nodule"].basis is Basis.OWN
    assert told["nodule"].reads == pytest.approx(20, rel=0.02)


def test_a_finding_absent_from_ones_own_many_reports_is_rare_however_common_elsewhere() -> None:
    own = [count("2026-01", "DX", "", 2000)]
    told = volumes_of(own, [], department(nodule=500), 10, 12)
    assert told["nodule"].reads < 0.01 * 2000 and told["nodule"].basis is Basis.OWN


def test_few_reports_of_ones_own_say_little_against_the_departments_share() -> None:
    own = [count("2026-01", "DX", "", 2), count("2026-01", "DX", "nodule", 2)]
    told = volumes_of(own, [], department(nodule=50), 10, 12)
    assert 2 * 0.05 < told["nodule"].reads < 2 * 0.25


def test_stated_reads_take_the_departments_share_of_their_modality() -> None:
    stated = [Volume("r", "2026-01", "DX", 300), Volume("r", "2026-02", "DX", 100), Volume("r", "2026-01", "MR", 50)]
    told = volumes_of([], stated, department(nodule=50), 10, 12)
    assert told == {"nodule": Monthly(pytest.approx(200 * 0.05), Basis.OWN)}


def test_own_reports_of_a_modality_come_before_what_is_stated_of_it() -> None:
    own = [count("2026-01", "DX", "", 400)]
    stated = [Volume("r", "2026-01", "DX", 9_999), Volume("r", "2026-01", "CT", 100)]
    every = [*department(nodule=100), count("", "CT", "", 100, ""), count("", "CT", "nodule", 50, "")]
    told = volumes_of(own, stated, every, 10, 12)
    assert told["nodule"].reads == pytest.approx(400 * (20 * 0.1) / 420 + 100 * 0.5)


def test_a_reader_of_whom_nothing_is_known_meets_what_an_average_one_does() -> None:
    told = volumes_of([], [], department(nodule=240), readers=10, months=12)
    assert told == {"nodule": Monthly(pytest.approx(2.0), Basis.DEPARTMENT)}


def test_nothing_counted_leaves_the_catalogue() -> None:
    assert volumes_of([], [Volume("r", "2026-01", "DX", 300)], [], 0, 0) == {}


def test_undated_reports_of_ones_own_give_no_rate_of_their_own() -> None:
    told = volumes_of([count("", "DX", "", 400), count("", "DX", "nodule", 40)], [], department(nodule=240), 10, 12)
    assert told["nodule"].basis is Basis.DEPARTMENT


def test_a_child_counts_for_its_parent_too() -> None:
    told = volumes_of([], [], department(rib_fracture=120, fracture=60), 10, 1, PARENTS)
    assert told["fracture"].reads == pytest.approx(18) and told["rib_fracture"].reads == pytest.approx(12)
    assert volumes_of([], [], department(rib_fracture=900, fracture=900), 10, 1, PARENTS)["fracture"].reads == 100


def test_a_circle_of_parents_ends() -> None:
    assert set(volumes_of([], [], department(a=10), 1, 1, {"a": "b", "b": "a"})) == {"a", "b"}


@given(
    own=st.lists(
        st.tuples(st.sampled_from(["", "2026-01", "2026-02"]), st.sampled_from(["", "nodule", "rib_fracture"]))
    ),
    reports=st.integers(1, 500),
    readers=st.integers(0, 5),
)
def test_volumes_are_never_negative_nor_more_than_is_read(
    own: list[tuple[str, str]], reports: int, readers: int
) -> None:
    counts = [count(month, "DX", finding, reports) for month, finding in own]
    told = volumes_of(counts, [], department(nodule=400, rib_fracture=300), readers, readers, PARENTS)
    most = max(1000.0, sum(each.reports for each in counts if not each.finding))
    assert all(0 <= monthly.reads <= most for monthly in told.values())
