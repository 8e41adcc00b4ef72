import type { PracticeSet } from "../api/types";

export type SetProgress = { read: number; size: number; next: number | null };

/** How far a set is read, and the position of the first case that waits. */
export function progressOf(set: PracticeSet): SetProgress {
  const waiting = set.items.filter((item) => item.reading_id === null);
  return {
    read: set.items.length - waiting.length,
    size: set.items.length,
    next: waiting.length ? Math.min(...waiting.map((item) => item.position)) : null,
  };
}
