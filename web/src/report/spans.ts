/** Characters `start` (included) to `end` (excluded), counted in Unicode code points as the service counts them. */
export type Span = { start: number; end: number };

/** A stretch of text over which the same spans lie. `over` holds indexes into the spans given. */
export type Piece = { text: string; start: number; end: number; over: number[] };

/**
 * Cuts a text wherever a span begins or ends. JavaScript strings count UTF-16 units and Python code points, so the text
 * is taken apart by code point first; else one emoji would shift every highlight after it.
 */
export function piecesOf(text: string, spans: readonly Span[]): Piece[] {
  const points = Array.from(text);
  const cuts = new Set([0, points.length]);
  for (const { start, end } of spans) {
    cuts.add(Math.min(points.length, Math.max(0, start)));
    cuts.add(Math.min(points.length, Math.max(0, end)));
  }
  const at = [...cuts].sort((a, b) => a - b);
  return at.slice(0, -1).map((start, i) => {
    const end = at[i + 1]!;
    const over = spans.flatMap((span, index) => (span.start < end && span.end > start ? [index] : []));
    return { text: points.slice(start, end).join(""), start, end, over };
  });
}

/** Sentences of the given sections: up to a full stop, question or exclamation mark before white space, or a line's end. */
export function sentencesOf(text: string, sections: readonly Span[]): Span[] {
  const points = Array.from(text);
  const spans: Span[] = [];
  for (const section of sections) {
    let start = section.start;
    for (let i = section.start; i < section.end; i++) {
      if (!endsSentence(points, i, section.end)) continue;
      pushTrimmed(spans, points, start, i + 1);
      start = i + 1;
    }
    pushTrimmed(spans, points, start, section.end);
  }
  return spans;
}

const TITLES = /(?:^|\s)(?:dr|approx|e\.g|i\.e|vs|no|fig|st)$/i;

function endsSentence(points: readonly string[], at: number, end: number): boolean {
  const here = points[at]!;
  if (here === "\n") return true;
  if (!".?!".includes(here)) return false;
  const next = at + 1 < end ? points[at + 1]! : " ";
  return /\s/.test(next) && !TITLES.test(points.slice(Math.max(0, at - 8), at).join(""));
}

function pushTrimmed(spans: Span[], points: readonly string[], from: number, to: number): void {
  let [start, end] = [from, to];
  while (start < end && /\s/.test(points[start]!)) start++;
  while (end > start && /\s/.test(points[end - 1]!)) end--;
  if (end > start) spans.push({ start, end });
}

export const overlap = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end;
