import type { Selectable } from "kysely";
import type { DenialStyle } from "../../contracts/snapshot.ts";
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
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  readonly revokedAtMs: number | null;
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
    createdAtMs: row.createdAtMs,
    expiresAtMs: row.expiresAtMs,
    revokedAtMs: row.revokedAtMs,
  };
}
