/** A straight scale from `from..to` onto `0..length`; what lies outside is held at the edge. */
export function scale(from: number, to: number, length: number): (value: number) => number {
  const span = to - from || 1;
  return (value) => Math.min(1, Math.max(0, (value - from) / span)) * length;
}

/** The upper end of an axis that starts at 0: the next round value above the greatest. */
export function roundedUp(greatest: number): number {
  if (!(greatest > 0)) return 1;
  const magnitude = 10 ** Math.floor(Math.log10(greatest));
  const step = [1, 2, 2.5, 5, 10].find((one) => one * magnitude >= greatest * (1 - 1e-9)) ?? 10;
  return Math.min(1, Number((step * magnitude).toPrecision(6)));
}
