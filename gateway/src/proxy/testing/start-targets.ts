import type { ServerResponse } from "node:http";
import type { Config } from "../../config/schema.ts";
import { chat, chatAnswer, json } from "./serve.ts";
import { startScriptedUpstream, type ScriptedUpstream } from "./start-scripted-upstream.ts";
import { startTestProxy, type TestProxy } from "./start-test-proxy.ts";
import type { TestProxyOptions } from "./test-proxy-options.ts";

type Answer = Parameters<typeof startScriptedUpstream>[0];

export interface Targets extends AsyncDisposable {
  readonly first: ScriptedUpstream;
  readonly second: ScriptedUpstream;
  readonly proxy: TestProxy;
}

/** Two providers, and an alias `fast` for `m-first` at the first and `m-second` at the second. */
export async function startTargets(
  answers: { first: Answer; second: Answer },
  options: Omit<TestProxyOptions, "upstreamUrl"> & {
    ofFirst?: Partial<Config["providers"][number]>;
  } = {},
): Promise<Targets> {
  const first = await startScriptedUpstream(answers.first);
  const second = await startScriptedUpstream(answers.second);
  const provider = (name: string, url: string) => ({
    name,
    dialect: "openai" as const,
    baseUrl: `${url}/v1`,
    models: [`m-${name}`],
    prices: { "*": { input: 1, output: 2 } },
  });
  const target = (name: string) => ({ provider: name, model: `m-${name}`, weight: 1 });
  const { ofFirst, ...others } = options;
  const proxy = await startTestProxy({
    aliases: [{ name: "fast", strategy: "ordered", targets: [target("first"), target("second")] }],
    providers: [{ ...provider("first", first.url), ...ofFirst }, provider("second", second.url)],
    upstreamUrl: first.url,
    ...others,
  });
  return {
    first,
    second,
    proxy,
    [Symbol.asyncDispose]: async () => {
      await proxy.close();
      await first.close();
      await second.close();
    },
  };
}

/** A call for the alias. */
export const fast = { ...chat, model: "fast" };

export const failure = '{"error":{"message":"no"}}';

export function good(_request: unknown, response: ServerResponse): void {
  response.writeHead(200, json).end(chatAnswer);
}

export const failing = (status: number) => (_request: unknown, response: ServerResponse) => {
  response.writeHead(status, json).end(failure);
};

/** A provider that keeps its calls until they are let go, and tells when the first has come. */
export function holding(): { answer: Answer; arrived: Promise<void>; letGo: () => void } {
  const held = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  return {
    answer: async (request, response) => {
      arrived.resolve();
      await held.promise;
      good(request, response);
    },
    arrived: arrived.promise,
    letGo: held.resolve,
  };
}
