import type { Selectable } from "kysely";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { Scope } from "../../contracts/scope.ts";
import type { DenialStyle } from "../../contracts/snapshot.ts";
import { parseStrings } from "../store/parse-strings.ts";
import type { StoreSchema } from "../store/schema.ts";

/** A key as it may be shown: neither the key nor its hash. Times are unix milliseconds. */
export interface KeyRecord {
  readonly id: string;
  readonly name: string;
  /** The first characters of the key, to recognise it by. */
  readonly hint: string;
  readonly personId: string;
  readonly agentId: string | null;
  readonly denialStyle: DenialStyle;
  /** Null = every scope. */
  readonly scopes: Scope[] | null;
  /** Patterns; null = the team's models. */
  readonly models: string[] | null;
  /** What its calls are recorded under: the same for all keys of a line of rotations. */
  readonly lineageId: string;
  readonly rotatedFrom: string | null;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  readonly revokedAtMs: number | null;
  /** To the minute; null = never, as far as proxies have reported. */
  readonly lastUsedAtMs: number | null;
}

const Scopes = Type.Array(Scope);

/**
 * Reads the scopes of a key. Whatever is not a list of known ones throws: to read it as less
 * narrow than it was meant would widen the key.
 */
export function parseScopes(text: string | null): Scope[] | null {
  return text === null ? null : Value.Parse(Scopes, JSON.parse(text));
}

/** Reads the models of a key. */
export function parseModels(text: string | null): string[] | null {
  return text === null ? null : parseStrings(text);
}

/** Leaves out everything that must not leave the store. */
export function toKeyRecord(row: Selectable<StoreSchema["keys"]>): KeyRecord {
  return {
    id: row.id,
    name: row.name,
    hint: row.hint,
    personId: row.personId,
    agentId: row.agentId,
    denialStyle: row.denialStyle,
    scopes: parseScopes(row.scopes),
    models: parseModels(row.models),
    lineageId: row.lineageId,
    rotatedFrom: row.rotatedFrom,
    createdAtMs: row.createdAtMs,
    expiresAtMs: row.expiresAtMs,
    revokedAtMs: row.revokedAtMs,
    lastUsedAtMs: row.lastUsedAtMs,
  };
}
