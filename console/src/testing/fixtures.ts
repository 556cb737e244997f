import type {
  AccessItem,
  AccessPage,
  DecisionItem,
  DecisionPage,
  LedgerReport,
  Me,
  OwnUsage,
  UnpricedModels,
  UsageSlice,
} from "@weir/gateway/contracts";

/** Noon in UTC on a Sunday. */
export const nowMs = Date.UTC(2026, 10, 22, 12, 3, 0);
export const today = "2026-11-22";

export const me: Me = {
  person: { id: "ada", name: "Ada Okafor", teamId: "research", roles: ["employee"] },
  gatewayUrl: "http://127.0.0.1:7777",
  simulator: false,
  retentionDays: 14,
  contentRetentionDays: null,
  version: "0.1.0",
};

export const quietSlice: UsageSlice = {
  requests: 0,
  denied: 0,
  errors: 0,
  costMicroUsd: 0,
  unpricedRequests: 0,
  missingUsageRequests: 0,
  tokens: {
    inputUncached: 0,
    cacheRead: 0,
    cacheWrite: 0,
    outputVisible: 0,
    outputReasoning: 0,
    other: 0,
  },
};

export const busySlice: UsageSlice = {
  requests: 120,
  denied: 6,
  errors: 3,
  costMicroUsd: 1_234_567,
  unpricedRequests: 0,
  missingUsageRequests: 0,
  tokens: {
    inputUncached: 1000,
    cacheRead: 3000,
    cacheWrite: 500,
    outputVisible: 400,
    outputReasoning: 100,
    other: 0,
  },
};

/** Two days: a full one, and today. */
export const usage: OwnUsage = {
  range: { from: "2026-11-21", to: today, timeZone: "UTC" },
  totals: {
    requests: 240,
    denied: 12,
    errors: 6,
    costMicroUsd: 2_469_134,
    unpricedRequests: 0,
    missingUsageRequests: 0,
    tokens: {
      inputUncached: 2000,
      cacheRead: 6000,
      cacheWrite: 1000,
      outputVisible: 800,
      outputReasoning: 200,
      other: 0,
    },
  },
  latency: { p50Ms: 840, p95Ms: 12_430, timeToFirstByteP50Ms: 212, timeToFirstByteP95Ms: 1630 },
  byDay: [
    { date: "2026-11-21", ...busySlice },
    { date: today, ...busySlice },
  ],
  byModel: [
    { provider: "anthropic", model: "claude-sonnet-4-5", ...busySlice },
    { provider: "openai", model: "gpt-5", ...busySlice },
  ],
  everUsed: true,
  asOfMs: nowMs,
};

/** Has used Weir, but not in this range. */
export const quietUsage: OwnUsage = {
  ...usage,
  totals: quietSlice,
  latency: { p50Ms: null, p95Ms: null, timeToFirstByteP50Ms: null, timeToFirstByteP95Ms: null },
  byDay: [
    { date: "2026-11-21", ...quietSlice },
    { date: today, ...quietSlice },
  ],
  byModel: [],
};

export const neverUsed: OwnUsage = { ...quietUsage, everUsed: false };

export const deniedDecision: DecisionItem = {
  id: "dec-denied",
  callId: "call-denied",
  decidedAtMs: nowMs - 60_000,
  point: "llm_call",
  effect: "deny",
  rules: [
    {
      id: "weir.models.not_listed",
      reason: "The model gpt-5-pro is not on the list of team research.",
      owner: "platform",
    },
  ],
  userMessage: "The model gpt-5-pro is not on your team's list.",
  obligations: [],
  dialect: "openai-chat",
  operation: "chat.completions",
  provider: "openai",
  model: "gpt-5-pro",
  modelRequested: "gpt-5-pro",
  toolNames: [],
  revision: "rev-1",
  evalMicros: 210,
};

export const changedDecision: DecisionItem = {
  ...deniedDecision,
  id: "dec-changed",
  callId: "call-changed",
  decidedAtMs: nowMs - 120_000,
  effect: "allow",
  rules: [
    { id: "weir.models.listed", reason: "The model is on the list.", owner: "platform" },
    { id: "weir.budget.cap", reason: "At most 1,000 output tokens.", owner: "finance" },
  ],
  userMessage: "",
  obligations: [{ type: "cap_max_tokens", maxTokens: 1000 }],
  model: "gpt-5",
  modelRequested: "gpt-5",
  toolNames: ["read_file", "bash"],
};

export const decisionPage: DecisionPage = {
  decisions: [deniedDecision, changedDecision],
  nextCursor: null,
  everDecided: true,
  asOfMs: nowMs,
};

export const ownAccess: AccessItem = {
  id: "access-own",
  accessedAtMs: nowMs - 3_600_000,
  actor: "person:sam",
  actorName: "Sam Ito",
  scope: "you",
  resource: "ledger.export",
  purpose: "Asked for by the works council",
};

export const everybodysAccess: AccessItem = {
  ...ownAccess,
  id: "access-all",
  accessedAtMs: nowMs - 26 * 3_600_000,
  actor: "command-line",
  actorName: "",
  scope: "everybody",
  purpose: "Yearly audit",
};

export const accessPage: AccessPage = {
  accesses: [ownAccess, everybodysAccess],
  nextCursor: null,
  asOfMs: nowMs,
};

export const unpricedModels: UnpricedModels = {
  models: [
    {
      provider: "vllm",
      model: "llama-4-70b",
      calls: 1_840,
      tokens: 1_234_567,
      firstSeenMs: Date.UTC(2026, 10, 10, 8),
      lastSeenMs: nowMs - 60_000,
      hasPriceNow: false,
    },
    {
      provider: "openai",
      model: "gpt-6.1-sol",
      calls: 12,
      tokens: 80_312,
      firstSeenMs: Date.UTC(2026, 10, 20, 8),
      lastSeenMs: Date.UTC(2026, 10, 21, 17),
      hasPriceNow: true,
    },
  ],
  asOfMs: nowMs,
};

export const ledgerStatus: LedgerReport = {
  state: "ready",
  shippedRows: 12_345,
  deadRows: 0,
  pendingBytes: 118_000,
  pendingRows: 240,
  oldestUnshippedAgeMs: 1_800,
  failures: 2,
  lastShippedAtMs: nowMs - 2_000,
  lastError: "",
  audit: {
    state: "open",
    leaves: 4_321,
    head: { size: 4_300, timeMs: nowMs - 40_000 },
    unsignedLeaves: 21,
    appendFailures: 0,
    headFailures: 0,
    tornBytes: 0,
    lastError: "",
    secondPlaces: [],
  },
  outbox: {
    isAccepting: true,
    unpublishedChanges: 0,
    oldestUnpublishedAgeMs: 0,
    spoolBytes: 2_048,
    failures: 0,
    lastError: "",
  },
};
