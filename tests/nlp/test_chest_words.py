"""How departments of several countries write the chest findings, and what only sounds like one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.finding import Assertion, Observation, shipped_findings

Read = Callable[[str], list[Observation]]


def said(observations: list[Observation], assertion: Assertion = Assertion.PRESENT) -> set[str]:
    return {seen.finding for seen in observations if seen.assertion is assertion}


@pytest.mark.parametrize(
    ("finding", "texts"),
    [
        ("cardiomegaly", ["CTR is increased.", "Heart moderately enlarged.", "A big heart.", "Enlarged left atrium."]),
        ("pleural_effusion", ["Obliterated right CP angle.", "Fluid in the left hemithorax.", "Bilateral effusions."]),
        ("pneumothorax", ["A visceral pleural line is seen.", "Left apical PTX."]),
        (
            "opacity",
            ["Patchy shadowing in the right mid zone.", "White-out of the left lung.", "Lower lobe is opaque."],
        ),
        ("consolidation", ["The middle lobe is consolidated.", "Consolidatory change at the left base."]),
        ("atelectasis", ["Collapse at the left base.", "Plate-like atelectasis."]),
        ("edema", ["Bat wing shadowing.", "Alveolar oedema.", "Kerley lines."]),
        ("vascular_congestion", ["Upper lobe blood diversion.", "Engorged pulmonary vessels.", "Cephalised vessels."]),
        ("pneumonia", ["Pneumonic patch in the lingula.", "Infective consolidation."]),
        ("nodule_mass", ["Coin lesion in the left mid zone.", "Right hilar mass.", "A nodule over the left heart."]),
        ("fracture", ["Wedge compression of L1.", "Healing fracture of the clavicle.", "Non-displaced rib fracture."]),
        ("granuloma", ["Granulomatous sequelae.", "Calcified granulomata."]),
        ("emphysema_copd", ["Chronic obstructive airways disease.", "Bullous emphysema."]),
        ("hyperinflation", ["Large lung volumes.", "Flattened domes of the diaphragm.", "Hyperaeration."]),
        (
            "hypoinflation",
            ["Expiratory film.", "Lung volumes are slightly on the low side.", "Lungs are underexpanded."],
        ),
        ("scoliosis", ["A rightward curve of the thoracic spine.", "Scoliotic deformity."]),
        ("kyphosis", ["Dorsal kyphosis.", "Kyphotic curvature of the thoracic spine."]),
        ("hiatal_hernia", ["Hiatus hernia.", "Paraoesophageal hernia."]),
        ("scar", ["Fibrotic bands in the right upper zone.", "Fibrocalcific change.", "Pleural scarring."]),
        ("atherosclerosis", ["Calcified aortic knuckle.", "Atheromatous aorta."]),
        ("degenerative_spine", ["Dorsal spondylosis.", "DJD of the spine.", "Bridging syndesmophytes."]),
        ("tortuous_aorta", ["Aortic unfolding.", "Tortuosity of the abdominal aorta."]),
        ("pleural_thickening", ["Thickened horizontal fissure.", "Mild biapical thickening."]),
        ("diaphragm_elevated", ["Raised left dome of diaphragm.", "High-riding right hemidiaphragm."]),
    ],
)
def test_each_department_is_understood(read: Read, finding: str, texts: list[str]) -> None:
    catalogue = shipped_findings()
    missed = [text for text in texts if not any(catalogue.is_a(key, finding) for key in said(read(text)))]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Normal thoracic kyphosis.", set()),
        ("The lung volumes are low normal.", set()),
        ("Small volume pleural effusions.", {"pleural_effusion"}),
        ("Cystic fibrosis.", set()),
        ("Wedge-shaped opacity in the left upper lobe.", {"opacity"}),
        ("The lateral fixation screw is fractured.", {"hardware_failure"}),
        ("Osteophytes of the left hip.", {"joint_degeneration"}),
        ("Prominent left ventricular contour.", set()),
        ("Bullous disease of the apices.", {"bulla"}),
        ("A cystic lesion in the right lung.", {"bulla"}),
        ("Calcified right hilar lymph nodes.", {"calcified_lymph_node"}),
        ("Left hydropneumothorax.", {"pleural_effusion", "pneumothorax"}),
    ],
)
def test_what_sounds_alike_is_kept_apart(read: Read, text: str, expected: set[str]) -> None:
    assert said(read(text)) == expected


@pytest.mark.parametrize(
    ("text", "assertion"),
    [
        ("Lungs are expanded and clear airspace disease.", Assertion.ABSENT),
        ("There is no pneumothorax the lungs are hyperinflated.", Assertion.PRESENT),
        ("Non-specific opacity in the left lung.", Assertion.PRESENT),
        ("An indeterminate nodule in the left lung.", Assertion.PRESENT),
        ("No other fractures.", Assertion.ABSENT),
        ("There is possible atelectasis.", Assertion.UNCERTAIN),
        ("Scarring of the lung with possible spasm.", Assertion.PRESENT),
        ("Without significant interval change of the atelectasis.", Assertion.PRESENT),
        ("Follow up to ensure resolution and exclude an underlying mass in the lung.", Assertion.HYPOTHETICAL),
        ("Correlate clinically for pneumonia.", Assertion.HYPOTHETICAL),
        ("Atelectasis was seen on the prior examination.", Assertion.PRIOR),
        ("Post-obstructive atelectasis.", Assertion.PRESENT),
        ("A lung nodule on the frontal view, not seen on the lateral view.", Assertion.PRESENT),
        ("A lung nodule is not seen.", Assertion.ABSENT),
    ],
)
def test_what_is_said_of_it(read: Read, text: str, assertion: Assertion) -> None:
    assert read(text)[-1].assertion is assertion
