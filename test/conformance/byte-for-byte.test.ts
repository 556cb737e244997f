/**
 * Must show 3, through a whole Weir: what the client gets is what the upstream sends, however its
 * bytes are cut into packets. The pipeline's own tests cut at every single position.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSimulator, type Simulator } from "../../gateway/src/simulator/server.ts";
import { simulatorProviders } from "../support/simulator-provider.ts";
import { startWeir, type RunningWeir } from "../support/start-weir.ts";

let simulator: Simulator;
let weir: RunningWeir;

beforeAll(async () => {
  simulator = await startSimulator();
  weir = await startWeir({ config: simulatorProviders(simulator.url) });
});

afterAll(async () => {
  await weir.stop();
  await simulator.close();
});

const request = { model: "sim-utf8-tools", messages: [{ role: "user", content: "wie spät?" }] };
const schema = { type: "object", properties: { ort: { type: "string" } } };
const chatTools = [{ type: "function", function: { name: "uhr", parameters: schema } }];
const messagesTools = [{ name: "uhr", input_schema: schema }];
const asked = { stream: true, stream_options: { include_usage: true } };

const cases = [
  { name: "chat JSON", path: "/v1/chat/completions", body: { ...request, tools: chatTools } },
  {
    name: "chat stream",
    path: "/v1/chat/completions",
    body: { ...request, tools: chatTools, ...asked },
  },
  {
    name: "Messages JSON",
    path: "/v1/messages",
    body: { ...request, tools: messagesTools, max_tokens: 99 },
  },
  {
    name: "Messages stream",
    path: "/v1/messages",
    body: { ...request, model: "sim-utf8", max_tokens: 99, stream: true },
  },
  {
    name: "an upstream's error",
    path: "/v1/messages",
    body: { ...request, model: "sim-error-529" },
  },
];

async function bytes(base: string, path: string, body: object, cut: number): Promise<Buffer> {
  const response = await fetch(`${base}${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${weir.key}`,
      "x-simulator-cut-every": String(cut),
    },
    body: JSON.stringify(body),
  });
  return Buffer.from(await response.arrayBuffer());
}

test.each(cases)(
  "$name comes through unchanged, in packets of any size",
  async ({ path, body }) => {
    for (const cut of [1, 2, 3, 5, 7, 11, 13, 17, 64, 1000]) {
      const direct = await bytes(simulator.url, path, body, cut);
      const throughWeir = await bytes(weir.gateway, path, body, cut);
      expect(direct.length).toBeGreaterThan(50);
      expect(throughWeir.equals(direct), `packets of ${cut} bytes`).toBe(true);
    }
  },
);
