"""The phantoms that can be made, as data: one recipe a finding, look-alike or plain normal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.finding import Region
from synth.abdomen_ct_lesions import make_abdomen_ct
from synth.chest_ct_lesions import make_chest_ct
from synth.chest_radiograph_lesions import make_chest_radiograph
from synth.dicom import Protocol
from synth.examination import Maker
from synth.head_ct_lesions import make_head_ct
from synth.wrist_radiograph import make_wrist


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of examination: who makes its pixels, and how it is described."""

    maker: Maker
    region: Region
    protocol: Protocol


@dataclass(frozen=True, slots=True)
class PhantomRecipe:
    """``finding`` is a key of the findings catalogue, None on a normal; ``variant`` is a harmless look-alike drawn on a
    normal and ``imitates`` the finding it is taken for; ``diagnosis`` is a key of the diagnoses catalogue."""

    key: str
    kind: str
    finding: str | None = None
    diagnosis: str | None = None
    variant: str | None = None
    imitates: str | None = None

    @property
    def region(self) -> Region:
        return KINDS[self.kind].region

    @property
    def modality(self) -> str:
        return KINDS[self.kind].protocol.modality


SOFT, LUNG, BONE_WINDOW = (40, 400, "SOFT TISSUE"), (-600, 1500, "LUNG"), (500, 2000, "BONE")
FILM, BONE_FILM = ((2048, 4096, "STANDARD"),), ((1700, 3200, "STANDARD"),)
KINDS: Mapping[str, Kind] = {
    "chest_radiograph": Kind(
        make_chest_radiograph,
        Region.CHEST,
        Protocol("DX", "CHEST", "Chest PA", "PA", FILM, ("816094009", "Chest"), 120),
    ),
    "chest_ct": Kind(
        make_chest_ct,
        Region.CHEST,
        Protocol("CT", "CHEST", "CT chest with contrast", "", (SOFT, LUNG, BONE_WINDOW), ("816094009", "Chest"), 110),
    ),
    "head_ct": Kind(
        make_head_ct,
        Region.NEURO,
        Protocol(
            "CT", "HEAD", "CT head", "", ((38, 80, "BRAIN"), (70, 200, "BLOOD"), BONE_WINDOW), ("69536005", "Head"), 120
        ),
    ),
    "wrist_radiograph": Kind(
        make_wrist,
        Region.MUSCULOSKELETAL,
        Protocol("DX", "WRIST", "Wrist PA", "PA", BONE_FILM, ("74670003", "Wrist joint"), 55),
    ),
    "abdomen_ct": Kind(
        make_abdomen_ct,
        Region.ABDOMEN,
        Protocol(
            "CT", "ABDOMEN", "CT abdomen portal venous", "", (SOFT, (90, 160, "LIVER")), ("818981001", "Abdomen"), 110
        ),
    ),
}

_CHEST, _CT, _HEAD, _WRIST, _ABDOMEN = KINDS
PHANTOMS: tuple[PhantomRecipe, ...] = (
    PhantomRecipe("film_nodule", _CHEST, "nodule_mass", "lung_cancer"),
    PhantomRecipe("film_pneumothorax", _CHEST, "pneumothorax", "pneumothorax"),
    PhantomRecipe("film_effusion", _CHEST, "pleural_effusion"),
    PhantomRecipe("film_consolidation", _CHEST, "consolidation", "community_acquired_pneumonia"),
    PhantomRecipe("film_atelectasis", _CHEST, "atelectasis", "atelectasis"),
    PhantomRecipe("film_hiatal_hernia", _CHEST, "hiatal_hernia", "hiatal_hernia"),
    PhantomRecipe("film_cardiomegaly", _CHEST, "cardiomegaly", "cardiomyopathy"),
    PhantomRecipe("film_normal", _CHEST),
    PhantomRecipe("film_nipple_shadows", _CHEST, variant="nipple_shadows", imitates="nodule_mass"),
    PhantomRecipe("film_skin_fold", _CHEST, variant="skin_fold", imitates="pneumothorax"),
    PhantomRecipe("film_fat_pad", _CHEST, variant="fat_pad", imitates="consolidation"),
    PhantomRecipe("ct_nodule", _CT, "nodule_mass", "lung_cancer"),
    PhantomRecipe("ct_embolus", _CT, "pulmonary_embolus", "pulmonary_embolism"),
    PhantomRecipe("ct_effusion", _CT, "pleural_effusion"),
    PhantomRecipe("ct_normal", _CT, imitates="pulmonary_embolus"),
    PhantomRecipe("head_epidural", _HEAD, "epidural_hematoma", "epidural_hematoma"),
    PhantomRecipe("head_subdural", _HEAD, "subdural_hematoma", "subdural_hematoma"),
    PhantomRecipe("head_intraparenchymal", _HEAD, "intraparenchymal_hemorrhage", "cerebral_hemorrhage"),
    PhantomRecipe("head_subarachnoid", _HEAD, "subarachnoid_hemorrhage", "ruptured_aneurysm"),
    PhantomRecipe("head_infarct", _HEAD, "brain_infarct", "ischemic_stroke"),
    PhantomRecipe("head_normal", _HEAD, imitates="subdural_hematoma"),
    PhantomRecipe(
        "head_calcification", _HEAD, variant="physiological_calcification", imitates="intraparenchymal_hemorrhage"
    ),
    PhantomRecipe("wrist_radius", _WRIST, "wrist_fracture", "wrist_fracture"),
    PhantomRecipe("wrist_scaphoid", _WRIST, "scaphoid_fracture", "wrist_fracture"),
    PhantomRecipe("wrist_normal", _WRIST, imitates="scaphoid_fracture"),
    PhantomRecipe("wrist_growth_plate_scar", _WRIST, variant="growth_plate_scar", imitates="wrist_fracture"),
    PhantomRecipe("abdomen_liver_lesion", _ABDOMEN, "liver_lesion", "liver_metastases"),
    PhantomRecipe("abdomen_stone", _ABDOMEN, "urinary_stone", "urolithiasis"),
    PhantomRecipe("abdomen_renal_mass", _ABDOMEN, "renal_mass", "renal_cell_carcinoma"),
    PhantomRecipe("abdomen_normal", _ABDOMEN, imitates="urinary_stone"),
    PhantomRecipe("abdomen_focal_fat", _ABDOMEN, variant="focal_fat", imitates="liver_lesion"),
)


def recipe(key: str) -> PhantomRecipe:
    """The recipe of that key. Raises KeyError with the keys there are."""
    for entry in PHANTOMS:
        if entry.key == key:
            return entry
    raise KeyError(f"no phantom recipe {key!r}; there are {', '.join(entry.key for entry in PHANTOMS)}")
