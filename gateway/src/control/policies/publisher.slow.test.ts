import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultEntrypoints, readPolicyDirectory, starterDirectory } from "@weir/policies/starter";
import { expect, onTestFinished, test } from "vitest";
import { PolicyPublisher, type PolicyPublisherOptions } from "./publisher.ts";
import { createRegoToolchain } from "./rego-toolchain.ts";

interface Fixture {
  readonly directory: string;
  readonly keptPath: string;
  readonly changes: string[];
  readonly errors: object[];
  readonly create: (options?: Partial<PolicyPublisherOptions>) => PolicyPublisher;
}

/** A copy of the starter policies to break and mend, and publishers that all end with the test. */
async function fixture(): Promise<Fixture> {
  const parent = await mkdtemp(join(tmpdir(), "weir-policies-"));
  const directory = join(parent, "policies");
  await cp(starterDirectory, directory, { recursive: true });
  const keptPath = join(parent, "kept", "policy.json");
  const changes: string[] = [];
  const errors: object[] = [];
  const publishers: PolicyPublisher[] = [];
  onTestFinished(async () => {
    for (const publisher of publishers) await publisher.stop();
    await rm(parent, { recursive: true, force: true });
  });
  const create = (options: Partial<PolicyPublisherOptions> = {}) => {
    const publisher = new PolicyPublisher({
      directory,
      read: () => readPolicyDirectory(directory),
      entrypoints: defaultEntrypoints,
      toolchain: createRegoToolchain("test-1"),
      keptPath,
      now: () => 1,
      log: { info: () => undefined, error: (fields) => errors.push(fields) },
      onChange: () => {
        changes.push(publisher.loaded?.revision ?? "");
        return Promise.resolve();
      },
      ...options,
    });
    publishers.push(publisher);
    return publisher;
  };
  return { directory, keptPath, changes, errors, create };
}

const llmCall = (directory: string) => join(directory, "llm_call", "llm_call.rego");

test("the starter policies are checked, tested, built and put into force", async () => {
  const { create } = await fixture();
  const publisher = create();
  await publisher.start();
  const { revision, problem, files } = publisher.status();
  expect(problem).toBeNull();
  expect(revision).toMatch(/^[0-9a-f]{64}$/);
  expect(files).toContain("llm_call/llm_call.rego");
  const wasm = Buffer.from(publisher.loaded?.wasm ?? "", "base64");
  expect(wasm.subarray(0, 4).toString("latin1")).toBe("\0asm");
});

test("saving a broken file keeps the last good policy and says where it is broken; mending it swaps", async () => {
  const { directory, changes, errors, create } = await fixture();
  const publisher = create();
  await publisher.start();
  const good = publisher.loaded;
  publisher.watch();

  const text = await readFile(llmCall(directory), "utf8");
  const lines = text.split("\n").length;
  await writeFile(llmCall(directory), `${text}\nallow if {`);
  await expect.poll(() => publisher.status().problem, { timeout: 10_000 }).not.toBeNull();
  expect(publisher.loaded).toBe(good);
  const [error] = publisher.status().problem?.errors ?? [];
  expect(error?.file).toBe("llm_call/llm_call.rego");
  expect(error?.row).toBeGreaterThanOrEqual(lines);
  expect(errors).toContainEqual(expect.objectContaining({ file: "llm_call/llm_call.rego" }));
  expect(changes).toHaveLength(1);

  await writeFile(llmCall(directory), `${text}\n# mended\n`);
  await expect.poll(() => publisher.status().problem, { timeout: 10_000 }).toBeNull();
  expect(publisher.loaded?.revision).not.toBe(good?.revision);
  expect(changes).toHaveLength(2);
});

test("going back to the good sources ends the problem without compiling again", async () => {
  const { directory, changes, create } = await fixture();
  const publisher = create();
  await publisher.start();
  const text = await readFile(llmCall(directory), "utf8");
  await writeFile(llmCall(directory), "package");
  await publisher.reload();
  expect(publisher.status().problem).not.toBeNull();
  await writeFile(llmCall(directory), text);
  await publisher.reload();
  expect(publisher.status().problem).toBeNull();
  expect(changes).toHaveLength(1);
});

test("a policy whose tests fail is not put into force", async () => {
  const { directory, create } = await fixture();
  const publisher = create();
  await publisher.start();
  const good = publisher.loaded?.revision;
  const failing = "package weir.llm_call_test\n\ntest_never_true if 1 == 2\n";
  await writeFile(join(directory, "llm_call", "failing_test.rego"), failing);
  await publisher.reload();
  expect(publisher.loaded?.revision).toBe(good);
  expect(publisher.status().problem?.errors).toEqual([
    expect.objectContaining({
      file: "llm_call/failing_test.rego",
      message: expect.stringContaining("test_never_true"),
    }),
  ]);
});

test("a built-in that could reach the network is refused like any other error", async () => {
  const { directory, create } = await fixture();
  const publisher = create();
  const calling = `package weir.calling\n\nanswer := http.send({"method": "get", "url": "http://127.0.0.1"})\n`;
  await writeFile(join(directory, "calling.rego"), calling);
  await publisher.start();
  expect(publisher.loaded).toBeNull();
  expect(publisher.status().problem?.errors[0]?.file).toBe("calling.rego");
});

test("an empty or missing folder keeps the last good policy", async () => {
  const { directory, create } = await fixture();
  const publisher = create();
  await publisher.start();
  const good = publisher.loaded?.revision;
  await rm(directory, { recursive: true });
  await publisher.reload();
  expect(publisher.loaded?.revision).toBe(good);
  expect(publisher.status().problem?.errors).toHaveLength(1);
});

test("a restart with unchanged sources compiles nothing", async () => {
  const { create } = await fixture();
  const first = create();
  await first.start();
  let compilations = 0;
  const second = create({
    toolchain: {
      identity: "test-1",
      compile: () => {
        compilations += 1;
        return Promise.resolve({ ok: false, errors: [] });
      },
      close: () => Promise.resolve(),
    },
  });
  await second.start();
  expect(compilations).toBe(0);
  expect(second.loaded).toEqual(first.loaded);
});

test("a restart with broken sources still has the last good policy, and says so", async () => {
  const { directory, create } = await fixture();
  const first = create();
  await first.start();
  await writeFile(llmCall(directory), "package");
  const second = create();
  await second.start();
  expect(second.loaded?.revision).toBe(first.loaded?.revision);
  expect(second.status().problem?.errors.length).toBeGreaterThan(0);
});

test("another compiler makes its own of the same sources", async () => {
  const { create, changes } = await fixture();
  await create().start();
  const second = create({ toolchain: createRegoToolchain("test-2") });
  await second.start();
  expect(changes).toHaveLength(2);
  expect(second.status().problem).toBeNull();
});

test("a kept policy that was damaged is not used", async () => {
  const { directory, keptPath, create } = await fixture();
  await create().start();
  const kept = await readFile(keptPath, "utf8");
  await writeFile(keptPath, kept.replace('"wasm":"', '"wasm":"AAAA'));
  await writeFile(llmCall(directory), "package");
  const second = create();
  await second.start();
  expect(second.loaded).toBeNull();
});

test("a policy that cannot be recorded does not come into force; the kept one stays, and is recorded later", async () => {
  const { directory, create } = await fixture();
  const recorded: string[] = [];
  let isRefusing = false;
  const options: Partial<PolicyPublisherOptions> = {
    record: ({ revision }) => {
      if (isRefusing) return Promise.reject(new Error("the disk is full"));
      recorded.push(revision);
      return Promise.resolve();
    },
    assertRecordable: () => {
      if (isRefusing) throw new Error("the disk is full");
    },
  };
  const publisher = create(options);
  await publisher.start();
  const good = publisher.loaded?.revision ?? "";
  isRefusing = true;
  await writeFile(llmCall(directory), `${await readFile(llmCall(directory), "utf8")}\n# newer\n`);
  await publisher.reload();
  expect(publisher.loaded?.revision).toBe(good);
  expect(publisher.status().problem?.errors[0]?.message).toBe("the disk is full");

  const restarted = create(options);
  await restarted.start();
  expect(restarted.loaded?.revision).toBe(good);
  expect(recorded).toEqual([good]);
  isRefusing = false;
  await restarted.reload();
  expect(restarted.status().problem).toBeNull();
  expect(recorded).toEqual([good, good, restarted.loaded?.revision]);
  await restarted.reload();
  expect(recorded).toHaveLength(3);
});
