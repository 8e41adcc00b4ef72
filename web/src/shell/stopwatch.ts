/** Counts on from `seconds` while it runs; `now` gives milliseconds of a clock that never goes back. */
export class Stopwatch {
  private before: number;
  private since: number | null = null;

  constructor(
    private readonly now: () => number,
    seconds = 0,
  ) {
    this.before = seconds * 1000;
  }

  run(running: boolean): void {
    if (running && this.since === null) this.since = this.now();
    if (!running && this.since !== null) {
      this.before += this.now() - this.since;
      this.since = null;
    }
  }

  get seconds(): number {
    return (this.before + (this.since === null ? 0 : this.now() - this.since)) / 1000;
  }
}
