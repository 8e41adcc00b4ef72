import { Problem } from "../api/client";

/** A file somebody chose; `name` is its path below the folder it came from. It stays in this browser. */
export type Chosen = { file: Blob; name: string };

export type FileState = "waiting" | "sending" | "sent" | "refused";

export type SentFile = {
  readonly number: number;
  readonly name: string;
  readonly size: number;
  readonly sent: number;
  readonly state: FileState;
  /** Whether the service says that it can hold no image. */
  readonly passed: boolean;
  /** Why the service refused it. */
  readonly problem: string;
};

export type Sending = {
  readonly upload_id: string | null;
  readonly files: readonly SentFile[];
  readonly lost: boolean;
};

/** How files reach the service. A refusal is a Problem; whatever else fails is the connection. */
export type Transport = {
  start(): Promise<string>;
  send(
    upload_id: string,
    number: number,
    chosen: Chosen,
    onSent: (bytes: number) => void,
    stop: AbortSignal,
  ): Promise<{ passed: boolean }>;
  drop(upload_id: string, number: number): Promise<void>;
  cancel(upload_id: string): Promise<void>;
};

const AT_ONCE = 3;
const LONGEST_WAIT_MS = 30_000;
const TELL_EVERY_MS = 100;

const NOTHING: Sending = { upload_id: null, files: [], lost: false };

/**
 * Sends files a few at a time, and goes on by itself when a lost connection is back. It outlives the page that shows
 * it, so that somebody may look at a draft while files travel.
 */
export class Uploader {
  private readonly chosen = new Map<number, Chosen>();
  private readonly files = new Map<number, SentFile>();
  private readonly stops = new Map<number, AbortController>();
  private readonly listeners = new Set<() => void>();
  private upload_id: string | null = null;
  private starting = false;
  private lost = false;
  private misses = 0;
  private last = 0;
  /** How often everything was forgotten: an answer to what was asked before that counts no more. */
  private round = 0;
  private told: Sending = NOTHING;
  private telling: ReturnType<typeof setTimeout> | null = null;
  private waiting: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly transport: Transport) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly now = (): Sending => this.told;

  add(chosen: readonly Chosen[]): void {
    for (const one of chosen) {
      const number = (this.last += 1);
      this.chosen.set(number, one);
      const { name, file } = one;
      this.files.set(number, { number, name, size: file.size, sent: 0, state: "waiting", passed: false, problem: "" });
    }
    this.go();
  }

  /** Takes a file out, also where it has arrived. */
  async remove(number: number): Promise<void> {
    const { upload_id } = this;
    this.stops.get(number)?.abort();
    const arrived = this.files.get(number)?.state !== "waiting";
    this.forget(number);
    this.go();
    if (upload_id && arrived) await this.transport.drop(upload_id, number);
  }

  /** Sends a refused file once more. */
  retry(number: number): void {
    this.change(number, { state: "waiting", problem: "", sent: 0 });
    this.go();
  }

  /** Tries the connection again now. */
  resume(): void {
    if (this.waiting) clearTimeout(this.waiting);
    this.waiting = null;
    this.lost = false;
    this.go();
  }

  /** Stops everything and lets the service delete what arrived. */
  async cancel(): Promise<void> {
    const { upload_id } = this;
    this.reset();
    if (upload_id) await this.transport.cancel(upload_id);
  }

  /** Forgets everything here; what arrived stays with the service. */
  reset(): void {
    for (const stop of this.stops.values()) stop.abort();
    if (this.waiting) clearTimeout(this.waiting);
    [this.chosen, this.files, this.stops].forEach((held) => held.clear());
    this.upload_id = this.waiting = null;
    this.starting = this.lost = false;
    this.misses = this.last = 0;
    this.round += 1;
    this.tell();
  }

  private go(): void {
    this.tell();
    if (this.lost || this.files.size === 0) return;
    if (this.upload_id === null) {
      if ([...this.files.values()].some(({ state }) => state === "waiting")) void this.start();
      return;
    }
    for (const file of this.files.values()) {
      if (this.stops.size >= AT_ONCE) return;
      if (file.state === "waiting") void this.send(this.upload_id, file.number);
    }
  }

  private async start(): Promise<void> {
    if (this.starting) return;
    this.starting = true;
    const { round } = this;
    try {
      const upload_id = await this.transport.start();
      if (round === this.round) this.upload_id = upload_id;
      else await this.transport.cancel(upload_id);
    } catch (error) {
      if (round !== this.round) return;
      if (error instanceof Problem && error.status < 500) this.refuseAll(error.detail);
      else this.lose();
    } finally {
      if (round === this.round) this.starting = false;
    }
    if (round === this.round) this.go();
  }

  private async send(upload_id: string, number: number): Promise<void> {
    const stop = new AbortController();
    this.stops.set(number, stop);
    this.change(number, { state: "sending", sent: 0 });
    const onSent = (sent: number) => {
      this.change(number, { sent }, false);
      this.tellSoon();
    };
    try {
      const { passed } = await this.transport.send(upload_id, number, this.chosen.get(number)!, onSent, stop.signal);
      this.misses = 0;
      this.change(number, { state: "sent", passed, sent: this.files.get(number)?.size ?? 0 });
    } catch (error) {
      if (!stop.signal.aborted) this.failed(number, error);
    } finally {
      if (this.stops.get(number) === stop) this.stops.delete(number);
    }
    if (!stop.signal.aborted) this.go();
  }

  private failed(number: number, error: unknown): void {
    if (error instanceof Problem && error.status < 500) {
      this.change(number, { state: "refused", problem: error.detail, sent: 0 });
      return;
    }
    this.change(number, { state: "waiting", sent: 0 });
    this.lose();
  }

  /** Waits longer after each miss; what was being sent is sent anew. */
  private lose(): void {
    if (this.waiting) return;
    this.lost = true;
    const wait = Math.min(LONGEST_WAIT_MS, 1000 * 2 ** this.misses);
    this.misses += 1;
    this.waiting = setTimeout(() => this.resume(), wait);
  }

  private refuseAll(problem: string): void {
    for (const number of this.files.keys()) this.change(number, { state: "refused", problem });
  }

  private forget(number: number): void {
    [this.chosen, this.files, this.stops].forEach((held) => held.delete(number));
  }

  private change(number: number, change: Partial<SentFile>, tell = true): void {
    const file = this.files.get(number);
    if (!file) return;
    this.files.set(number, { ...file, ...change });
    if (tell) this.tell();
  }

  /** Progress comes faster than anybody can read, and each telling draws the page. */
  private tellSoon(): void {
    this.telling ??= setTimeout(() => this.tell(), TELL_EVERY_MS);
  }

  private tell(): void {
    if (this.telling) clearTimeout(this.telling);
    this.telling = null;
    this.told = { upload_id: this.upload_id, files: [...this.files.values()], lost: this.lost };
    this.listeners.forEach((listener) => listener());
  }
}
