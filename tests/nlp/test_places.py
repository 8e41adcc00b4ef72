from __future__ import annotations

from collections.abc import Callable

import pytest

from models.finding import Observation, Side, shipped_sites, site_code
from nlp.attribute_rules import SITE, shipped_attributes
from nlp.rulebook import read_rules
from nlp.tokens import tokens_of

Read = Callable[[str], list[Observation]]


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("Nodule in the right upper lobe of the lung.", "upper lobe"),
        ("Lung nodule in the apical segment of the right upper lobe.", "apical segment"),
        ("RUL lung nodule.", "upper lobe"),
        ("Atelectasis at the left lung base.", "lung base"),
        ("Bibasilar atelectasis.", "lung base"),
        ("Blunting of the left costophrenic angle.", "costophrenic angle"),
        ("Pleural effusion.", "pleura"),
        ("The heart is enlarged.", "heart"),
        ("Compression fracture of T12.", "t12"),
        ("Hypodense liver lesion in segment VII.", "segment 7 of the liver"),
        ("Enhancing mass in the left frontal lobe.", "frontal lobe"),
        ("T2 hyperintense mass in the brain.", "brain"),
        ("Tear of the posterior horn of the medial meniscus.", "posterior horn of the medial meniscus"),
        ("Tear of the medial meniscus.", "medial meniscus"),
        ("L4-L5 disc herniation.", "l4-l5"),
        ("Disc herniation at L5/S1.", "l5-s1"),
        ("Disc herniation at C5-6.", "c5-c6"),
        ("Fracture of the left 6th rib.", "sixth rib"),
        ("Mass in the head of the pancreas.", "pancreatic head"),
        ("Stone in the lower pole of the left kidney.", "lower pole"),
        ("Mass in the upper outer quadrant of the left breast.", "upper outer quadrant"),
        ("Enhancing mass in the right cerebellopontine angle.", "cerebellopontine angle"),
        ("Gallstone in the gallbladder neck.", "gallbladder neck"),
        ("Fracture of the base of the fifth metatarsal.", "base of the fifth metatarsal"),
        ("Nodule in the left lobe of the thyroid.", "thyroid lobe"),
        ("Infrarenal abdominal aortic aneurysm.", "infrarenal aorta"),
        ("Small subdural hematoma along the left convexity.", "convexity"),
        ("Infarct in the left MCA territory.", "middle cerebral artery"),
        ("Chest radiograph: pneumothorax.", None),
    ],
)
def test_the_most_exact_place(read: Read, text: str, site: str | None) -> None:
    assert {seen.site for seen in read(text)} == {site}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lung nodule in the right upper lobe and effusion at the left base.",
         {"nodule_mass": "upper lobe", "pleural_effusion": "lung base"}),
        ("In the left lower lobe there is a small lung nodule and a scar.",
         {"nodule_mass": "lower lobe", "scar": "lower lobe"}),
        ("Scar or atelectasis in the lingula.", {"scar": "lingula", "atelectasis": "lingula"}),
        ("Catheter tip in the superior vena cava; no rib fracture.", {"rib_fracture": "rib"}),
        ("Disc protrusion at L3-4 causing spinal canal stenosis.",
         {"disc_herniation": "l3-l4", "spinal_stenosis": "spinal canal"}),
        ("Mass in the left kidney with stones in the gallbladder.",
         {"renal_mass": "kidney", "gallstones": "gallbladder"}),
    ],
)  # fmt: skip
def test_each_finding_has_its_own_place(read: Read, text: str, expected: dict[str, str]) -> None:
    assert {seen.finding: seen.site for seen in read(text)} == expected


def test_a_side_gives_the_code_of_that_side_where_there_is_one() -> None:
    assert site_code("upper lobe", Side.RIGHT) == shipped_sites()["right upper lobe"] != ""
    assert site_code("upper lobe", Side.LEFT) == shipped_sites()["left upper lobe"]
    assert site_code("upper lobe") == site_code("upper lobe", Side.BILATERAL) == ""
    assert site_code("kidney", Side.LEFT) == shipped_sites()["kidney"]
    assert site_code("no such place") == ""


def test_every_word_leads_to_a_place_of_the_list() -> None:
    rules, places = read_rules("rules/sites"), shipped_sites()
    assert len(places) > 900
    assert {*rules["broad"], *rules["organs"].values(), *rules["words"]} <= places.keys()
    assert rules["organs"].keys() <= {place for region in read_rules("rules/organs").values() for place in region}


@pytest.mark.parametrize("place", sorted(shipped_sites()))
def test_a_place_is_found_by_its_own_name(place: str) -> None:
    side, _, rest = place.partition(" ")
    name = rest if side in set(Side) and rest in shipped_sites() else place
    if place in ("t1", "t2"):  # the weighting of a sequence, unless a vertebra is named
        place += " vertebra"
    found = shipped_attributes().phrases.read(tokens_of(f"seen near the {place}.")).of(SITE)
    assert name in {hit.value for hit in found} or name.removeprefix("segment 1 of the ") == "liver"
