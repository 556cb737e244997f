import { join } from "node:path";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { makeDirectory } from "../log/make-directory.ts";
import { replaceFile } from "../log/checkpoint.ts";
import { dirname } from "node:path";
import { HEADS_FILE, readLastNote, readNotes } from "./heads-file.ts";
import { appendNote } from "./head-writer.ts";

/** Where heads are sent besides: the path of a file, or an http(s) URL that takes them by POST. */
export interface SecondPlaceOptions {
  /** `<dataDir>/audit` */
  readonly directory: string;
  readonly place: string;
  readonly fetch: typeof fetch;
  readonly now: () => number;
  readonly timeoutMs?: number;
  readonly retryMs?: number;
}

export interface SecondPlaceStatus {
  /** Without credentials and query. */
  readonly place: string;
  readonly sent: number;
  readonly failures: number;
  /** Empty = the last try went well. */
  readonly lastError: string;
  /** Unix milliseconds; null = never by this process. */
  readonly lastSentAtMs: number | null;
}

export interface SecondPlace {
  /** Sends every head that the place has not yet, in order. Never rejects. */
  catchUp(): Promise<void>;
  status(): SecondPlaceStatus;
}

const TIMEOUT_MS = 10_000;
const TRIES = 3;
const RETRY_MS = 500;
/** Heads in one go; the next go takes the rest. */
const MAX_HEADS = 10_000;

export function openSecondPlace(options: SecondPlaceOptions): SecondPlace {
  const { directory, place, now } = options;
  const name = `sent-${Buffer.from(place).toString("base64url").slice(-100)}.json`;
  const state = { sent: 0, failures: 0, lastError: "", lastSentAtMs: null as number | null };
  let running: Promise<void> | null = null;
  const catchUp = async (): Promise<void> => {
    try {
      let heads = 0;
      let end = await readOffset(join(directory, name));
      for await (const each of readNotes(join(directory, HEADS_FILE), end)) {
        if (!each.isWhole || heads === MAX_HEADS) break;
        await deliver(options, each.note);
        heads += 1;
        ({ end } = each);
        await replaceFile(directory, name, `${JSON.stringify({ place: shown(place), end })}\n`);
        state.sent += 1;
        state.lastSentAtMs = now();
      }
      state.lastError = "";
    } catch (error) {
      state.failures += 1;
      state.lastError = error instanceof Error ? error.message : String(error);
    }
  };
  return {
    catchUp: () => {
      running ??= catchUp().finally(() => (running = null));
      return running;
    },
    status: () => ({ place: shown(place), ...state }),
  };
}

async function readOffset(path: string): Promise<number> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    const isOffset = typeof value === "object" && value !== null && "end" in value;
    return isOffset && typeof value.end === "number" ? value.end : 0;
  } catch {
    return 0;
  }
}

function isUrl(place: string): boolean {
  return /^https?:\/\//i.test(place);
}

function shown(place: string): string {
  const url = isUrl(place) ? URL.parse(place) : null;
  return url === null ? place : `${url.origin}${url.pathname}`;
}

function deliver(options: SecondPlaceOptions, note: string): Promise<void> {
  return isUrl(options.place) ? post(options, note) : appendToFile(options.place, note);
}

async function appendToFile(path: string, note: string): Promise<void> {
  await makeDirectory(dirname(path));
  const last = await readLastNote(path);
  // It was written, and the crash came before that was noted.
  if (last?.note === note) return;
  await appendNote(path, note, last?.end ?? 0);
}

async function post(options: SecondPlaceOptions, note: string): Promise<void> {
  const { place, fetch, timeoutMs = TIMEOUT_MS, retryMs = RETRY_MS } = options;
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      const response = await fetch(place, {
        method: "POST",
        headers: { "content-type": "text/plain; charset=utf-8" },
        body: note,
        redirect: "error",
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body?.cancel();
      if (response.ok) return;
      throw new Error(`${shown(place)} answered with ${response.status}`);
    } catch (error) {
      if (left === 0) throw error;
      await sleep(retryMs * 2 ** (TRIES - 1 - left));
    }
  }
}
