import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SimulatorUnderTest } from "../simulator-under-test.ts";
import { Store } from "./store.ts";

let server: SimulatorUnderTest;
beforeEach(async () => {
  server = await SimulatorUnderTest.start();
});
afterEach(() => server[Symbol.asyncDispose]());

interface Thing {
  readonly id: string;
  readonly status: string;
  readonly output_file_id: string;
}

async function thing(response: Response | Promise<Response>): Promise<Thing> {
  return JSON.parse(await (await response).text());
}

async function upload(content: string): Promise<string> {
  const form = { purpose: "batch", file: new File([content], "in.jsonl") };
  return (await thing(server.postForm("/v1/files", form))).id;
}

function line(id: string, model: string): string {
  const body = { model, messages: [{ role: "user", content: "x" }] };
  return JSON.stringify({ custom_id: id, method: "POST", url: "/v1/chat/completions", body });
}

async function batchOf(content: string, endpoint = "/v1/chat/completions"): Promise<Response> {
  const input = { input_file_id: await upload(content), endpoint, completion_window: "24h" };
  return server.post("/v1/batches", input);
}

describe("files", () => {
  it("give back the bytes that came, and are gone once deleted", async () => {
    const id = await upload("größer 🌊");
    expect(await (await server.send("GET", `/v1/files/${id}/content`)).text()).toBe("größer 🌊");
    expect(await (await server.send("GET", `/v1/files/${id}`)).json()).toMatchObject({
      object: "file",
      filename: "in.jsonl",
      bytes: Buffer.byteLength("größer 🌊"),
    });
    expect((await server.send("DELETE", `/v1/files/${id}`)).status).toBe(200);
    expect((await server.send("GET", `/v1/files/${id}/content`)).status).toBe(404);
    expect(server.simulator.ledger.totals().tokens.inputUncached).toBe(0);
  });

  it("are listed page by page, newest first", async () => {
    const ids = [await upload("a"), await upload("b"), await upload("c")];
    const first = await (await server.send("GET", "/v1/files?limit=2")).json();
    expect(first).toMatchObject({ data: [{ id: ids[2] }, { id: ids[1] }], has_more: true });
    const rest = await (await server.send("GET", `/v1/files?after=${ids[1]}`)).json();
    expect(rest).toMatchObject({ data: [{ id: ids[0] }], has_more: false });
    const none = await (await server.send("GET", "/v1/files?purpose=vision")).json();
    expect(none).toMatchObject({ data: [], first_id: null });
  });

  it("are forgotten beyond a number and a size, the oldest first", () => {
    const store = new Store<{ id: string; bytes: number }>(2, 10, ({ bytes }) => bytes);
    for (const id of ["a", "b", "c"]) store.put({ id, bytes: 1 });
    expect(store.all().map(({ id }) => id)).toEqual(["b", "c"]);
    store.put({ id: "d", bytes: 10 });
    expect(store.all().map(({ id }) => id)).toEqual(["d"]);
    store.put({ id: "d", bytes: 4 });
    store.put({ id: "e", bytes: 6 });
    expect(store.all()).toHaveLength(2);
  });
});

describe("a batch", () => {
  it("is billed once for all its lines, and tells usage when it is complete", async () => {
    const made = await thing(
      batchOf([line("a", "sim-cached"), line("b", "m"), line("c", "sim-error-400")].join("\n")),
    );
    expect(made.status).toBe("validating");
    expect(server.lastCall()).toMatchObject({
      billed: { inputUncached: 22, cacheRead: 1000, outputVisible: 20 },
      reported: null,
    });
    const path = `/v1/batches/${made.id}`;
    expect((await thing(server.send("GET", path))).status).toBe("in_progress");
    const done = await thing(server.send("GET", path));
    expect(done).toMatchObject({
      status: "completed",
      request_counts: { total: 3, completed: 2, failed: 1 },
      usage: { input_tokens: 1022, output_tokens: 20 },
    });
    expect(server.lastCall()).toMatchObject({ billed: { inputUncached: 0 } });
    expect(server.simulator.ledger.totals().tokens.outputVisible).toBe(20);
    const output = await server.send("GET", `/v1/files/${done.output_file_id}/content`);
    const lines = (await output.text())
      .trimEnd()
      .split("\n")
      .map((text) => JSON.parse(text));
    expect(lines).toMatchObject([
      { custom_id: "a", response: { status_code: 200, body: { model: "sim-cached" } } },
      { custom_id: "b" },
      { custom_id: "c", response: { status_code: 400, body: { error: {} } } },
    ]);
  });

  it("can be cancelled until it is complete, and is listed", async () => {
    const { id } = await thing(batchOf(line("a", "m")));
    const cancelled = await thing(server.send("POST", `/v1/batches/${id}/cancel`));
    expect(cancelled.status).toBe("cancelled");
    expect((await thing(server.send("GET", `/v1/batches/${id}`))).status).toBe("cancelled");
    const listed = await (await server.send("GET", "/v1/batches")).json();
    expect(listed).toMatchObject({ data: [{ id }] });
  });

  it("is refused without its file, for another endpoint, or with a line that is no request", async () => {
    const missing = { input_file_id: "file-x", endpoint: "/v1/responses" };
    expect((await server.post("/v1/batches", missing)).status).toBe(400);
    expect((await batchOf(line("a", "m"), "/v1/videos")).status).toBe(400);
    expect((await batchOf("{")).status).toBe(400);
    expect((await batchOf("{}")).status).toBe(400);
    expect((await server.send("GET", "/v1/batches/none")).status).toBe(404);
  });
});
