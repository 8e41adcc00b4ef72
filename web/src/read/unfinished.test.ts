import { beforeEach, expect, it } from "vitest";
import { EMPTY, answered } from "./answer";
import { UnfinishedReads } from "./unfinished";

class Tab implements Storage {
  held = new Map<string, string>();
  get length() {
    return this.held.size;
  }
  key = (index: number) => [...this.held.keys()][index] ?? null;
  getItem = (key: string) => this.held.get(key) ?? null;
  setItem = (key: string, value: string) => void this.held.set(key, value);
  removeItem = (key: string) => void this.held.delete(key);
  clear = () => this.held.clear();
}

let tab: Tab;
let reads: UnfinishedReads;
beforeEach(() => {
  tab = new Tab();
  reads = new UnfinishedReads(() => tab);
});

const answer = answered(EMPTY, { do: "mark", place: { image_id: "i", frame: 1, x: 3, y: 4 } });

it("gives an answer back for its own set and case", () => {
  reads.keep("s", "c", { answer, seconds: 12.5 });
  expect(reads.find("s", "c")).toEqual({ answer, seconds: 12.5 });
  expect(reads.find("s", "d")).toBeNull();
  expect(reads.find("t", "c")).toBeNull();
});

it("forgets one read, and at sign-out all of them and nothing else", () => {
  for (const case_id of ["c", "d", "e"]) reads.keep("s", case_id, { answer, seconds: 1 });
  tab.setItem("of another page", "stays");
  reads.forget("s", "c");
  expect(reads.find("s", "c")).toBeNull();
  expect(reads.find("s", "d")).not.toBeNull();
  reads.forgetAll();
  expect([...tab.held.keys()]).toEqual(["of another page"]);
  reads.keep("s", "c", { answer, seconds: 1 });
  expect(reads.find("s", "c")).toBeNull();
});

it("takes what it cannot read for nothing, and does without storage", () => {
  reads.keep("s", "c", { answer, seconds: 1 });
  const [key] = tab.held.keys();
  for (const broken of ["{", "{}", "null", '{"answer":{"findings":1,"marks":[]},"seconds":1}']) {
    tab.setItem(key!, broken);
    expect(reads.find("s", "c")).toBeNull();
  }
  const refused = new UnfinishedReads(() => {
    throw new Error("storage is off");
  });
  refused.keep("s", "c", { answer, seconds: 1 });
  expect(refused.find("s", "c")).toBeNull();
});
