import type { CatalogueEntry, ReadingRequest } from "../api/types";
import type { Place } from "../viewer/places";

export type ReadMark = Place & { id: string };

/** What the reader has put together so far. `confidence` is in percent, null until stated. */
export type AnswerDraft = {
  normal: boolean;
  findings: readonly CatalogueEntry[];
  diagnosis: CatalogueEntry | null;
  marks: readonly ReadMark[];
  confidence: number | null;
  made: number;
};

export const EMPTY: AnswerDraft = {
  normal: false,
  findings: [],
  diagnosis: null,
  marks: [],
  confidence: null,
  made: 0,
};

export type Step =
  | { do: "toggle normal" }
  | { do: "add finding"; finding: CatalogueEntry }
  | { do: "remove finding"; key: string }
  | { do: "set diagnosis"; diagnosis: CatalogueEntry | null }
  | { do: "mark"; place: Place }
  | { do: "move mark"; id: string; place: Place }
  | { do: "remove mark"; id: string }
  | { do: "remove last mark" }
  | { do: "set confidence"; confidence: number | null };

/** "Normal" and findings exclude each other; calling a case normal sets the rest aside until it is taken back. */
export function answered(answer: AnswerDraft, step: Step): AnswerDraft {
  switch (step.do) {
    case "toggle normal":
      return { ...answer, normal: !answer.normal };
    case "add finding": {
      const others = answer.findings.filter(({ key }) => key !== step.finding.key);
      return { ...answer, normal: false, findings: [...others, step.finding] };
    }
    case "remove finding":
      return { ...answer, findings: answer.findings.filter(({ key }) => key !== step.key) };
    case "set diagnosis":
      return { ...answer, normal: step.diagnosis ? false : answer.normal, diagnosis: step.diagnosis };
    case "mark": {
      const made = answer.made + 1;
      return { ...answer, normal: false, made, marks: [...answer.marks, { ...step.place, id: `mark-${made}` }] };
    }
    case "move mark":
      return {
        ...answer,
        marks: answer.marks.map((mark) => (mark.id === step.id ? { ...mark, ...step.place } : mark)),
      };
    case "remove mark":
      return { ...answer, marks: answer.marks.filter(({ id }) => id !== step.id) };
    case "remove last mark":
      return { ...answer, marks: answer.marks.slice(0, -1) };
    case "set confidence":
      return { ...answer, confidence: step.confidence };
  }
}

/** Whether there is an answer to commit: "normal", a finding or a diagnosis. A mark alone names nothing. */
export function isComplete(answer: AnswerDraft): boolean {
  return answer.normal || answer.findings.length > 0 || answer.diagnosis !== null;
}

/** The answer as the service takes it. */
export function committed(answer: AnswerDraft): ReadingRequest["answer"] {
  const { normal, confidence } = answer;
  if (normal) return { normal, findings: [], diagnosis: null, marks: [], confidence };
  return {
    normal,
    findings: answer.findings.map(({ key }) => key),
    diagnosis: answer.diagnosis?.key ?? null,
    marks: answer.marks.map(({ image_id, frame, x, y }) => ({ image_id, frame, x, y })),
    confidence,
  };
}
