import type { SentFile } from "./uploader";

export type Tally = {
  files: number;
  sent: number;
  refused: number;
  passed: number;
  bytes: number;
  sentBytes: number;
  /** Whether every file has arrived and there is one that may hold an image. */
  whole: boolean;
};

export function tallyOf(files: readonly SentFile[]): Tally {
  const count = (is: (file: SentFile) => boolean) => files.filter(is).length;
  const sum = (of: (file: SentFile) => number) => files.reduce((total, file) => total + of(file), 0);
  const sent = count(({ state }) => state === "sent");
  const passed = count((file) => file.passed);
  return {
    files: files.length,
    sent,
    passed,
    refused: count(({ state }) => state === "refused"),
    bytes: sum(({ size }) => size),
    sentBytes: sum((file) => file.sent),
    whole: sent === files.length && sent > passed,
  };
}

const SHOWN = 200;
const RANK = { refused: 0, sending: 1, waiting: 2, sent: 3 } as const;

/** The files to list: what needs a look first; a long list ends where nobody would read on. */
export function shownOf(files: readonly SentFile[]): { shown: readonly SentFile[]; more: number } {
  if (files.length <= SHOWN) return { shown: files, more: 0 };
  const ranked = [...files].sort((a, b) => RANK[a.state] - RANK[b.state] || a.number - b.number);
  return { shown: ranked.slice(0, SHOWN), more: files.length - SHOWN };
}

/** Bytes as people read them: 2048 → "2.0 KB". */
export function bytes(size: number): string {
  const units = ["B", "KB", "MB", "GB"];
  const step = Math.min(units.length - 1, size > 0 ? Math.floor(Math.log2(size) / 10) : 0);
  return `${(size / 1024 ** step).toFixed(step ? 1 : 0)} ${units[step]}`;
}

/** A line of a failed job, with the name that only this browser knows for the number the service tells. */
export type BadLine = { number: number | null; name: string; entry: string; problem: string };

export function badLines(error: string, files: readonly SentFile[]): BadLine[] {
  const names = new Map(files.map(({ number, name }) => [number, name]));
  return error.split("\n").map((line) => {
    const found = /^file (\d+)(?: \(\.\w+\))?(?:, entry (\d+))?: (.*)$/.exec(line);
    if (!found) return { number: null, name: "", entry: "", problem: line };
    const number = Number(found[1]);
    return { number, name: names.get(number) ?? "", entry: found[2] ?? "", problem: found[3]! };
  });
}
