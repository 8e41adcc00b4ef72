from __future__ import annotations

import json

from models.report import Span
from models.teaching_case import Reason, TeachingPoint
from store.notation import point_from_json, point_to_json


def test_a_point_comes_back_with_its_images_wording_and_reasons() -> None:
    reasons = (Reason("finding", 7.5), Reason("missed", 1.2, 0.12))
    point = TeachingPoint("edema", "New edema.", Span(4, 14), ("a", "b"), "Edema, new.", reasons)
    assert point_from_json(json.loads(json.dumps(point_to_json(point)))) == point


def test_a_point_of_an_older_version_has_no_reasons() -> None:
    row = point_to_json(TeachingPoint("edema", "New edema.", Span(4, 14)))
    del row["reasons"]
    assert point_from_json(row).reasons == ()
