import { describe, expect, it } from "vitest";
import type { Draft, DraftEdit } from "../api/types";
import { addLesion, changeLesion, editOf, findingFor, isSame, togglePoint } from "./edit";

const draft = {
  version: 3,
  title: "T",
  history: "H",
  region: "chest",
  truth: "abnormal",
  findings: [{ key: "fracture", name: "Fracture" }],
  diagnosis: null,
  diagnosis_text: "",
  differential: [],
  proof: "report_only",
  difficulty: 0,
  points: [],
  lesions: [],
  observations: [
    { finding: "effusion", name: "Effusion", assertion: "absent", start: 0, end: 4, side: null },
    { finding: "dislocation", name: "Dislocation", assertion: "present", start: 6, end: 9, side: null },
  ],
} as unknown as Draft;
const edit: DraftEdit = editOf(draft);
const sentence = { start: 0, end: 10 };

describe("a teaching point", () => {
  it("is tied to what its sentence says is present, else what it names, else the case's finding", () => {
    expect(findingFor(sentence, draft, edit)).toBe("dislocation");
    expect(findingFor({ start: 0, end: 5 }, draft, edit)).toBe("effusion");
    expect(findingFor({ start: 20, end: 30 }, draft, edit)).toBe("fracture");
    expect(findingFor({ start: 20, end: 30 }, draft, { ...edit, findings: [] })).toBeNull();
  });

  it("goes when its sentence is pressed again, also when it covered only a part", () => {
    const made = togglePoint(edit, sentence, "dislocation");
    expect(made.points).toEqual([{ finding: "dislocation", ...sentence, images: [], wording: "" }]);
    expect(togglePoint(made, sentence, "dislocation").points).toEqual([]);
    expect(
      togglePoint({ ...edit, points: [{ finding: "x", start: 2, end: 4, images: [], wording: "" }] }, sentence, "x")
        .points,
    ).toEqual([]);
  });

  it("needs a finding", () => expect(togglePoint(edit, sentence, null)).toBe(edit));
});

describe("a place", () => {
  const place = { image_id: "i", frame: 2, x: 5, y: 6 };
  it("has a size also when it was only clicked", () => {
    expect(addLesion(edit, place, 0, "fracture").lesions[0]!.radius).toBeGreaterThan(2);
    expect(addLesion(edit, place, 12.34, "fracture").lesions).toEqual([
      { finding: "fracture", ...place, radius: 12.3 },
    ]);
  });

  it("moves alone", () => {
    const two = addLesion(addLesion(edit, place, 9, "a"), place, 9, "b");
    expect(changeLesion(two, 1, { x: 50 }).lesions.map(({ x }) => x)).toEqual([5, 50]);
  });
});

it("knows an edit that changed nothing", () => {
  expect(isSame(edit, editOf(draft))).toBe(true);
  expect(isSame(edit, { ...edit, title: "U" })).toBe(false);
});
