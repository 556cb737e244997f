import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import type { CallEvent, DecisionEvent } from "../../contracts/call-event.ts";
import { migrate } from "../../ledger/clickhouse/migrate.ts";
import { insertCalls, insertDecisions } from "../../ledger/testing/insert-events.ts";
import { openTestClickHouse } from "../../ledger/testing/test-clickhouse.ts";

export interface TestLedger {
  readonly client: ClickHouseClient;
  readonly insertCalls: (events: readonly CallEvent[]) => Promise<void>;
  readonly insertDecisions: (events: readonly DecisionEvent[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A real, empty ledger in a folder of its own. Retention is long: tests choose their own dates. */
export async function openTestLedger(): Promise<TestLedger> {
  const directory = await mkdtemp(join(tmpdir(), "weir-insight-"));
  const clickhouse = await openTestClickHouse(join(directory, "clickhouse"));
  const { client } = clickhouse;
  await migrate(client, { retentionDays: 20_000 });
  return {
    client,
    insertCalls: (events) => insertCalls(client, events),
    insertDecisions: (events) => insertDecisions(client, events),
    close: async () => {
      await clickhouse.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A completed call of a person, with a different number of tokens in every class. */
export function callOf(
  personId: string,
  startedAtMs: number,
  changes: Partial<CallEvent> = {},
): CallEvent {
  return {
    id: randomUUID(),
    supersedes: "",
    startedAtMs,
    principal: {
      id: personId,
      kind: "person",
      teamId: "default",
      costCenter: "",
      roles: ["employee"],
      keyId: "key",
      assurance: "api_key",
    },
    asserted: { userAgent: "", sessionId: "", agentId: "", userId: "" },
    dialect: "openai-chat",
    operation: "chat.completions",
    auxiliary: false,
    traceId: "",
    provider: "simulator",
    modelRequested: "sim-small",
    modelResolved: "sim-small",
    modelUsed: "sim-small",
    stream: false,
    toolNames: [],
    maxTokens: null,
    decision: null,
    outcome: "completed",
    errorCode: "",
    status: 200,
    upstreamStatus: 200,
    upstreamRequestId: "",
    attempts: 1,
    failedAttempts: [],
    usage: {
      tokens: {
        inputUncached: 1,
        cacheRead: 2,
        cacheWrite5m: 3,
        cacheWrite1h: 4,
        outputVisible: 5,
        outputReasoning: 6,
        toolUsePrompt: 7,
        audioIn: 8,
        audioOut: 9,
      },
      serverToolCalls: {},
      raw: "{}",
      source: "provider_final",
      streamEnd: "complete",
    },
    cost: { microUsd: 10, status: "priced", priceVersion: "1" },
    flags: [],
    requestBytes: 100,
    responseBytes: 100,
    durationMs: 50,
    timeToFirstByteMs: 20,
    overheadMs: 0.2,
    features: { messageCount: 1, toolResultCount: 0, toolCallCount: 0 },
    ...changes,
  };
}

/** A decision that let a call of the person through unchanged. */
export function decisionOf(
  personId: string,
  decidedAtMs: number,
  changes: Partial<DecisionEvent["decision"]> = {},
): DecisionEvent {
  const call = callOf(personId, decidedAtMs);
  const decision = {
    id: randomUUID(),
    effect: "allow" as const,
    rules: [{ id: "models.allowed", reason: "The team may use it.", owner: "platform" }],
    userMessage: "",
    retryable: false,
    obligations: [],
    revision: "r1",
    evalMicros: 40,
    ...changes,
  };
  return {
    decision,
    callId: call.id,
    point: "llm_call",
    decidedAtMs,
    principal: {
      id: personId,
      kind: "person",
      teamId: "default",
      costCenter: "",
      roles: ["employee"],
      keyId: "key",
      assurance: "api_key",
    },
    call: {
      dialect: "openai-chat",
      operation: "chat.completions",
      metered: true,
      provider: "simulator",
      model: "sim-small",
      modelRequested: "sim-small",
      stream: false,
      toolNames: ["search"],
      maxTokens: null,
      bytes: 100,
    },
    effect: decision.effect,
    inputDigest: "0".repeat(64),
  };
}
