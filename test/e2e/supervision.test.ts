import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type RunningWeir, startWeir } from "../support/start-weir.ts";

/** The processes below one, by the module that they run: `proxy`, `control`, `simulator`. */
function childrenOf(pid: number | undefined): Map<string, number> {
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map((name): [string, number] => [moduleOf(name), Number(name)]);
  return new Map(children);
}

function parentOf(pid: string): number {
  return Number(/^PPid:\s*(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1]);
}

function moduleOf(pid: string): string {
  return /([a-z]+)\.ts/.exec(read(`/proc/${pid}/cmdline`))?.[1] ?? "";
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Also false for one that has ended and that nobody has reaped yet. */
function isAlive(pid: number | undefined): boolean {
  return /^State:\s+[^ZX\s]/m.test(read(`/proc/${pid}/status`));
}

function chat(weir: RunningWeir, body: object): Promise<Response> {
  return fetch(`${weir.gateway}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${weir.key}`, "content-type": "application/json" },
    body: JSON.stringify({ messages: [{ role: "user", content: "Hello" }], ...body }),
  });
}

const statusOf = async (answer: Promise<Response>) =>
  (await answer.catch(() => undefined))?.status ?? 0;

test("SIGTERM lets a stream under way come to its end before Weir ends with 0", async () => {
  const weir = await startWeir();
  const response = await chat(weir, { model: "sim-long-40-slow-50", stream: true });
  const stopped = weir.stop();
  const body = await response.text();
  expect(body.trimEnd().endsWith("data: [DONE]")).toBe(true);
  expect(await stopped).toBe(0);
});

test("a second signal ends everything at once", async () => {
  const weir = await startWeir();
  const children = childrenOf(weir.process.pid);
  const response = await chat(weir, { model: "sim-long-4000-slow-50", stream: true });
  const reading = response.text().catch(() => "cut");
  weir.process.kill("SIGTERM");
  await expect.poll(() => weir.output(), { timeout: 5_000 }).toContain("SIGTERM");
  // The same signal again right away counts as one: a terminal and npm both pass it on.
  weir.process.kill("SIGTERM");
  expect(isAlive(weir.process.pid)).toBe(true);
  const again = setInterval(() => weir.process.kill("SIGTERM"), 300);
  await expect.poll(() => weir.process.exitCode, { timeout: 10_000 }).toBe(130);
  clearInterval(again);
  expect(await reading).toBe("cut");
  const left = () => [...children].filter(([, pid]) => isAlive(pid)).map(([name]) => name);
  // Sooner than children would end by themselves because nobody supervises them any more.
  await expect.poll(left, { timeout: 2_000 }).toEqual([]);
  await weir.stop();
});

test.each(["proxy", "control", "simulator"])(
  "%s killed with SIGKILL comes back where it was, and calls go on",
  async (part) => {
    const weir = await startWeir();
    try {
      const before = childrenOf(weir.process.pid).get(part);
      if (before === undefined) throw new Error(`there is no ${part}`);
      process.kill(before, "SIGKILL");
      await expect
        .poll(
          async () => {
            const now = childrenOf(weir.process.pid).get(part);
            const ready = await statusOf(fetch(`${weir.metrics}/readyz`));
            return now !== undefined && now !== before && ready === 200;
          },
          { timeout: 20_000 },
        )
        .toBe(true);
      expect(await statusOf(chat(weir, { model: "sim-echo" }))).toBe(200);
      expect(await statusOf(fetch(weir.console))).toBe(200);
    } finally {
      expect(await weir.stop()).toBe(0);
    }
  },
);

test("calls go on while control is away", async () => {
  const weir = await startWeir();
  try {
    const control = childrenOf(weir.process.pid).get("control");
    if (control === undefined) throw new Error("there is no control");
    process.kill(control, "SIGSTOP");
    expect(await statusOf(chat(weir, { model: "sim-echo" }))).toBe(200);
    process.kill(control, "SIGCONT");
  } finally {
    expect(await weir.stop()).toBe(0);
  }
});

test.each(["main", "launcher"] as const)(
  "no process outlives a SIGKILL of the %s",
  async (through) => {
    const weir = await startWeir({ through });
    const first = childrenOf(weir.process.pid);
    const supervisor = first.get("main") ?? weir.process.pid;
    const all = [supervisor, ...childrenOf(supervisor).values()];
    expect(all.length).toBeGreaterThanOrEqual(4);
    weir.process.kill("SIGKILL");
    for (const pid of all) await expect.poll(() => isAlive(pid), { timeout: 15_000 }).toBe(false);
    await weir.stop();
  },
);
