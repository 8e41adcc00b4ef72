"""How often a reader meets a finding: by their own reports, else by stated reads, else by the department's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.volume import ReportCount, Volume
from recommender.volumes import Basis, Monthly, department_volume, volumes_of

PARENTS = {"rib_fracture": "fracture"}


def count(month: str, modality: str, finding: str, reports: int, reader: str = "r") -> ReportCount:
    return ReportCount(reader, month, modality, finding, reports)


def department(**shown: int) -> list[ReportCount]:
    """A thousand chest films of ten readers, with what some of them show."""
    return [count("", "DX", "", 1000, ""), *(count("", "DX", finding, n, "") for finding, n in shown.items())]


def test_own_reports_tell_a_months_volume() -> None:
    own = [count(month, "DX", "", 400) for month in ("2026-01", "2026-02")]
    own += [count("2026-01", "DX", "nodule", 30), count("2026-02", "DX", "nodule", 10)]
    told = volumes_of(own, [], department(nodule=50), 120)
    assert told["nodule"].basis is Basis.OWN
    assert told["nodule"].reads == pytest.approx(20, rel=0.02)


def test_a_finding_absent_from_ones_own_many_reports_is_rare_however_common_elsewhere() -> None:
    own = [count("2026-01", "DX", "", 2000)]
    told = volumes_of(own, [], department(nodule=500), 120)
    assert told["nodule"].reads < 0.01 * 2000 and told["nodule"].basis is Basis.OWN


def test_few_reports_of_ones_own_say_little_against_the_departments_share() -> None:
    own = [count("2026-01", "DX", "", 2), count("2026-01", "DX", "nodule", 2)]
    told = volumes_of(own, [], department(nodule=50), 120)
    assert 2 * 0.05 < told["nodule"].reads < 2 * 0.25


def test_stated_reads_take_the_departments_share_of_their_modality() -> None:
    stated = [Volume("r", "2026-01", "DX", 300), Volume("r", "2026-02", "DX", 100), Volume("r", "2026-01", "MR", 50)]
    told = volumes_of([], stated, department(nodule=50), 120)
    assert told == {"nodule": Monthly(pytest.approx(200 * 0.05), Basis.OWN)}


def test_what_is_stated_tells_how_much_and_own_reports_what_share() -> None:
    """One report that happened to be mined does not undo two hundred stated reads."""
    stated = [Volume("r", "2026-01", "DX", 200)]
    few = volumes_of([count("2026-01", "DX", "", 1)], stated, department(nodule=50), 120)
    assert few["nodule"].reads == pytest.approx(200 * 0.05, rel=0.1)
    many = [count("2026-01", "DX", "", 2000), count("2026-01", "DX", "nodule", 400)]
    assert volumes_of(many, stated, department(nodule=50), 120)["nodule"].reads == pytest.approx(200 * 0.2, rel=0.02)


def test_own_reports_tell_of_modalities_of_which_nothing_is_stated() -> None:
    own = [count("2026-01", "DX", "", 400)]
    every = [*department(nodule=100), count("", "CT", "", 100, ""), count("", "CT", "nodule", 50, "")]
    told = volumes_of(own, [Volume("r", "2026-01", "CT", 100)], every, 120)
    assert told["nodule"].reads == pytest.approx(400 * (20 * 0.1) / 420 + 100 * 0.5)


def test_radiographs_are_one_kind_of_work_whatever_their_code() -> None:
    stated = [Volume("r", "2026-01", "CR", 300), Volume("r", "2026-01", "XR", 240)]
    assert volumes_of([], stated, department(nodule=100), 120)["nodule"].reads == pytest.approx(54)


def test_a_part_of_a_month_at_either_end_is_left_out() -> None:
    def told(**reads: int) -> float:
        stated = [Volume("r", f"2026-{month[1:]}", "DX", number) for month, number in reads.items()]
        return volumes_of([], stated, department(nodule=500), 120)["nodule"].reads * 2

    assert told(m01=200, m02=210, m03=7) == pytest.approx(205)
    assert told(m01=9, m02=200, m03=200, m04=210) == pytest.approx(610 / 3)
    assert told(m01=200, m02=7) == pytest.approx(103.5), "of two months neither is known to be whole"
    assert told(m01=200, m02=0, m03=200) == pytest.approx(400 / 3), "a month off is a month"


def test_a_finding_in_no_report_of_many_is_rare_and_of_few_unknown() -> None:
    practised = {"nodule": ("DX", "CT"), "bone_cyst": ("CR",), "torsion": ("US",), "dissection": ("CT", "DX")}
    stated = [Volume("r", "2026-01", "DX", 300)]
    told = volumes_of([], stated, department(nodule=50), 120, practised=practised)
    assert told["bone_cyst"] == Monthly(pytest.approx(300 * 0.5 / 1001), Basis.OWN)
    assert "torsion" not in told, "no report of its modality says anything of it"
    few = volumes_of([], stated, [count("", "DX", "", 3, "")], 1, practised=practised)
    assert few["bone_cyst"] == Monthly(1.0, Basis.CATALOGUE)
    average = volumes_of([], [], department(nodule=240), 120, practised=practised)
    assert average["bone_cyst"].reads == pytest.approx(0.5 * 1000 / 1001 / 120)
    assert average["nodule"].reads == pytest.approx(2) and "dissection" not in average


def test_reports_without_author_or_date_enter_the_shares_alone() -> None:
    dated = [count("", "DX", "", 100, ""), count("", "DX", "nodule", 24, "")]
    volume = department_volume(department(nodule=50), dated, 12, {})
    assert volume.a_month["nodule"] == pytest.approx(2) and volume.shares["DX"]["nodule"] == pytest.approx(0.05)


def test_a_reader_of_whom_nothing_is_known_meets_what_an_average_one_does() -> None:
    told = volumes_of([], [], department(nodule=240), reader_months=120)
    assert told == {"nodule": Monthly(pytest.approx(2.0), Basis.DEPARTMENT)}


def test_nothing_counted_leaves_the_catalogue() -> None:
    assert volumes_of([], [Volume("r", "2026-01", "DX", 300)], [], 0) == {}


def test_undated_reports_of_ones_own_give_no_rate_of_their_own() -> None:
    told = volumes_of([count("", "DX", "", 400), count("", "DX", "nodule", 40)], [], department(nodule=240), 120)
    assert told["nodule"].basis is Basis.DEPARTMENT


def test_a_child_counts_for_its_parent_too() -> None:
    told = volumes_of([], [], department(rib_fracture=120, fracture=60), 10, PARENTS)
    assert told["fracture"].reads == pytest.approx(18) and told["rib_fracture"].reads == pytest.approx(12)
    assert volumes_of([], [], department(rib_fracture=900, fracture=900), 10, PARENTS)["fracture"].reads == 100


def test_a_circle_of_parents_ends() -> None:
    assert set(volumes_of([], [], department(a=10), 1, {"a": "b", "b": "a"})) == {"a", "b"}


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
    told = volumes_of(counts, [], department(nodule=400, rib_fracture=300), readers, PARENTS)
    most = max(1000.0, sum(each.reports for each in counts if not each.finding))
    assert all(0 <= monthly.reads <= most for monthly in told.values())
