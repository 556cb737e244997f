import type { GrantList, GrantView } from "@weir/gateway/contracts";
import { nowMs } from "./fixtures.ts";

export const triageGrant: GrantView = {
  id: "0190c0de-0000-7000-8000-0000000000a1",
  personId: "ada",
  agent: "bob/triage",
  scopes: ["llm:call"],
  models: ["sim-*"],
  tools: ["read_file"],
  maxHops: 1,
  fromMs: nowMs - 86_400_000,
  untilMs: nowMs + 6 * 86_400_000,
  createdAtMs: nowMs - 86_400_000,
  revokedAtMs: null,
  lastUsedAtMs: nowMs - 3_600_000,
};

export const grantList: GrantList = {
  grants: [
    triageGrant,
    {
      ...triageGrant,
      id: "0190c0de-0000-7000-8000-0000000000a2",
      agent: "nightly",
      models: null,
      tools: null,
      maxHops: 0,
      lastUsedAtMs: null,
      revokedAtMs: nowMs - 60_000,
    },
  ],
};
