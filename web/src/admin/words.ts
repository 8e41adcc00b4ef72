/** A whole number with its thousands apart: 30804 → "30,804". */
export function grouped(number: number): string {
  return Math.round(number).toLocaleString();
}

const UNITS = ["bytes", "kB", "MB", "GB", "TB", "PB"];

/** A size in the units that disks are sold by: 1234567 → "1.2 MB". */
export function bytes(size: number): string {
  const power = Math.min(UNITS.length - 1, size < 1000 ? 0 : Math.floor(Math.log10(size) / 3));
  const value = size / 1000 ** power;
  const decimals = power > 0 && value < 9.95 ? 1 : 0;
  return `${value.toLocaleString(undefined, { minimumFractionDigits: decimals, maximumFractionDigits: decimals })} ${UNITS[power]}`;
}

/** How long something took: "0.4 s", "12 s", "3 min 5 s", "2 h 10 min". */
export function lasting(seconds: number): string {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A place in a file without the file's name, which stands above: "reads.csv:14" → "14". */
export function within(place: string, file: string): string {
  return place.startsWith(`${file}:`) ? place.slice(file.length + 1).trim() : place;
}

/** A pace: whole numbers where it is fast, a decimal where it is slow. */
export function pace(per_second: number): string {
  return per_second < 10 ? per_second.toFixed(1) : grouped(per_second);
}

/** The part of the whole, 0 to 1; never more than the whole. */
export function share(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0;
}
