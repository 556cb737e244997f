export type CallClass = "plain" | "streamed" | "denied" | "upstream error" | "client abort";

/** What a client knows of a call that it made. */
export interface SeenCall {
  readonly callClass: CallClass;
  readonly id: string;
  readonly decisionId: string;
  readonly status: number;
  /** The whole answer came, to its proper end. */
  readonly complete: boolean;
}

export interface Target {
  readonly gateway: string;
  readonly key: string;
}

const classes: readonly (readonly [CallClass, object])[] = [
  ["plain", { model: "sim-echo" }],
  ["streamed", { model: "sim-long-12-slow-4", stream: true }],
  ["plain", { model: "sim-echo" }],
  ["denied", { model: "other-model" }],
  ["upstream error", { model: "sim-error-500" }],
  ["client abort", { model: "sim-long-200-slow-4", stream: true }],
];

const callTimeoutMs = 15_000;
const pauseAfterFailureMs = 50;

/** Clients that call without pause, and what they saw. */
export class Load {
  readonly #target: () => Target;
  readonly seen: SeenCall[] = [];
  /** Calls of which not even a head came back. */
  unanswered = 0;
  #stopped = false;
  #clients: Promise<unknown> = Promise.resolve();
  #next = 0;

  /** @param target where to call now: it changes when Weir is started anew. */
  constructor(target: () => Target) {
    this.#target = target;
  }

  start(clients: number): void {
    this.#stopped = false;
    this.#clients = Promise.all(Array.from({ length: clients }, () => this.#client()));
  }

  /** Resolves when every call under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#clients;
  }

  async #client(): Promise<void> {
    while (!this.#stopped) {
      const [callClass, body] = classes[this.#next % classes.length] ?? ["plain", {}];
      this.#next += 1;
      const seen = await callOnce(this.#target(), callClass, body);
      if (seen !== null) this.seen.push(seen);
      else {
        this.unanswered += 1;
        await new Promise((resolve) => setTimeout(resolve, pauseAfterFailureMs));
      }
    }
  }
}

/** @returns null when no answer began. */
async function callOnce(
  { gateway, key }: Target,
  callClass: CallClass,
  body: object,
): Promise<SeenCall | null> {
  const aborter = new AbortController();
  const timer = setTimeout(() => aborter.abort(), callTimeoutMs);
  try {
    const response = await fetch(`${gateway}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ messages: [{ role: "user", content: "Hello" }], ...body }),
      signal: aborter.signal,
    });
    const call = {
      callClass,
      status: response.status,
      id: response.headers.get("x-weir-call-id") ?? "",
      decisionId: response.headers.get("x-weir-decision-id") ?? "",
    };
    if (callClass === "client abort") {
      await response.body?.getReader().read();
      aborter.abort();
      return { ...call, complete: false };
    }
    const text = await response.text().catch(() => null);
    const streamed = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
    const complete = text !== null && (!streamed || text.trimEnd().endsWith("data: [DONE]"));
    return { ...call, complete };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** Whether calls are served again. */
export async function isServing(target: Target): Promise<boolean> {
  const seen = await callOnce(target, "plain", { model: "sim-echo" });
  return seen?.complete === true;
}
