/** A key as words: "left_lung" → "left lung". */
export function spaced(key: string): string {
  return key.replaceAll("_", " ");
}

/** A key or plain word as it stands at the start of a label: "left_lung" → "Left lung". */
export function sentenceCase(word: string): string {
  const words = spaced(word);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A chance between 0 and 1 in whole percent; never a certain 0 or 100 where it is not one. */
export function percent(chance: number): string {
  const whole = Math.round(chance * 100);
  if (whole === 0 && chance > 0) return "<1 %";
  if (whole === 100 && chance < 1) return ">99 %";
  return `${whole} %`;
}

/** A rate between 0 and 1 in percent, with a decimal where it is small: 0.006 → "0.6 %". */
export function rate(value: number): string {
  return `${(value * 100).toFixed(value < 0.1 ? 1 : 0)} %`;
}

/** Seconds as minutes and seconds: 75 → "1:15". */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** A moment in the reader's own time zone and language. */
export function moment(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}
