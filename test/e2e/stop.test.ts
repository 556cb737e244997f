/** The red button on real processes: one control, two proxies, fifty streams that would never end. */
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { type ChildProcess } from "node:child_process";
import { runCommand } from "../support/run-command.ts";
import { type RunningWeir, spawnWeir, startWeir } from "../support/start-weir.ts";

const streams = 50;
const chunk = 'data: {"model":"m-1","choices":[{"index":0,"delta":{"content":"on and on "}}]}\n\n';
const env = { WEIR_CONTROL_TOKEN: "a-token-that-two-machines-share-for-this" };

/** A provider that talks until it is cut. */
const talking = new Set<ServerResponse>();
const provider = createServer((request, response) => {
  request.resume();
  talking.add(response);
  response.once("close", () => talking.delete(response));
  response.writeHead(200, { "content-type": "text/event-stream" }).write(chunk);
});

let scratch: string;
let file: string;
let config: object;
let weir: RunningWeir;
let second: { child: ChildProcess; gateway: string };

beforeAll(async () => {
  provider.listen(0, "127.0.0.1");
  await once(provider, "listening");
  const address = provider.address();
  const port = typeof address === "object" ? address?.port : 0;
  scratch = await mkdtemp(join(tmpdir(), "weir-stop-e2e-"));
  file = join(scratch, "weir.yaml");
  config = {
    simulator: "off",
    teams: [{ id: "blue", models: ["*"] }],
    people: [{ id: "ada", name: "Ada", team: "blue", roles: ["employee", "admin"] }],
    providers: [
      {
        name: "talker",
        dialect: "openai",
        baseUrl: `http://127.0.0.1:${port}/v1`,
        models: ["*"],
        prices: { "*": { input: 1, output: 2 } },
      },
    ],
    ledger: { shipIntervalMs: 100 },
  };
  await writeFile(file, stringify(config));
  weir = await startWeir({ config: { ...config }, env });
  second = await startProxy(weir.console);
});
afterAll(async () => {
  second.child.kill("SIGTERM");
  for (const response of talking) response.destroy();
  await weir.stop();
  provider.closeAllConnections();
  provider.close();
  await rm(scratch, { recursive: true, force: true });
});

async function startProxy(controlUrl: string): Promise<{ child: ChildProcess; gateway: string }> {
  const ports = ["--gateway-port", "0", "--console-port", "0", "--metrics-port", "0"];
  const place = ["--config", file, "--data-dir", join(scratch, "second"), "--workers", "1"];
  const child = spawnWeir(["proxy", "--json", ...ports, ...place], {
    env: { ...env, WEIR_CONTROL_URL: controlUrl },
  });
  if (child.stdout === null) throw new Error("no pipes");
  child.stderr?.resume();
  for await (const line of createInterface({ input: child.stdout })) {
    const said: unknown = line.startsWith("{") ? JSON.parse(line) : null;
    const { event, gateway } = Object(said);
    if (event === "ready") {
      child.stdout.resume();
      return { child, gateway };
    }
  }
  throw new Error("the second proxy was not ready");
}

function ask(gateway: string): Promise<Response> {
  return fetch(`${gateway}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${weir.key}`, "content-type": "application/json" },
    body: JSON.stringify({
      model: "m-1",
      stream: true,
      messages: [{ role: "user", content: "Go on" }],
    }),
  });
}

/** A stream that has begun, and how it ends. */
async function open(gateway: string) {
  const answer = await ask(gateway);
  expect(answer.status).toBe(200);
  const ending = answer.text().then((text) => ({ text, endedAt: performance.now() }));
  return { ending };
}

const stop = (...args: string[]) =>
  runCommand(["stop", ...args, "--config", file, "--data-dir", weir.dataDir], env);

async function stopAll(): Promise<string> {
  const { code, stdout, stderr } = await stop("all", "--reason", "incident 42", "--json");
  expect([code, stderr]).toEqual([0, ""]);
  const { id }: { id: string } = JSON.parse(stdout);
  return id;
}

const within = { timeout: 15_000, interval: 20 };
const gateways = () => [weir.gateway, second.gateway];
const statuses = async () =>
  Promise.all(
    gateways().map(async (gateway) => {
      const { status, body } = await ask(gateway);
      await body?.cancel();
      return status;
    }),
  );

test("fifty streams on two proxies are cut within a second of the command, in their dialect, and their provider with them", async () => {
  const open25 = (gateway: string) =>
    Promise.all(Array.from({ length: streams / 2 }, () => open(gateway)));
  const opened = (await Promise.all(gateways().map(open25))).flat();
  await expect.poll(() => talking.size, within).toBe(streams);
  const provided = Promise.withResolvers<number>();
  const looking = setInterval(() => talking.size === 0 && provided.resolve(performance.now()), 2);
  const begun = performance.now();
  const id = await stopAll();
  const commandEnded = performance.now();
  const endings = await Promise.all(opened.map(({ ending }) => ending));
  const providerCutAt = await provided.promise;
  clearInterval(looking);
  const last = Math.max(...endings.map(({ endedAt }) => endedAt));
  const figures = {
    streams: endings.length,
    commandMs: Math.round(commandEnded - begun),
    lastClientAfterCommandMs: Math.round(last - commandEnded),
    lastProviderAfterCommandMs: Math.round(providerCutAt - commandEnded),
  };
  process.stdout.write(`stop: ${JSON.stringify(figures)}\n`);
  expect(last - commandEnded).toBeLessThan(1_000);
  expect(providerCutAt - commandEnded).toBeLessThan(1_000);
  for (const { text } of endings) expect(text).toMatch(/incident 42\..*WEIR_STOPPED/);
  expect(await statuses()).toEqual([403, 403]);
  const listed = await stop("list");
  expect(listed.stdout).toMatch(/all {2}since .* by command-line: incident 42/);
  expect((await stop("lift", id, "--reason", "over")).code).toBe(0);
  await expect.poll(statuses, within).toEqual([200, 200]);
});

test("a stop survives a proxy's restart while control is down, and a restart of everything", async () => {
  const id = await stopAll();
  await expect.poll(statuses, within).toEqual([403, 403]);
  const { dataDir, key } = weir;
  weir.process.kill("SIGKILL");
  await once(weir.process, "exit");
  // Control is gone with it: what the second proxy knows it has from its disk.
  second.child.kill("SIGTERM");
  await once(second.child, "exit");
  second = await startProxy("http://127.0.0.1:9");
  expect((await ask(second.gateway)).status).toBe(403);
  second.child.kill("SIGTERM");
  weir = await startWeir({ config: { ...config }, env, dataDir });
  expect(weir.key).toBe(key);
  second = await startProxy(weir.console);
  expect(await statuses()).toEqual([403, 403]);
  expect((await stop("lift", id, "--reason", "over")).code).toBe(0);
  await expect.poll(statuses, within).toEqual([200, 200]);
});

test("stopping a person who is mistyped is told, and stops nobody", async () => {
  const answer = await stop("person", "adda", "--reason", "a typo");
  expect([answer.code, answer.stderr]).toEqual([1, expect.stringContaining("no person")]);
  expect(await statuses()).toEqual([200, 200]);
});
