import type { OwnStops } from "@weir/gateway/contracts";
import { nowMs } from "./fixtures.ts";

export const noStops: OwnStops = {
  stops: [],
  permissions: { read: false, set: false, lift: false },
  othersInForce: 0,
};

export const pausedSession: OwnStops["stops"][number] = {
  id: "0198c0de-0000-7000-8000-00000000000a",
  kind: "session",
  target: "s-1",
  ownerId: "ada",
  reason: "Weir paused this session: the same call again and again.",
  setBy: "weir",
  setAtMs: nowMs - 60_000,
  liftedBy: null,
  liftedAtMs: null,
  liftReason: null,
  mayLift: true,
};
