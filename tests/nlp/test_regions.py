"""Sentences of every region, as other departments write them: each says one finding, and names no other by accident."""

from __future__ import annotations

import pytest

from models.diagnosis import shipped_diagnoses
from models.finding import Assertion, shipped_findings
from models.report import SectionName, join_sections
from nlp.miner import Miner

FINDINGS = [
    # brain
    ("There is a 3 cm ring-enhancing lesion in the left frontal lobe with surrounding vasogenic oedema.", "brain_mass"),
    ("The lesion in the right parietal lobe shows avid enhancement after gadolinium.", "brain_mass"),
    ("Marked vasogenic oedema surrounds the tumour.", "brain_edema"),
    ("Restricted diffusion in the left insula with low ADC values.", "restricted_diffusion"),
    ("The cortex of the left temporal lobe is hyperintense on FLAIR.", "brain_signal"),
    ("T2 hyperintensity is seen in both hippocampi.", "brain_signal"),
    ("There is 8 mm of midline shift to the right.", "mass_effect"),
    ("The lateral ventricles are dilated out of proportion to the sulci.", "hydrocephalus"),
    ("Multiple punctate foci of susceptibility in keeping with microhaemorrhages.", "microhemorrhage"),
    ("Crescentic hyperdense collection along the left convexity, a subdural haematoma.", "subdural_hematoma"),
    ("Haemorrhage in the left basal ganglia measuring 4 cm.", "intraparenchymal_hemorrhage"),
    ("Diffuse leptomeningeal enhancement over the brainstem.", "meningeal_enhancement"),
    ("Ovoid periventricular lesions perpendicular to the ventricles.", "white_matter_lesions"),
    ("A 7 mm aneurysm arises from the anterior communicating artery.", "cerebral_aneurysm"),
    ("High-grade stenosis of the left internal carotid artery.", "cerebral_vessel_occlusion"),
    ("The superior sagittal sinus shows a filling defect.", "dural_sinus_thrombosis"),
    ("The corpus callosum is absent.", "brain_malformation"),
    ("The cerebellar tonsils lie 12 mm below the foramen magnum.", "brain_malformation"),
    ("Volume loss of the left hippocampus.", "brain_atrophy"),
    ("Enlarged pituitary gland with upward convexity.", "sellar_mass"),
    ("Enhancing mass in the right cerebellopontine angle.", "extra_axial_mass"),
    # head, neck and spine
    ("The right maxillary sinus is completely opacified.", "sinus_opacification"),
    ("The extraocular muscles are thickened on both sides.", "orbital_abnormality"),
    ("Necrotic lymph nodes at level II of the left neck.", "neck_mass"),
    ("Heterogeneous mass in the superficial lobe of the parotid gland.", "neck_mass"),
    ("Hypoechoic nodule in the left thyroid lobe with microcalcifications.", "thyroid_nodule"),
    ("Soft tissue in the epitympanum erodes the ossicles.", "temporal_bone_abnormality"),
    ("The cord is expanded and shows high T2 signal from C3 to C6.", "cord_lesion"),
    ("Rim-enhancing epidural collection from L3 to L5 compresses the thecal sac.", "spinal_collection"),
    ("Broad-based disc protrusion at L4-5.", "disc_herniation"),
    ("The neural foramina are severely narrowed at C5-6.", "spinal_stenosis"),
    ("Thickened, enhancing nerve roots of the cauda equina.", "nerve_abnormality"),
    ("Grade 1 anterolisthesis of L5 on S1.", "spondylolisthesis"),
    # abdomen and pelvis
    ("Hypodense lesion in segment VI of the liver with peripheral nodular enhancement.", "liver_lesion"),
    ("Simple cysts are scattered through the liver.", "liver_lesion"),
    ("The intrahepatic bile ducts are dilated.", "biliary_dilatation"),
    ("The gallbladder wall is thickened to 6 mm with pericholecystic fluid.", "gallbladder_wall_thickening"),
    ("Fat stranding about the pancreatic tail.", "fat_stranding"),
    ("The pancreatic duct is dilated to 8 mm.", "pancreatic_duct_dilatation"),
    ("Left-sided hydroureteronephrosis down to a 5 mm calculus at the vesicoureteric junction.", "hydronephrosis"),
    ("A 5 mm calculus lies at the left vesicoureteric junction.", "urinary_stone"),
    ("Solid enhancing mass at the lower pole of the left kidney.", "renal_mass"),
    ("Wedge-shaped areas of reduced enhancement in the right kidney.", "renal_perfusion_defect"),
    ("The wall of the terminal ileum is thickened and enhances.", "bowel_wall_thickening"),
    ("Dilated small bowel loops with a transition point in the pelvis.", "bowel_obstruction"),
    ("Free intraperitoneal gas beneath the diaphragm.", "pneumoperitoneum"),
    ("The appendix measures 12 mm and is noncompressible.", "appendix_abnormal"),
    ("Moderate volume of free fluid in the pouch of Douglas.", "ascites"),
    ("Nodular soft tissue deposits along the omentum.", "peritoneal_nodularity"),
    ("A 4 cm heterogeneous adrenal mass on the left.", "adrenal_nodule"),
    ("Enlarged para-aortic lymph nodes.", "abdominal_lymphadenopathy"),
    ("Complex septated cyst in the right ovary.", "adnexal_mass"),
    ("The endometrium measures 18 mm and is thickened.", "uterine_mass"),
    ("Multiple intramural fibroids.", "uterine_mass"),
    ("Hypoechoic mass in the right testis with internal flow.", "testicular_mass"),
    ("Thrombus fills the left femoral vein, which is not compressible.", "venous_thrombosis"),
    ("Filling defect in the main portal vein.", "venous_thrombosis"),
    ("The coeliac axis shows a tight stenosis at its origin.", "arterial_stenosis"),
    ("The superficial femoral artery is occluded in the mid thigh.", "arterial_stenosis"),
    ("A 2 cm aneurysm of the splenic artery.", "visceral_aneurysm"),
    ("The popliteal artery is aneurysmal at 3 cm.", "visceral_aneurysm"),
    ("Laceration of the spleen extending to the hilum.", "organ_laceration"),
    ("Wall thickening of the urinary bladder.", "bladder_abnormality"),
    # bones, joints, muscles
    ("Lucent lesion with a narrow zone of transition in the proximal tibia.", "lytic_lesion"),
    ("Permeative destruction of the distal femur.", "lytic_lesion"),
    ("Lamellated periosteal reaction along the femoral diaphysis.", "periosteal_reaction"),
    ("Bone marrow oedema in the medial femoral condyle.", "bone_marrow_edema"),
    ("Marrow oedema of the talus.", "bone_marrow_edema"),
    ("Horizontal tear of the posterior horn of the medial meniscus.", "meniscal_tear"),
    ("The anterior cruciate ligament is discontinuous.", "cruciate_tear"),
    ("Full-thickness tear of the supraspinatus tendon with 2 cm retraction.", "rotator_cuff_tear"),
    ("The Achilles tendon is torn 4 cm above its insertion.", "tendon_tear"),
    ("The patellar tendon is thickened proximally.", "tendinopathy"),
    ("Detachment of the anteroinferior glenoid labrum.", "labral_tear"),
    ("Moderate knee joint effusion.", "joint_effusion"),
    ("Full-thickness cartilage loss over the medial femoral condyle.", "cartilage_loss"),
    ("Fatty atrophy of the infraspinatus muscle.", "muscle_atrophy"),
    ("The humeral head is dislocated anteriorly.", "dislocation"),
    ("Subluxation of the radial head.", "dislocation"),
    ("Serpiginous subchondral sclerosis of the femoral heads.", "osteonecrosis"),
    ("Marginal erosions of the metacarpal heads.", "joint_erosion"),
    ("Lobulated fat-containing mass in the deltoid muscle.", "soft_tissue_mass"),
    ("Several metallic fragments project over the thigh.", "foreign_body"),
    ("Gas tracks along the fascial planes of the thigh.", "soft_tissue_gas"),
    # breast
    ("Spiculated mass in the upper outer quadrant of the left breast.", "breast_mass"),
    ("Pleomorphic microcalcifications in a segmental distribution.", "breast_calcifications"),
    ("Anechoic cyst at three o'clock in the right breast.", "breast_cyst"),
    ("Enlarged axillary lymph node with loss of its fatty hilum.", "axillary_lymphadenopathy"),
    ("Segmental non-mass enhancement in the right breast.", "breast_enhancement"),
]

NOTHING = [
    "The calculus casts posterior acoustic shadowing.",
    "Fatty infiltration of the marrow.",
    "Normal enhancement of the bowel wall and kidneys.",
    "There is good opacification of the renal veins.",
]


def shown(miner: Miner, text: str) -> set[str]:
    report = join_sections(((SectionName.FINDINGS, text),))
    return {seen.finding for seen in miner.observations(report) if seen.assertion is Assertion.PRESENT}


@pytest.mark.parametrize(("text", "finding"), FINDINGS, ids=[text[:40] for text, _ in FINDINGS])
def test_a_finding_of_any_region_is_found(miner: Miner, text: str, finding: str) -> None:
    assert any(shipped_findings().is_a(key, finding) for key in shown(miner, text)), shown(miner, text)


DIAGNOSES = [
    ("Osteochondromata of the distal femur", "osteochondroma"),
    ("Bakers cyst", "baker_cyst"),
    ("Crohn’s disease of the terminal ileum", "crohn_disease"),
    ("Oesophageal carcinoma", "esophageal_cancer"),
    ("Giant cell tumour of bone", "giant_cell_tumor"),
    ("Wilms tumour, left kidney", "wilms_tumor"),
    ("Subarachnoid haemorrhage due to a ruptured aneurysm", "subarachnoid_hemorrhage"),
    ("NF1", "neurofibromatosis_1"),
    ("PRES", "posterior_reversible_encephalopathy"),
    ("Diffuse axonal injury (DAI)", "diffuse_axonal_injury"),
    ("ADPKD with liver cysts", "polycystic_kidney_disease"),
    ("Colloid cyst of the third ventricle", "colloid_cyst"),
    ("Chiari type I malformation", "chiari_1"),
    ("Tear of the anterior cruciate ligament", "acl_tear"),
    ("Slipped upper femoral epiphysis", "slipped_epiphysis"),
    ("Superior mesenteric artery syndrome", "sma_syndrome"),
    ("Nasopharyngeal carcinoma", "nasopharyngeal_carcinoma"),
    ("Horseshoe kidney", "horseshoe_kidney"),
    ("Phyllodes tumours", "phyllodes_tumor"),
    ("Kienböck disease", "kienbock_disease"),
]


@pytest.mark.parametrize(("text", "diagnosis"), DIAGNOSES, ids=[text for text, _ in DIAGNOSES])
def test_a_diagnosis_is_known_however_it_is_written(miner: Miner, text: str, diagnosis: str) -> None:
    named = {key for key, assertion, _ in miner.diagnoses(text) if assertion is Assertion.PRESENT}
    assert any(shipped_diagnoses().is_a(key, diagnosis) for key in named), named


@pytest.mark.parametrize("text", NOTHING)
def test_what_only_sounds_like_a_finding_is_none(miner: Miner, text: str) -> None:
    assert shown(miner, text) <= {"urinary_stone"}
