import { describe, expect, test } from "vitest";
import { createApi } from "./client.ts";
import { isSignedOut, ProblemError } from "./problem-error.ts";

const answering = (response: () => Response | Promise<Response>) => {
  const asked: Request[] = [];
  const api = createApi(async (input, init) => {
    const path = input instanceof Request ? input.url : input;
    asked.push(new Request(new URL(path, "http://console.test"), init));
    return response();
  });
  return { api, asked };
};

const signal = new AbortController().signal;
const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (e) => e,
  );

describe("errors", () => {
  test("problem+json keeps its title, detail, code and request id", async () => {
    const problem = {
      type: "about:blank",
      title: "Not signed in",
      status: 401,
      detail: "Ask for a link.",
      instance: "req-1",
      code: "WEIR_NO_SESSION",
    };
    const { api } = answering(() => Response.json(problem, { status: 401 }));
    const error = await caught(api.me(signal));
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ code: "WEIR_NO_SESSION", problem });
    expect(isSignedOut(error)).toBe(true);
  });

  test("the status is the response's, whatever the body claims", async () => {
    const { api } = answering(() => Response.json({ title: "x", status: 401 }, { status: 500 }));
    expect(isSignedOut(await caught(api.me(signal)))).toBe(false);
  });

  test("a page where JSON should be is told as such, not shown as data", async () => {
    const { api } = answering(() => new Response("<!doctype html>", { status: 200 }));
    expect(await caught(api.me(signal))).toMatchObject({ code: "WEIR_CONSOLE_UNREADABLE" });
  });

  test("a proxy's own error page is told by its status", async () => {
    const { api } = answering(() => new Response("Bad gateway", { status: 502 }));
    expect(await caught(api.me(signal))).toMatchObject({
      code: "WEIR_CONSOLE_UNREADABLE",
      problem: { status: 502 },
    });
  });

  test("no answer at all says that Weir cannot be reached", async () => {
    const { api } = answering(() => Promise.reject(new TypeError("Failed to fetch")));
    expect(await caught(api.me(signal))).toMatchObject({ code: "WEIR_CONSOLE_UNREACHABLE" });
  });
});

describe("requests", () => {
  test("signing out carries the header that other sites cannot send", async () => {
    const { api, asked } = answering(() => new Response(null, { status: 204 }));
    await api.endSession();
    expect(asked[0]?.method).toBe("POST");
    expect(asked[0]?.headers.get("x-weir-csrf")).toBe("1");
  });

  test("ids and zones are escaped into the address", async () => {
    const { api, asked } = answering(() => Response.json({}));
    await api.decision("a/b?c", signal);
    await api.usage({ from: "2026-11-01", to: "2026-11-02", timeZone: "Etc/GMT+1" }, signal);
    expect(new URL(asked[0]?.url ?? "").pathname).toBe("/api/decisions/a%2Fb%3Fc");
    expect(new URL(asked[1]?.url ?? "").searchParams.get("timeZone")).toBe("Etc/GMT+1");
  });
});
