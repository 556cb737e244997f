import type { StopView } from "../../contracts/api/stops.ts";

/** What is stopped, for example `session 4711 of ada`. */
export function stopText({ kind, target, ownerId }: StopView): string {
  const of = ownerId === null ? "" : ` of ${ownerId}`;
  return `${kind}${target === "" ? "" : ` ${target}`}${of}`;
}
