import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

type Messages = { [key: string]: string | Messages };

const SOURCE = import.meta.dirname;
const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" });

function keysOf(messages: Messages, prefix = ""): string[] {
  return Object.entries(messages).flatMap(([key, value]) =>
    typeof value === "string" ? [prefix + key] : keysOf(value, `${prefix}${key}.`),
  );
}

/** What a folder's sources ask for: whole keys, and patterns of keys that are put together at run time. */
function askedFor(folder: string): { whole: string[]; patterns: RegExp[]; source: string } {
  const source = files
    .filter(
      (file) =>
        (dirname(file) === folder || (folder === "shell" && dirname(file) === ".")) &&
        /\.tsx?$/.test(file) &&
        !file.endsWith(".test.ts"),
    )
    .map((file) => readFileSync(join(SOURCE, file), "utf8"))
    .join("\n");
  const whole = [...source.matchAll(/\bt\("([\w.]+)"/g)].map(([, key]) => key!);
  const templates = [...source.matchAll(/\bt\(`([^`]+)`/g)].map(([, template]) => template!);
  const patterns = templates.map(
    (template) => new RegExp(`^${template.replaceAll(".", "\\.").replace(/\$\{[^}]*\}/g, "\\w+")}$`),
  );
  return { whole, patterns, source };
}

describe.each(files.filter((file) => file.endsWith("messages.json")))("%s", (file) => {
  const keys = keysOf(JSON.parse(readFileSync(join(SOURCE, file), "utf8")) as Messages);
  const { whole, patterns, source } = askedFor(dirname(file));

  it("holds every message its pages ask for", () => {
    expect(whole.filter((key) => !keys.includes(key))).toEqual([]);
    expect(patterns.filter((pattern) => !keys.some((key) => pattern.test(key)))).toEqual([]);
  });

  it("holds no message that nothing asks for", () => {
    const isAsked = (key: string) => source.includes(`"${key}"`) || patterns.some((pattern) => pattern.test(key));
    // A truth or a status arrives from the service and is its own key.
    const arrives = /^(normal|abnormal)$/;
    expect(keys.filter((key) => !isAsked(key) && !arrives.test(key))).toEqual([]);
  });
});
