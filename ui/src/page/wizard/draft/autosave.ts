// Saves what changes, soon but not at every letter, one request at a time. What is not saved yet is kept where a reload finds it.
// Owns no text that was acknowledged; survives outages by trying again until it is.

export type Mark = "idle" | "waiting" | "saved" | "refused";

interface Ports<T> {
  send: (part: Partial<T>) => Promise<unknown>;
  /** Keeps the unsaved part for a reload; `undefined` when there is none. */
  keep: (part: Partial<T> | undefined) => void;
  tell: (mark: Mark, refusal?: unknown) => void;
  /** Whether the server has understood and said no, so that the same again would be pointless. */
  isRefusal: (error: unknown) => boolean;
}

/** After the last letter, milliseconds. */
const QUIET_MS = 400;
/** After a failure to reach the server, milliseconds. */
const AGAIN_MS = 3_000;

export class Autosave<T extends object> {
  #unsaved: Partial<T>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;

  constructor(
    private readonly ports: Ports<T>,
    restored: Partial<T> = {},
  ) {
    this.#unsaved = { ...restored };
    if (this.#isDirty()) this.#schedule(0);
  }

  change(part: Partial<T>): void {
    Object.assign(this.#unsaved, part);
    this.ports.keep(this.#unsaved);
    this.ports.tell("waiting");
    this.#schedule(QUIET_MS);
  }

  /** Saves now whatever is unsaved. Rejects when it could not be. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    while (this.#isDirty() || this.#running) {
      this.#running ??= this.#save().finally(() => {
        this.#running = undefined;
      });
      await this.#running;
    }
  }

  /** Forgets what is unsaved: the draft is gone. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#unsaved = {};
    this.ports.keep(undefined);
  }

  #isDirty(): boolean {
    return Object.keys(this.#unsaved).length > 0;
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    // What went wrong was told by #save already.
    this.#timer = setTimeout(() => void this.flush().catch(() => undefined), delay);
  }

  async #save(): Promise<void> {
    const sent = { ...this.#unsaved };
    try {
      await this.ports.send(sent);
    } catch (error) {
      this.#failed(error);
      throw error;
    }
    // A letter typed meanwhile stays unsaved.
    for (const key of Object.keys(sent) as (keyof T)[]) {
      if (this.#unsaved[key] === sent[key]) delete this.#unsaved[key];
    }
    const clean = !this.#isDirty();
    this.ports.keep(clean ? undefined : this.#unsaved);
    if (clean) this.ports.tell("saved");
  }

  #failed(error: unknown): void {
    if (this.ports.isRefusal(error)) {
      this.ports.tell("refused", error);
    } else {
      this.ports.tell("waiting", error);
      this.#schedule(AGAIN_MS);
    }
  }
}
