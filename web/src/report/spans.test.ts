import { describe, expect, it } from "vitest";
import { piecesOf, sentencesOf } from "./spans";

const cut = (text: string, { start, end }: { start: number; end: number }) =>
  Array.from(text).slice(start, end).join("");

describe("piecesOf", () => {
  it("gives the text back, whatever the spans", () => {
    const text = "A rib lies over it.";
    const pieces = piecesOf(text, [
      { start: 2, end: 9 },
      { start: 5, end: 19 },
      { start: 0, end: 99 },
    ]);
    expect(pieces.map((piece) => piece.text).join("")).toBe(text);
    expect(pieces.find((piece) => piece.start === 5)!.over).toEqual([0, 1, 2]);
  });

  it("counts code points, so that signs outside the basic plane shift nothing", () => {
    const pieces = piecesOf("𝟙 cm 🙂 mass", [{ start: 7, end: 11 }]);
    expect(pieces.find((piece) => piece.over.length)!.text).toBe("mass");
  });
});

describe("sentencesOf", () => {
  it("cuts at full stops and line ends, not at numbers or titles", () => {
    const text = "FINDINGS: A 1.2 cm shadow. Seen by Dr. A. before\nThe bones are sound";
    const sentences = sentencesOf(text, [{ start: 10, end: text.length }]);
    expect(sentences.map((span) => cut(text, span))).toEqual([
      "A 1.2 cm shadow.",
      "Seen by Dr. A.",
      "before",
      "The bones are sound",
    ]);
  });

  it("stays inside the sections", () => {
    expect(sentencesOf("One. Two.", [{ start: 5, end: 9 }])).toEqual([{ start: 5, end: 9 }]);
  });
});
