import type { NewCase } from "../api/types";

/** What is typed. It may hold identifiers, so it lives in this page's memory alone. */
export type Form = {
  title: string;
  exam: string;
  history: string;
  findings: string;
  impression: string;
  diagnosis: string;
  differential: string;
  discussion: string;
  proof: NonNullable<NewCase["proof"]>;
  named: readonly { key: string; name: string }[];
};

export const EMPTY: Form = {
  title: "",
  exam: "",
  history: "",
  findings: "",
  impression: "",
  diagnosis: "",
  differential: "",
  discussion: "",
  proof: "report_only",
  named: [],
};

/** How long each may be, in characters, as the service has it. */
export const LONGEST = {
  title: 300,
  exam: 200,
  history: 8_000,
  findings: 20_000,
  impression: 20_000,
  diagnosis: 2_000,
  differential: 9_000,
  discussion: 20_000,
} as const;

export type Missing = "title" | "exam" | "shows";

/** What must still be filled in, in the order of the form. */
export function missingOf(form: Form): Missing[] {
  const says = form.findings.trim() || form.impression.trim() || form.diagnosis.trim() || form.named.length;
  return [
    ...(form.title.trim() ? [] : (["title"] as const)),
    ...(form.exam.trim() ? [] : (["exam"] as const)),
    ...(says ? [] : (["shows"] as const)),
  ];
}

export const isEmpty = (form: Form): boolean => JSON.stringify(form) === JSON.stringify(EMPTY);

export function wishOf({ differential, named, ...typed }: Form, files: number, leave_out_bad: boolean): NewCase {
  const lines = differential.split("\n").map((line) => line.trim());
  return {
    ...typed,
    differential: lines
      .filter(Boolean)
      .map((line) => line.slice(0, 300))
      .slice(0, 30),
    findings_named: named.map(({ key }) => key),
    files,
    leave_out_bad,
  };
}
