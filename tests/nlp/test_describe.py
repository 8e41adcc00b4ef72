from __future__ import annotations

import pytest

from models.finding import Region, shipped_findings
from nlp.describe import modality_code, modality_said, region_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("CT - noncontrast", "CT"),
        ("Chest, 2 views", "DX"),
        ("PA and lateral chest x-ray", "DX"),
        ("MR - T2 weighted", "MR"),
        ("MRI brain with and without contrast", "MR"),
        ("Renal ultrasound", "US"),
        ("Bilateral screening mammogram", "MG"),
        ("Bone scan", "NM"),
        ("PET/CT skull base to thigh", "PT"),
        ("CTA head and neck", "CT"),
        ("Upper GI series with barium", "XA"),
        ("Computed radiography of the hand", "CR"),
        ("Drawing", "OT"),
        ("", "OT"),
        ("contract", "OT"),
    ],
)
def test_modality(text: str, code: str) -> None:
    assert modality_code(text) == code


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("Chest, 2 views", Region.CHEST),
        ("CT abdomen and pelvis", Region.ABDOMEN),
        ("MRI brain", Region.NEURO),
        ("Left elbow, 3 views", Region.MUSCULOSKELETAL),
        ("Screening mammogram", Region.BREAST),
        ("Meniscus and cruciate ligaments are intact.", Region.MUSCULOSKELETAL),
        ("", Region.OTHER),
        ("Nothing of note", Region.OTHER),
    ],
)
def test_region(text: str, region: Region) -> None:
    assert region_of(text) is region


def test_findings_tell_the_region_where_the_text_does_not() -> None:
    assert region_of("Two views", [shipped_findings()["pneumothorax"]]) is Region.CHEST


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The lesion is hyperintense on T2 and enhances after gadolinium.", "MR"),
        ("Low attenuation in the liver, 20 HU; the lateral segment is spared.", "CT"),
        ("Hypoechoic nodule with internal flow on Doppler.", "US"),
        ("AP radiograph of the knee: no fracture.", "DX"),
        ("The patient was not seen.", "OT"),
        ("", "OT"),
    ],
)
def test_findings_tell_the_modality_where_no_exam_does(text: str, code: str) -> None:
    assert modality_said(text) == code
