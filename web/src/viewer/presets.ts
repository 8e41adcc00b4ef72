import type { Window } from "./pixels";

/** A named window. `name` is a key of the viewer's messages; numbers are HU for CT. */
export type Preset = { name: string } & Window;

const CT: Preset[] = [
  { name: "lung", center: -600, width: 1500 },
  { name: "mediastinum", center: 40, width: 400 },
  { name: "bone", center: 450, width: 1800 },
  { name: "brain", center: 40, width: 80 },
  { name: "brain_wide", center: 75, width: 215 },
  { name: "abdomen", center: 50, width: 350 },
  { name: "liver", center: 90, width: 150 },
];

/**
 * The windows offered for an image, the image's own first.
 * Only CT has units that mean the same everywhere; elsewhere windows are wider or narrower than the image's own.
 */
export function presetsFor(modality: string, own: Window): Preset[] {
  const first = { name: "own", ...own };
  if (modality === "CT") return [first, ...CT];
  return [
    first,
    { name: "more_contrast", center: own.center, width: own.width * 0.6 },
    { name: "less_contrast", center: own.center, width: own.width * 1.6 },
    { name: "darker", center: own.center + own.width * 0.2, width: own.width },
    { name: "brighter", center: own.center - own.width * 0.2, width: own.width },
  ];
}
