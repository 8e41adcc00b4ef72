import { describe, expect, it } from "vitest";
import { inOrder } from "./dropped";
import { EMPTY, isEmpty, missingOf, wishOf } from "./form";
import { badLines, bytes, shownOf, tallyOf } from "./tally";
import type { SentFile } from "./uploader";

const file = (number: number, change: Partial<SentFile> = {}): SentFile => ({
  number,
  name: `study/IM${number}`,
  size: 100,
  sent: 0,
  state: "sent",
  passed: false,
  problem: "",
  ...change,
});

describe("the tally", () => {
  it("is whole when every file arrived and one may hold an image", () => {
    expect(tallyOf([]).whole).toBe(false);
    expect(tallyOf([file(1), file(2, { state: "sending" })]).whole).toBe(false);
    expect(tallyOf([file(1, { passed: true })]).whole).toBe(false);
    expect(tallyOf([file(1, { passed: true }), file(2)]).whole).toBe(true);
    expect(tallyOf([file(1), file(2, { state: "refused" })])).toMatchObject({ whole: false, refused: 1, sent: 1 });
  });

  it("lists what needs a look first where there are many", () => {
    const many = Array.from({ length: 500 }, (_, i) => file(i + 1, { state: i === 450 ? "refused" : "sent" }));
    const { shown, more } = shownOf(many);
    expect([shown[0]!.number, shown.length, more]).toEqual([451, 200, 300]);
  });

  it("tells sizes as people read them", () => {
    expect([0, 1023, 2048, 5 * 2 ** 20, 3 * 2 ** 30].map(bytes)).toEqual([
      "0 B",
      "1023 B",
      "2.0 KB",
      "5.0 MB",
      "3.0 GB",
    ]);
  });
});

it("names the files that a job tells by number", () => {
  const error = "file 2: is empty; leave it out\nfile 3 (.zip), entry 14: is a zip; x\nupload: holds 2 patients; y";
  expect(badLines(error, [file(2), file(3)])).toEqual([
    { number: 2, name: "study/IM2", entry: "", problem: "is empty; leave it out" },
    { number: 3, name: "study/IM3", entry: "14", problem: "is a zip; x" },
    { number: null, name: "", entry: "", problem: "upload: holds 2 patients; y" },
  ]);
});

it("orders files as people count", () => {
  const names = ["IM10", "IM2", "a/IM1"].map((name) => ({ name, file: new Blob() }));
  expect(inOrder(names).map(({ name }) => name)).toEqual(["a/IM1", "IM2", "IM10"]);
});

describe("the form", () => {
  it("needs a title, an exam and something that it shows", () => {
    expect(missingOf(EMPTY)).toEqual(["title", "exam", "shows"]);
    expect(missingOf({ ...EMPTY, title: "T", exam: " ", named: [{ key: "k", name: "K" }] })).toEqual(["exam"]);
    expect(missingOf({ ...EMPTY, title: "T", exam: "CT", impression: "x" })).toEqual([]);
  });

  it("sends the differential by line and no blank ones", () => {
    const form = { ...EMPTY, differential: " one \n\n two", named: [{ key: "k", name: "K" }] };
    expect(wishOf(form, 3, true)).toMatchObject({
      differential: ["one", "two"],
      findings_named: ["k"],
      files: 3,
      leave_out_bad: true,
    });
    expect(isEmpty(EMPTY) && !isEmpty(form)).toBe(true);
  });
});
