type Progress = {
  label: string;
  done: number;
  /** Null where nobody knows: the bar then only shows that something goes on. */
  total: number | null;
};

/** How far something is that goes on. */
export function ProgressBar({ label, done, total }: Progress) {
  const known = total !== null && total > 0;
  return (
    <div
      className={known ? "bar" : "bar is-unknown"}
      role="progressbar"
      aria-label={label}
      aria-valuemin={known ? 0 : undefined}
      aria-valuemax={known ? total : undefined}
      aria-valuenow={known ? Math.min(done, total) : undefined}
      data-testid="progress-bar"
    >
      <span style={known ? { width: `${(100 * Math.min(done, total)) / total}%` } : undefined} />
    </div>
  );
}

/** A share of a whole, 0 to 1, drawn. The number beside it says the same, so that no screen reader needs it. */
export function AmountBar({ share, warns = false }: { share: number; warns?: boolean }) {
  return (
    <div className={warns ? "bar warns" : "bar"} aria-hidden="true">
      <span style={{ width: `${100 * share}%` }} />
    </div>
  );
}
