import type { AnswerDraft } from "./answer";

/** A read broken off by a reload: the answer so far, and the seconds it took. */
export type Unfinished = { answer: AnswerDraft; seconds: number };

const PREFIX = "wetread.unfinished.";

/**
 * Answers that were not committed, kept for this tab alone. The one module that writes to the browser's storage: it
 * holds the reader's own words under opaque ids, and nothing of a case's key.
 */
export class UnfinishedReads {
  private closed = false;

  constructor(private readonly storage: () => Storage) {}

  find(set_id: string, case_id: string): Unfinished | null {
    const kept = this.attempt((storage) => storage.getItem(keyOf(set_id, case_id)));
    return kept ? parsed(kept) : null;
  }

  keep(set_id: string, case_id: string, unfinished: Unfinished): void {
    if (this.closed) return;
    this.attempt((storage) => storage.setItem(keyOf(set_id, case_id), JSON.stringify(unfinished)));
  }

  forget(set_id: string, case_id: string): void {
    this.attempt((storage) => storage.removeItem(keyOf(set_id, case_id)));
  }

  /** At sign-out: the next person at this tab finds nothing, so the page that is being left keeps nothing more. */
  forgetAll(): void {
    this.closed = true;
    this.attempt((storage) => {
      const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? "");
      keys.filter((key) => key.startsWith(PREFIX)).forEach((key) => storage.removeItem(key));
    });
  }

  /** A browser may refuse storage or be full: the read goes on, it only does not survive a reload. */
  private attempt<T>(act: (storage: Storage) => T): T | null {
    try {
      return act(this.storage());
    } catch {
      return null;
    }
  }
}

const keyOf = (set_id: string, case_id: string) => `${PREFIX}${set_id}.${case_id}`;

function parsed(text: string): Unfinished | null {
  try {
    const { answer, seconds } = JSON.parse(text) as Partial<Unfinished>;
    const whole = answer && Array.isArray(answer.findings) && Array.isArray(answer.marks) && Number.isFinite(seconds);
    return whole ? { answer, seconds: seconds! } : null;
  } catch {
    return null;
  }
}

export const unfinishedReads = new UnfinishedReads(() => window.sessionStorage);
