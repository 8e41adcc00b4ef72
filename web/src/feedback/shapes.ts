import type { Feedback } from "../api/types";
import type { Place, Shape } from "../viewer/places";

type Lesion = Feedback["lesions"][number];

/** The reader's crosses and the proved rings; shape, label and place say which is which, colour only helps. */
export function shapesOf(feedback: Feedback, yours: (number: number) => string): Shape[] {
  const marks = feedback.answer.marks.map((place, i): Shape => ({
    id: `said-${i}`,
    kind: "cross",
    place,
    label: yours(i + 1),
  }));
  const lesions = feedback.lesions.map((lesion, i): Shape => ({
    id: `proved-${i}`,
    kind: "ring",
    place: lesion,
    radius: lesion.radius,
    label: lesion.name ?? "",
  }));
  return [...lesions, ...marks];
}

/** One proved place over the slices it spans, and where it is largest. */
export type ProvedPlace = { name: string; from: number; to: number; largest: Lesion };

/** Circles of one finding on neighbouring slices of one series are one place. */
export function provedPlaces(
  lesions: readonly Lesion[],
  locate: (place: Place) => { series: number; slice: number },
): ProvedPlace[] {
  const ordered = lesions
    .map((lesion) => ({ lesion, at: locate(lesion) }))
    .sort(
      (a, b) =>
        a.lesion.finding.localeCompare(b.lesion.finding) || a.at.series - b.at.series || a.at.slice - b.at.slice,
    );
  const places: (ProvedPlace & { series: number })[] = [];
  for (const { lesion, at } of ordered) {
    const last = places.at(-1);
    const [name, number] = [lesion.name ?? "", at.slice + 1];
    if (last?.name === name && last.series === at.series && number === last.to + 1) {
      last.to = number;
      if (lesion.radius > last.largest.radius) last.largest = lesion;
    } else {
      places.push({ name, from: number, to: number, largest: lesion, series: at.series });
    }
  }
  return places;
}

/** Where to look first: a proved place on a slice the reader marked, else the largest proved place. */
export function firstLook(feedback: Feedback): Place | null {
  const marked = ({ image_id, frame }: Place) =>
    feedback.answer.marks.some((mark) => mark.image_id === image_id && mark.frame === frame);
  const largest = feedback.lesions.reduce<Lesion | null>(
    (best, one) => (best && best.radius >= one.radius ? best : one),
    null,
  );
  return feedback.lesions.find(marked) ?? largest ?? feedback.answer.marks[0] ?? null;
}
