import type {
  AccessPage,
  CreatedKeyView,
  DecisionFilter,
  DecisionItem,
  DecisionPage,
  GrantList,
  GrantView,
  KeyList,
  KeyView,
  DeviceDecision,
  DeviceRequest,
  LedgerReport,
  Me,
  NewGrant,
  NewKey,
  OwnBudgets,
  OwnStops,
  OwnUsage,
  Problem,
  SignInOptions,
  StopKind,
  UnpricedModels,
  UsageQuery,
} from "@weir/gateway/contracts";
import { ProblemError, timedOut, unreachable, unreadable } from "./problem-error.ts";

const timeoutMs = 30_000;

export interface DecisionsRequest {
  readonly show: DecisionFilter;
  readonly limit: number;
  readonly cursor: string | null;
}

export interface AccessesRequest {
  readonly limit: number;
  readonly cursor: string | null;
}

/** `isOwn` = by the right that everybody has over what is theirs. */
export interface StopRequest {
  readonly isOwn: boolean;
  readonly kind: StopKind;
  readonly target: string;
  readonly reason: string;
}

export interface LiftRequest {
  readonly isOwn: boolean;
  readonly id: string;
  readonly reason: string;
}

/** Weir's API as the console uses it. Every method rejects with {@link ProblemError}. */
export interface Api {
  readonly me: (signal: AbortSignal) => Promise<Me>;
  readonly usage: (query: UsageQuery, signal: AbortSignal) => Promise<OwnUsage>;
  readonly budgets: (signal: AbortSignal) => Promise<OwnBudgets>;
  readonly decisions: (request: DecisionsRequest, signal: AbortSignal) => Promise<DecisionPage>;
  readonly accesses: (request: AccessesRequest, signal: AbortSignal) => Promise<AccessPage>;
  readonly decision: (id: string, signal: AbortSignal) => Promise<DecisionItem>;
  readonly unpricedModels: (signal: AbortSignal) => Promise<UnpricedModels>;
  readonly ledgerStatus: (signal: AbortSignal) => Promise<LedgerReport>;
  readonly keys: (signal: AbortSignal) => Promise<KeyList>;
  readonly createKey: (key: NewKey) => Promise<CreatedKeyView>;
  readonly rotateKey: (rotation: { id: string; overlapMs: number }) => Promise<CreatedKeyView>;
  readonly revokeKey: (id: string) => Promise<KeyView>;
  readonly grants: (signal: AbortSignal) => Promise<GrantList>;
  readonly createGrant: (grant: NewGrant) => Promise<GrantView>;
  readonly revokeGrant: (id: string) => Promise<GrantView>;
  readonly ownStops: (signal: AbortSignal) => Promise<OwnStops>;
  readonly setStop: (stop: StopRequest) => Promise<void>;
  readonly liftStop: (lift: LiftRequest) => Promise<void>;
  /** @returns a path to go on to, where an identity provider has vouched. */
  readonly endSession: () => Promise<string | null>;
  readonly signInOptions: (signal: AbortSignal) => Promise<SignInOptions>;
  readonly findDevice: (userCode: string) => Promise<DeviceRequest>;
  readonly decideDevice: (decision: DeviceDecision) => Promise<void>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Reads problem+json leniently: proxies in between answer with less. */
function toProblem(body: unknown, status: number): Problem | null {
  if (!isRecord(body) || typeof body["title"] !== "string") return null;
  return {
    type: text(body["type"]) || "about:blank",
    title: body["title"],
    status,
    detail: text(body["detail"]),
    instance: text(body["instance"]),
    code: text(body["code"]),
  };
}

async function readJson(response: Response): Promise<unknown> {
  try {
    const body: unknown = await response.json();
    return body;
  } catch (error) {
    throw unreadable(response.status, error);
  }
}

/** @param fetch - the browser's, or a stand-in. Only paths of the same origin are asked for. */
export function createApi(fetch: typeof globalThis.fetch): Api {
  async function send(path: string, init: RequestInit): Promise<Response> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    const headers = new Headers(init.headers);
    headers.set("accept", "application/json");
    const response = await fetch(path, { ...init, headers, signal, cache: "no-store" }).catch(
      (error: unknown) => {
        if (init.signal?.aborted === true) throw error;
        throw timeout.aborted ? timedOut(error) : unreachable(error);
      },
    );
    if (response.ok) return response;
    const problem = toProblem(await readJson(response), response.status);
    throw problem === null ? unreadable(response.status) : new ProblemError(problem);
  }

  // The types are the contract's word: Weir serves the console that was built with it.
  async function read<T>(response: Response): Promise<T> {
    const body = await readJson(response);
    if (!isRecord(body)) throw unreadable(response.status);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return body as T;
  }

  async function get<T>(path: string, signal: AbortSignal): Promise<T> {
    return read<T>(await send(path, { signal }));
  }

  async function change<T>(method: "POST" | "DELETE", path: string, body?: object): Promise<T> {
    return read<T>(await send(path, changing(method, body)));
  }

  return {
    me: (signal) => get<Me>("/api/me", signal),
    usage: (query, signal) =>
      get<OwnUsage>(`/api/usage?${new URLSearchParams(query).toString()}`, signal),
    budgets: (signal) => get<OwnBudgets>("/api/me/budgets", signal),
    decisions: ({ show, limit, cursor }, signal) => {
      const query = new URLSearchParams({ show, limit: String(limit) });
      if (cursor !== null) query.set("cursor", cursor);
      return get<DecisionPage>(`/api/decisions?${query.toString()}`, signal);
    },
    accesses: ({ limit, cursor }, signal) => {
      const query = new URLSearchParams({ limit: String(limit) });
      if (cursor !== null) query.set("cursor", cursor);
      return get<AccessPage>(`/api/me/accesses?${query.toString()}`, signal);
    },
    decision: (id, signal) => get<DecisionItem>(`/api/decisions/${encodeURIComponent(id)}`, signal),
    unpricedModels: (signal) => get<UnpricedModels>("/api/unpriced-models", signal),
    ledgerStatus: (signal) => get<LedgerReport>("/api/ledger/status", signal),
    keys: (signal) => get<KeyList>("/api/keys", signal),
    createKey: (key) => change<CreatedKeyView>("POST", "/api/keys", key),
    rotateKey: ({ id, overlapMs }) =>
      change<CreatedKeyView>("POST", `/api/keys/${encodeURIComponent(id)}/rotate`, { overlapMs }),
    revokeKey: (id) => change<KeyView>("DELETE", `/api/keys/${encodeURIComponent(id)}`),
    grants: (signal) => get<GrantList>("/api/me/grants", signal),
    createGrant: (grant) => change<GrantView>("POST", "/api/me/grants", grant),
    revokeGrant: (id) => change<GrantView>("DELETE", `/api/me/grants/${encodeURIComponent(id)}`),
    ownStops: (signal) => get<OwnStops>("/api/me/stops", signal),
    setStop: async ({ isOwn, ...stop }) => {
      await send(isOwn ? "/api/me/stops" : "/api/stops", changing("POST", stop));
    },
    liftStop: async ({ isOwn, id, reason }) => {
      const stops = isOwn ? "/api/me/stops" : "/api/stops";
      await send(`${stops}/${encodeURIComponent(id)}/lift`, changing("POST", { reason }));
    },
    endSession: async () => {
      const response = await send("/api/session/end", changing("POST"));
      if (response.status === 204) return null;
      const body = await readJson(response);
      return isRecord(body) && body["next"] === "/auth/sign-out" ? body["next"] : null;
    },
    signInOptions: (signal) => get<SignInOptions>("/auth/options", signal),
    findDevice: (userCode) => change<DeviceRequest>("POST", "/api/device-login/find", { userCode }),
    decideDevice: async (decision) => {
      await send("/api/device-login/decide", changing("POST", decision));
    },
  };
}

/** A request that changes something: the header shows that it comes from this page. */
function changing(method: "POST" | "DELETE", body?: object): RequestInit {
  const headers = { "x-weir-csrf": "1" };
  if (body === undefined) return { method, headers };
  const json = { ...headers, "content-type": "application/json" };
  return { method, headers: json, body: JSON.stringify(body) };
}
