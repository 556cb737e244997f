import type { ClickHouseClient } from "@clickhouse/client";
import type { AccessesQuery, AccessItem, AccessPage } from "../contracts/api/accesses.ts";
import { ask } from "./ask.ts";
import { formatCursor, parseCursor } from "./page-cursor.ts";

export interface OwnAccessesQuestion {
  /** From the session, never from the request. */
  readonly personId: string;
  readonly query: AccessesQuery;
  readonly nowMs: number;
  /** The names of people by their ids; unknown ones are missing. */
  readonly namesOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

type AccessRow = Omit<AccessItem, "actorName">;

const defaultLimit = 50;
const everybody = "*";
const personPrefix = "person:";

const beforeCursor =
  "(accessed_at, id) < (fromUnixTimestamp64Milli({atMs:Int64}, 'UTC'), {id:String})";

function personOf(actor: string): string | null {
  return actor.startsWith(personPrefix) ? actor.slice(personPrefix.length) : null;
}

/**
 * A page of looks at a person's data, alone or with everybody's, newest first.
 *
 * @throws {ControlError} WEIR_INVALID_CURSOR, WEIR_LEDGER_UNAVAILABLE.
 */
export async function readOwnAccesses(
  client: ClickHouseClient,
  { personId, query, nowMs, namesOf }: OwnAccessesQuestion,
): Promise<AccessPage> {
  const limit = query.limit ?? defaultLimit;
  const cursor = query.cursor === undefined ? null : parseCursor(query.cursor);
  const page = `SELECT id, toUnixTimestamp64Milli(accessed_at) AS accessedAtMs, actor,
      if(person_id = {everybody:String}, 'everybody', 'you') AS scope, resource, purpose
    FROM access_log
    WHERE person_id IN ({personId:String}, {everybody:String})
      AND ${cursor === null ? "1" : beforeCursor}
    ORDER BY accessed_at DESC, id DESC LIMIT {rows:UInt32}`;
  const rows = await ask<AccessRow>(client, page, {
    personId,
    everybody,
    rows: limit + 1,
    ...cursor,
  });
  const shown = rows.slice(0, limit);
  const people = shown.map(({ actor }) => personOf(actor)).filter((id) => id !== null);
  const names = await namesOf([...new Set(people)]);
  const last = shown.at(-1);
  return {
    accesses: shown.map((row) =>
      Object.assign(row, { actorName: names.get(personOf(row.actor) ?? "") ?? "" }),
    ),
    nextCursor:
      rows.length > limit && last !== undefined
        ? formatCursor({ atMs: last.accessedAtMs, id: last.id })
        : null,
    asOfMs: nowMs,
  };
}
