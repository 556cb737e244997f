/** How messages and answers look on their way to and from Valkey. */
import { createHash } from "node:crypto";
import type { Answer, Message, Standing } from "../protocol.ts";

/** In Valkey Cluster all counters have to be in one slot, since one call can touch any of them. */
const PREFIX = "{weir-budgets}";

export const metaKey = `${PREFIX}:meta`;

/** Nobody's name goes to Valkey: whose counter it is stands there as a digest. */
export function hashKey(counter: string): string {
  const [budget = "", start = "", ...value] = counter.split("|");
  const digest = createHash("sha256").update(value.join("|")).digest("base64url");
  return `${PREFIX}:c:${budget}:${start}:${digest}`;
}

/** Counters by their place among the script's KEYS; the first of these is the meta key. */
export function encodeMessage({ positions, wants }: Message): {
  counters: string[];
  json: string;
} {
  const counters: string[] = [];
  const places = new Map<string, number>();
  const placeOf = (key: string) => {
    let place = places.get(key);
    if (place === undefined) {
      counters.push(key);
      // Lua counts from one, and the meta key is the first.
      place = counters.length + 1;
      places.set(key, place);
    }
    return place;
  };
  const json = JSON.stringify({
    positions: positions.map(({ key, spent, held, expiresAtMs }) => ({
      k: placeOf(key),
      s: spent,
      h: held,
      x: expiresAtMs,
    })),
    wants: wants.map((want) =>
      want.map(({ key, amount, limit, expiresAtMs, mustFit, soft }) => ({
        k: placeOf(key),
        a: amount,
        l: limit,
        x: expiresAtMs,
        m: mustFit,
        f: soft,
      })),
    ),
  });
  return { counters, json };
}

export interface Reply {
  readonly isWarming: boolean;
  /** When the server began to count: another figure = it has lost what it knew. */
  readonly since: string;
  readonly answers: readonly Answer[];
  /** Counter → spent and held by all. */
  readonly totals: ReadonlyMap<string, number>;
}

/** @throws TypeError for what is no reply of the script. */
export function decodeReply(reply: unknown, counters: readonly string[]): Reply {
  const [warming, since, answers, totals] = list(reply);
  const places = list(totals);
  const known = new Map<string, number>();
  for (let at = 0; at < places.length; at += 2) {
    const counter = counters[whole(places[at]) - 2];
    if (counter !== undefined) known.set(counter, whole(places[at + 1]));
  }
  return {
    isWarming: warming === 1,
    since: String(since),
    answers: list(answers).map((answer) => decodeAnswer(list(answer))),
    totals: known,
  };
}

function decodeAnswer([isGranted, ...rest]: readonly unknown[]): Answer {
  if (isGranted !== 1) {
    const standing = { spent: whole(rest[1]), total: whole(rest[2]) };
    return { granted: false, charge: whole(rest[0]), standing };
  }
  const grants: number[] = [];
  const standings: Standing[] = [];
  const warn: boolean[] = [];
  for (let at = 0; at < rest.length; at += 4) {
    grants.push(whole(rest[at]));
    standings.push({ spent: whole(rest[at + 1]), total: whole(rest[at + 2]) });
    warn.push(rest[at + 3] === 1);
  }
  return { granted: true, grants, standings, warn };
}

function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TypeError("Valkey gave no list");
}

function whole(value: unknown): number {
  const number = typeof value === "string" || typeof value === "number" ? Number(value) : NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new TypeError("Valkey gave no number");
}
