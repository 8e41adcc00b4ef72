import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

const SOURCE = import.meta.dirname;
const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter(
  (file) => /\.tsx?$/.test(file) && !file.endsWith(".test.ts"),
);
const textOf = (file: string) => readFileSync(join(SOURCE, file), "utf8");

/** Folders that a file imports from at once (types vanish in the build; `import()` waits until it is called). */
function importedBy(file: string): string[] {
  const paths = [...textOf(file).matchAll(/^\s*(?:import|export)\s(?!type\b)[^;]*?from\s+"(\.[^"]+)"/gms)].map(
    ([, path]) => path!,
  );
  return paths.map((path) => normalize(join(dirname(file), path)).split("/")[0]!);
}

/** Chunks that must not be in a browser before they are asked for: what is proved, and the pages of other roles. */
describe.each(["feedback", "drafts", "new_case", "misses", "admin"])("the words of %s", (folder) => {
  it("are imported by no other folder", () => {
    const others = files.filter((file) => dirname(file) !== folder);
    expect(others.filter((file) => importedBy(file).includes(folder))).toEqual([]);
  });
});

it("waits with feedback until a committed reading is shown", () => {
  const askers = files.filter((file) => /import\("[^"]*feedback/.test(textOf(file)));
  expect(askers).toEqual(["read/case_in_hand.tsx"]);
});

const holding = (storage: RegExp) => files.filter((file) => storage.test(textOf(file)));

it("keeps nothing in the browser's lasting storage", () => {
  expect(holding(/localStorage|indexedDB|document\.cookie|\bcaches\b/)).toEqual([]);
});

it("keeps nothing for the tab but the reader's own unfinished answers", () => {
  expect(holding(/sessionStorage/)).toEqual(["read/unfinished.ts"]);
  // Their type is made of the reader's own words; what is proved has no way in.
  expect(importedBy("read/unfinished.ts")).toEqual([]);
  expect(holding(/unfinishedReads\.keep\(/)).toEqual(["read/use_unfinished.ts"]);
});
