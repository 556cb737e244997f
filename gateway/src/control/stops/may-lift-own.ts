import type { StopView } from "../../contracts/api/stops.ts";

/**
 * Whether a person may lift a stop without the permission for all of them: what they stopped
 * themselves, and sessions of theirs that Weir paused, for a limit still holds when it is lifted.
 */
export function mayLiftOwn(
  { ownerId, setBy }: Pick<StopView, "ownerId" | "setBy">,
  personId: string,
): boolean {
  return ownerId === personId && (setBy === `person:${personId}` || setBy === "weir");
}
