import { request } from "undici";

/** What came of many calls at once. */
export interface Race {
  /** By status. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Of the answered calls, as the provider told it. */
  readonly tokens: number;
  /** Tokens of the largest answered call. */
  readonly largest: number;
  readonly messages: readonly string[];
}

export interface RaceCall {
  readonly url: string;
  readonly key: string;
  readonly model?: string;
  readonly maxTokens?: number;
}

/** Makes calls at once, spread over the gateways, each on a connection of its own. */
export async function race(calls: readonly RaceCall[]): Promise<Race> {
  const statuses = new Map<number, number>();
  const messages: string[] = [];
  let tokens = 0;
  let largest = 0;
  await Promise.all(
    calls.map(async ({ url, key, model = "sim-echo", maxTokens = 64 }) => {
      const { statusCode, body } = await request(`${url}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({
          model,
          max_tokens: maxTokens,
          messages: [{ role: "user", content: "say as much as you may ".repeat(8) }],
        }),
        reset: true,
      });
      const answer = await body.json();
      statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
      const used = readTokens(answer);
      tokens += used;
      largest = Math.max(largest, used);
      if (statusCode !== 200) messages.push(JSON.stringify(answer));
    }),
  );
  return { statuses, tokens, largest, messages };
}

function readTokens(answer: unknown): number {
  if (typeof answer !== "object" || answer === null || !("usage" in answer)) return 0;
  const { usage } = answer;
  if (typeof usage !== "object" || usage === null || !("total_tokens" in usage)) return 0;
  return Number(usage.total_tokens);
}
