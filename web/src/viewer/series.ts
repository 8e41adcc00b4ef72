import type { ImageRef } from "../api/types";

/** One picture of a stack: `frame` counts from 1. */
export type Slice = { image_id: string; frame: number };

export type Series = { series_id: string; slices: Slice[] };

/** Images gathered into stacks in the order their series first appear, slices by instance number, frames unfolded. */
export function seriesOf(images: readonly ImageRef[]): Series[] {
  const byId = new Map<string, ImageRef[]>();
  for (const image of images) byId.set(image.series_id, [...(byId.get(image.series_id) ?? []), image]);
  return [...byId].map(([series_id, members]) => ({
    series_id,
    slices: members.sort((a, b) => a.number - b.number).flatMap(framesOf),
  }));
}

function framesOf(image: ImageRef): Slice[] {
  return Array.from({ length: Math.max(1, image.frames) }, (_, i) => ({ image_id: image.image_id, frame: i + 1 }));
}

/** Where a slice lies: index of its series and index in it, or null where the images do not hold it. */
export function locate(series: readonly Series[], slice: Slice): { series: number; slice: number } | null {
  for (const [s, one] of series.entries()) {
    const i = one.slices.findIndex((it) => it.image_id === slice.image_id && it.frame === slice.frame);
    if (i >= 0) return { series: s, slice: i };
  }
  return null;
}

/** Order in which to fetch the rest of a stack: outward from where the reader stands. */
export function outward(length: number, from: number): number[] {
  return Array.from({ length }, (_, i) => i)
    .filter((i) => i !== from)
    .sort((a, b) => Math.abs(a - from) - Math.abs(b - from) || b - a);
}
