/** Counts seconds while it runs; `now` gives milliseconds of a clock that never goes back. */
export class Stopwatch {
  private before = 0;
  private since: number | null = null;

  constructor(private readonly now: () => number) {}

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
