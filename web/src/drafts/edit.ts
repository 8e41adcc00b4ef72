import type { Draft, DraftEdit, Lesion } from "../api/types";
import { type Span, overlap } from "../report/spans";
import type { Place } from "../viewer/places";

/** What an educator may change of a case. */
export function editOf(draft: Draft): DraftEdit {
  return {
    version: draft.version,
    title: draft.title,
    history: draft.history,
    region: draft.region as DraftEdit["region"],
    truth: draft.truth as DraftEdit["truth"],
    findings: draft.findings.map(({ key }) => key),
    diagnosis: draft.diagnosis?.key ?? null,
    diagnosis_text: draft.diagnosis_text,
    differential: draft.differential,
    proof: draft.proof as DraftEdit["proof"],
    difficulty: draft.difficulty,
    points: draft.points.map(({ finding, start, end, images, wording }) => ({ finding, start, end, images, wording })),
    lesions: draft.lesions.map(({ finding, image_id, frame, x, y, radius }) => ({
      finding,
      image_id,
      frame,
      x,
      y,
      radius,
    })),
  };
}

export const isSame = (a: DraftEdit, b: DraftEdit): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Every finding the case knows a name for, by key. */
export function namesOf(draft: Draft): Map<string, string> {
  const named = [
    ...draft.findings.map(({ key, name }) => ({ finding: key, name })),
    ...draft.points,
    ...draft.observations,
    ...draft.lesions,
  ];
  return new Map(named.map(({ finding, name }) => [finding, name || finding.replaceAll("_", " ")]));
}

/** The finding a sentence speaks of: what it says is present, else anything it names, else the case's first finding. */
export function findingFor(sentence: Span, draft: Draft, edit: DraftEdit): string | null {
  const inside = draft.observations.filter((observation) => overlap(observation, sentence));
  const present = inside.find(({ assertion }) => assertion === "present");
  return (present ?? inside[0])?.finding ?? edit.findings[0] ?? null;
}

export const pointsIn = (edit: DraftEdit, sentence: Span) => edit.points.filter((point) => overlap(point, sentence));

/** Makes a sentence a teaching point, or takes back every point that lies in it. */
export function togglePoint(edit: DraftEdit, sentence: Span, finding: string | null): DraftEdit {
  const held = pointsIn(edit, sentence);
  if (held.length) return { ...edit, points: edit.points.filter((point) => !held.includes(point)) };
  if (finding === null) return edit;
  const points = [...edit.points, { finding, ...sentence, images: [], wording: "" }].sort((a, b) => a.start - b.start);
  return { ...edit, points };
}

/** The smallest place worth a ring, in pixels: a click without a drag. */
const CLICKED_RADIUS = 8;

export function addLesion(edit: DraftEdit, place: Place, radius: number, finding: string): DraftEdit {
  const size = radius < 2 ? CLICKED_RADIUS : Math.round(radius * 10) / 10;
  const { image_id, frame, x, y } = place;
  return { ...edit, lesions: [...edit.lesions, { finding, image_id, frame, x, y, radius: size }] };
}

export function changeLesion(edit: DraftEdit, index: number, change: Partial<Omit<Lesion, "name">>): DraftEdit {
  return { ...edit, lesions: edit.lesions.map((lesion, i) => (i === index ? { ...lesion, ...change } : lesion)) };
}

export function removeAt<T>(list: readonly T[], index: number): T[] {
  return list.filter((_, i) => i !== index);
}
