import type { CreatedKeyView, KeyList, KeyView } from "@weir/gateway/contracts";
import { nowMs } from "./fixtures.ts";

export const laptopKey: KeyView = {
  id: "0190c0de-0000-7000-8000-000000000001",
  name: "laptop",
  hint: "weir_a1B2",
  personId: "ada",
  agentId: null,
  denialStyle: "error",
  scopes: null,
  models: null,
  lineageId: "0190c0de-0000-7000-8000-000000000001",
  rotatedFrom: null,
  createdAtMs: nowMs - 40 * 86_400_000,
  expiresAtMs: nowMs + 50 * 86_400_000,
  revokedAtMs: null,
  lastUsedAtMs: nowMs - 3_600_000,
};

export const keyList: KeyList = {
  keys: [
    laptopKey,
    {
      ...laptopKey,
      id: "0190c0de-0000-7000-8000-000000000002",
      name: "ci",
      scopes: ["llm:call"],
      models: ["sim-*"],
      expiresAtMs: null,
      lastUsedAtMs: null,
    },
    { ...laptopKey, id: "0190c0de-0000-7000-8000-000000000003", name: "old", revokedAtMs: nowMs },
  ],
};

export const createdKey: CreatedKeyView = {
  key: `weir_${"A".repeat(49)}`,
  record: { ...laptopKey, id: "0190c0de-0000-7000-8000-000000000004", name: "new laptop" },
};
