import type { NewPause, SnapshotStop } from "../../contracts/stop.ts";
import { Refusal } from "../refusal.ts";
import { StopBook, stopOfToolCall, type StoppableTool, type StopSubject } from "./stop-book.ts";

/** Pauses that control has not confirmed, or not published yet. */
const MAX_LOCAL_PAUSES = 10_000;
/** By then a pause that control took stands in every snapshot, or has been lifted. */
const CONFIRMED_FOR_MS = 60_000;

/** A call under way, from the moment that its caller is known to its end. */
export interface WatchedCall {
  /** Aborted with a {@link Refusal} once the call falls under a stop. */
  readonly signal: AbortSignal;
  /** From here on a stop of this tool is meant for the call too. */
  uses(tool: StoppableTool): void;
  /** The call has ended. */
  leave(): void;
}

interface Entry {
  readonly subject: StopSubject;
  readonly halt: AbortController;
  tool: StoppableTool | null;
}

interface Pause {
  readonly stop: SnapshotStop;
  confirmedAtMs: number | null;
}

export interface LiveStopsOptions {
  readonly nowMs: () => number;
  /** Tells control; resolves to the id that the stop has there. */
  readonly report: (pause: NewPause) => Promise<string>;
}

/** The stops as one proxy worker has them in force, and the calls that they may end. */
export class LiveStops {
  readonly #options: LiveStopsOptions;
  readonly #watched = new Set<Entry>();
  #book = new StopBook([]);
  #pauses = new Map<string, Pause>();
  #paused = new StopBook([]);

  constructor(options: LiveStopsOptions) {
    this.#options = options;
  }

  /** What a snapshot says now; ends every call under way that falls under it. */
  setBook(book: StopBook): void {
    this.#book = book;
    const published = new Set(book.stops.map(({ id }) => id));
    for (const id of published) this.#forget(id);
    this.#sweep();
  }

  find(subject: StopSubject): SnapshotStop | null {
    return this.#book.find(subject) ?? this.#pausesInForce().find(subject);
  }

  /** Whether a tool call may still be made: null = it may, as far as stops go. */
  findForTool(subject: StopSubject, tool: StoppableTool): SnapshotStop | null {
    return (
      stopOfToolCall(this.#book, subject, tool) ??
      stopOfToolCall(this.#pausesInForce(), subject, tool)
    );
  }

  /**
   * Watches a call that begins. Whoever calls this has to `leave` when the call ends.
   *
   * @throws Refusal WEIR_STOPPED
   */
  enter(subject: StopSubject): WatchedCall {
    const stop = this.find(subject);
    if (stop !== null) throw stopped(stop);
    const entry: Entry = { subject, halt: new AbortController(), tool: null };
    this.#watched.add(entry);
    return {
      signal: entry.halt.signal,
      uses: (tool) => {
        entry.tool = tool;
        this.#check(entry);
      },
      leave: () => this.#watched.delete(entry),
    };
  }

  /** Calls under way that a stop could end. */
  get watched(): number {
    return this.#watched.size;
  }

  /**
   * Stops a session at once, here; other proxies learn of it from control. Rejects when control
   * could not be told: the pause holds here all the same.
   */
  async pause(pause: NewPause): Promise<SnapshotStop> {
    const { kind, target, ownerId, reason } = pause;
    const id = `${kind}:${ownerId}:${target}`;
    const known = this.#pauses.get(id);
    if (known !== undefined) return known.stop;
    const stop = { id, kind, target, ownerId, reason, setAtMs: this.#options.nowMs() };
    if (this.#pauses.size >= MAX_LOCAL_PAUSES) {
      const oldest = this.#pauses.keys().next();
      if (oldest.done !== true) this.#pauses.delete(oldest.value);
    }
    const entry: Pause = { stop, confirmedAtMs: null };
    this.#pauses.set(id, entry);
    this.#rebuild();
    this.#sweep();
    const confirmed = await this.#options.report(pause);
    entry.confirmedAtMs = this.#options.nowMs();
    this.#confirmed.set(confirmed, id);
    if (this.#book.stops.some((each) => each.id === confirmed)) this.#forget(confirmed);
    return stop;
  }

  /** Control's id of a pause → ours. */
  readonly #confirmed = new Map<string, string>();

  #forget(confirmed: string): void {
    const id = this.#confirmed.get(confirmed);
    if (id === undefined) return;
    this.#confirmed.delete(confirmed);
    this.#pauses.delete(id);
    this.#rebuild();
  }

  #pausesInForce(): StopBook {
    if (this.#confirmed.size === 0) return this.#paused;
    const before = this.#options.nowMs() - CONFIRMED_FOR_MS;
    for (const [confirmed, id] of this.#confirmed) {
      const at = this.#pauses.get(id)?.confirmedAtMs ?? 0;
      if (at < before) this.#forget(confirmed);
    }
    return this.#paused;
  }

  #rebuild(): void {
    this.#paused = new StopBook([...this.#pauses.values()].map(({ stop }) => stop));
  }

  #sweep(): void {
    if (this.#book.isEmpty && this.#paused.isEmpty) return;
    for (const entry of this.#watched) this.#check(entry);
  }

  #check({ subject, tool, halt }: Entry): void {
    const stop = tool === null ? this.find(subject) : this.findForTool(subject, tool);
    if (stop !== null && !halt.signal.aborted) halt.abort(stopped(stop));
  }
}

/** What a stopped client is told: final, so that it neither tries again nor tries something else. */
export function stopped({ reason, kind }: Pick<SnapshotStop, "reason" | "kind">): Refusal {
  const what = kind === "all" ? "Everything" : `This ${kind}`;
  return new Refusal("WEIR_STOPPED", {
    message: `${what} has been stopped: ${plainly(reason)} Do not try again; ask the person you work for.`,
  });
}

function plainly(reason: string): string {
  const text = reason.trim();
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
