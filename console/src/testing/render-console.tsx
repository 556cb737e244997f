import type {
  AccessPage,
  DecisionPage,
  GrantList,
  KeyList,
  DeviceRequest,
  LedgerReport,
  Me,
  OwnBudgets,
  OwnStops,
  OwnUsage,
  Problem,
  SignedOut,
  SignInOptions,
  UnpricedModels,
} from "@weir/gateway/contracts";
import { createMemoryHistory } from "@tanstack/react-router";
import { render } from "vitest-browser-react";
import { page } from "vitest/browser";
import { createApi } from "../api/client.ts";
import { createQueryClient } from "../api/query-client.ts";
import { App } from "../app.tsx";
import { type ConsoleRouter, createConsoleRouter } from "../router.tsx";
import {
  accessPage,
  decisionPage,
  ledgerStatus,
  me,
  nowMs,
  unpricedModels,
  usage,
} from "./fixtures.ts";
import { grantList, triageGrant } from "./grant-fixtures.ts";
import { createdKey, keyList } from "./key-fixtures.ts";
import { noStops, pausedSession } from "./stop-fixtures.ts";

/** What the stand-in answers; a `Problem` is sent with its own status. */
export interface Answers {
  readonly me: Me | Problem;
  readonly usage: OwnUsage | Problem | "never";
  readonly budgets: OwnBudgets | Problem;
  readonly decisions: (url: URL) => DecisionPage | Problem;
  readonly accesses: (url: URL) => AccessPage | Problem;
  readonly unpricedModels: UnpricedModels | Problem;
  readonly ledgerStatus: LedgerReport | Problem;
  readonly keys: KeyList | Problem;
  readonly changeKey: (request: Request) => object;
  readonly grants: GrantList | Problem;
  readonly changeGrant: (request: Request) => object;
  readonly stops: OwnStops | Problem;
  readonly changeStop: (request: Request) => object;
  readonly endSession: Problem | SignedOut | null;
  readonly signInOptions: SignInOptions;
  readonly findDevice: DeviceRequest | Problem;
}

export interface RenderedConsole {
  readonly router: ConsoleRouter;
  /** Every request so far, oldest first. */
  readonly asked: readonly Request[];
  /** Paths for which the page was left. */
  readonly left: readonly string[];
  /** Changes what is answered from now on. */
  readonly answer: (changes: Partial<Answers>) => void;
}

const isProblem = (body: object): body is Problem => "code" in body && "status" in body;

function respond(body: object): Response {
  if (!isProblem(body)) return Response.json(body);
  const headers = { "content-type": "application/problem+json" };
  return new Response(JSON.stringify(body), { status: body.status, headers });
}

export function problem(status: number, title: string, code: string): Problem {
  return {
    type: "about:blank",
    title,
    status,
    detail: "What to do about it.",
    instance: "req-4711",
    code,
  };
}

function respondTo(url: URL, answers: Answers, request: Request): Promise<Response> {
  if (url.pathname === "/api/me") return Promise.resolve(respond(answers.me));
  if (url.pathname === "/api/usage") {
    // A promise that never settles: what a view shows while it waits.
    if (answers.usage === "never") return new Promise<Response>(() => {});
    return Promise.resolve(respond(answers.usage));
  }
  if (url.pathname === "/api/me/budgets") return Promise.resolve(respond(answers.budgets));
  if (url.pathname === "/api/me/accesses") {
    return Promise.resolve(respond(answers.accesses(url)));
  }
  if (url.pathname === "/api/keys" && request.method === "GET") {
    return Promise.resolve(respond(answers.keys));
  }
  if (url.pathname.startsWith("/api/keys")) {
    return Promise.resolve(respond(answers.changeKey(request)));
  }
  if (url.pathname.startsWith("/api/me/grants")) {
    const isRead = request.method === "GET";
    return Promise.resolve(respond(isRead ? answers.grants : answers.changeGrant(request)));
  }
  if (/^\/api\/(?:me\/)?stops/.test(url.pathname)) {
    const isRead = request.method === "GET";
    return Promise.resolve(respond(isRead ? answers.stops : answers.changeStop(request)));
  }
  if (url.pathname === "/api/unpriced-models") {
    return Promise.resolve(respond(answers.unpricedModels));
  }
  if (url.pathname === "/auth/options") return Promise.resolve(respond(answers.signInOptions));
  if (url.pathname === "/api/device-login/find")
    return Promise.resolve(respond(answers.findDevice));
  if (url.pathname === "/api/device-login/decide")
    return Promise.resolve(new Response(null, { status: 204 }));
  if (url.pathname === "/api/ledger/status") return Promise.resolve(respond(answers.ledgerStatus));
  const decisions = answers.decisions(url);
  if (url.pathname === "/api/decisions" || isProblem(decisions)) {
    return Promise.resolve(respond(decisions));
  }
  if (url.pathname === "/api/session/end") {
    const failure = answers.endSession;
    return Promise.resolve(
      failure === null ? new Response(null, { status: 204 }) : respond(failure),
    );
  }
  const id = decodeURIComponent(url.pathname.replace("/api/decisions/", ""));
  const found = decisions.decisions.find((each) => each.id === id);
  return Promise.resolve(
    respond(found ?? problem(404, "No such decision", "WEIR_DECISION_NOT_FOUND")),
  );
}

/**
 * Renders the real console (router, queries, views, theme) in the browser, over a `fetch` that
 * answers contract-shaped fixtures. The server is not under test here: the system tests have it.
 */
export async function renderConsole(
  address: string,
  changes: Partial<Answers> = {},
  pollMs = 600_000,
): Promise<RenderedConsole> {
  let answers: Answers = {
    me,
    usage,
    budgets: { budgets: [], asOfMs: nowMs },
    decisions: () => decisionPage,
    accesses: () => accessPage,
    unpricedModels,
    ledgerStatus,
    keys: keyList,
    changeKey: () => createdKey,
    grants: grantList,
    changeGrant: () => triageGrant,
    stops: noStops,
    changeStop: () => pausedSession,
    endSession: null,
    signInOptions: { provider: null, localLinks: true, contact: "" },
    findDevice: problem(404, "No such code", "WEIR_DEVICE_CODE_NOT_FOUND"),
    ...changes,
  };
  const asked: Request[] = [];
  const left: string[] = [];
  const api = createApi((input, init) => {
    const path = input instanceof Request ? input.url : input;
    const url = new URL(path, "http://console.test");
    const request = new Request(url, init);
    asked.push(request);
    return respondTo(url, answers, request.clone());
  });
  const router = createConsoleRouter(createMemoryHistory({ initialEntries: [address] }));
  await page.viewport(1280, 900);
  await render(
    <App
      services={{
        api,
        nowMs: () => nowMs,
        ownTimeZone: "UTC",
        pollMs,
        leaveFor: (path) => void left.push(path),
      }}
      queryClient={createQueryClient(0)}
      router={router}
    />,
  );
  return {
    router,
    asked,
    left,
    answer: (next) => {
      answers = { ...answers, ...next };
    },
  };
}
