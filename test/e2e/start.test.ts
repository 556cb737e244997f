import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCommand } from "../support/run-command.ts";
import { type RunningWeir, spawnWeir, startWeir } from "../support/start-weir.ts";

let scratch: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "weir-start-"));
});

afterEach(() => {
  rmSync(scratch, { recursive: true, force: true });
});

const freePorts = ["--gateway-port", "0", "--console-port", "0", "--metrics-port", "0"];

async function chat(weir: RunningWeir, key = weir.key): Promise<Response> {
  return fetch(`${weir.gateway}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "sim-echo", messages: [{ role: "user", content: "Hello" }] }),
  });
}

test("the launcher starts everything, says so in one line, and ends with 0 at SIGTERM", async () => {
  const weir = await startWeir({ through: "launcher" });
  try {
    expect(weir.gateway).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(weir.login).toContain(`${weir.console}/login?token=`);
    expect(weir.key).toMatch(/^weir_/);
    expect((await chat(weir)).status).toBe(200);
    expect((await chat(weir, "weir_wrong")).status).toBe(401);
    expect((await fetch(`${weir.metrics}/readyz`)).status).toBe(200);
    expect((await fetch(weir.console)).status).toBe(200);
  } finally {
    expect(await weir.stop()).toBe(0);
  }
});

test("a second start keeps the key and is measured", async () => {
  const dataDir = join(scratch, "data");
  const first = await startWeir({ dataDir });
  expect(await first.stop()).toBe(0);
  const second = await startWeir({ dataDir, through: "launcher" });
  try {
    expect(second.key).toBe(first.key);
    expect((await chat(second)).status).toBe(200);
  } finally {
    expect(await second.stop()).toBe(0);
  }
  const measured = [first, second].map(({ readyAfterMs }) => `${Math.round(readyAfterMs)} ms`);
  process.stdout.write(`first start ready after ${measured[0]}, second after ${measured[1]}\n`);
});

test("several workers share one port, and their metrics are summed", async () => {
  const weir = await startWeir({ workers: 3 });
  try {
    const answers = await Promise.all(Array.from({ length: 12 }, () => chat(weir)));
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
    const metrics = await (await fetch(`${weir.metrics}/metrics`)).text();
    expect(metrics).toMatch(/^weir_requests_total\{.*outcome="completed"\} 12$/m);
    for (const part of ["simulator", "control", "proxy-0", "proxy-1", "proxy-2"]) {
      expect(metrics).toContain(`weir_process_up{part="${part}",process="supervisor"} 1`);
    }
  } finally {
    expect(await weir.stop()).toBe(0);
  }
});

test("standard output with --json is JSON lines alone, and ready is the first of them", async () => {
  const child = spawnWeir(["start", "--json", "--data-dir", join(scratch, "data"), ...freePorts]);
  const { stdout } = child;
  if (stdout === null) throw new Error("no pipe");
  const exited = once(child, "exit");
  stdout.once("data", () => child.kill("SIGTERM"));
  const lines = (await text(stdout)).trimEnd().split("\n");
  await exited;
  expect(child.exitCode).toBe(0);
  const parsed: Record<string, unknown>[] = lines.map((line) => JSON.parse(line));
  expect(Object.keys(parsed[0] ?? {})).toEqual([
    "event",
    "gateway",
    "console",
    "metrics",
    "key",
    "login",
  ]);
  expect(parsed.slice(1).map((line) => typeof line["msg"])).not.toContain("undefined");
  expect(parsed.length).toBeGreaterThan(1);
});

test.each(["gateway", "console", "metrics"])(
  "a taken %s port ends the start with one line of cause and one of remedy",
  async (name) => {
    const squatter = createServer().listen(0, "127.0.0.1");
    await once(squatter, "listening");
    const address = squatter.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    try {
      const args = ["start", "--json", "--data-dir", join(scratch, "data"), ...freePorts];
      const { code, stdout, stderr } = await runCommand([...args, `--${name}-port`, String(port)]);
      expect(code).toBe(4);
      expect(stdout).toBe("");
      const told = stderr.split("\n").filter((line) => !line.startsWith("{") && line !== "");
      expect(told).toHaveLength(2);
      expect(told[0]).toContain(`port ${port} on 127.0.0.1, for the ${name}, is taken`);
      expect(told[1]).toContain(`--${name}-port`);
    } finally {
      squatter.close();
    }
  },
);

test("a data directory in use is named with the process that uses it, and stays usable", async () => {
  const weir = await startWeir({ dataDir: join(scratch, "data") });
  try {
    const { code, stderr } = await runCommand(["start", "--data-dir", weir.dataDir, ...freePorts]);
    expect(code).toBe(5);
    expect(stderr).toContain(`is in use by another Weir, process ${weir.process.pid}`);
    expect(stderr).toContain("--data-dir");
    expect((await chat(weir)).status).toBe(200);
  } finally {
    expect(await weir.stop()).toBe(0);
  }
});

test("a data directory that cannot be made says so", async () => {
  const file = join(scratch, "file");
  writeFileSync(file, "");
  const { code, stderr } = await runCommand([
    "start",
    "--data-dir",
    join(file, "data"),
    ...freePorts,
  ]);
  expect(code).toBe(6);
  expect(stderr).toContain("cannot be used (ENOTDIR)");
});

test("a bad configuration reports every problem and starts nothing", async () => {
  const config = join(scratch, "weir.yaml");
  writeFileSync(config, "workerz: 2\ngateway: { port: no }\n");
  const { code, stderr } = await runCommand(["start", "--config", config]);
  expect(code).toBe(3);
  expect(stderr).toContain(
    'weir.yaml:1:10: workerz: there is no such setting. Did you mean "workers"?',
  );
  expect(stderr).toContain("weir.yaml:2:18: gateway.port: must be a whole number");
});

test("keys made and revoked on the command line take effect in the running Weir", async () => {
  const weir = await startWeir();
  try {
    const data = ["--data-dir", weir.dataDir];
    const made = await runCommand(["key", "create", "--json", ...data]);
    const { key, id } = JSON.parse(made.stdout);
    await expect.poll(async () => (await chat(weir, key)).status, { timeout: 10_000 }).toBe(200);
    expect((await runCommand(["key", "list", ...data])).stdout).toContain(id);
    expect((await runCommand(["key", "revoke", id, ...data])).code).toBe(0);
    await expect.poll(async () => (await chat(weir, key)).status, { timeout: 10_000 }).toBe(401);
    const link = await runCommand(["login-link", ...data]);
    expect(link.stdout).toContain(`${weir.console}/login?token=`);
  } finally {
    await weir.stop();
  }
});
