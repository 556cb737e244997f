import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { type ClickHouseClient, createClient, drainStream } from "@clickhouse/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ClickHouseServer, startClickHouseServer } from "./start-clickhouse-server.ts";

let path: string;
let server: ClickHouseServer;
let client: ClickHouseClient;
const user = { name: "weir", password: "se:cret" };
const silent = { log: { level: 127 as const } };

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), "weir-clickhouse-"));
  server = await startClickHouseServer({ path, user, maxBodyBytes: 4_194_304 });
  client = connect({});
  await client.command({
    query:
      "CREATE TABLE t (a UInt32, b String) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 100",
  });
});

afterAll(async () => {
  await client.close();
  await server.stop();
  await rm(path, { recursive: true, force: true });
});

function connect(options: Parameters<typeof createClient>[0]): ClickHouseClient {
  const { name: username, password } = user;
  return createClient({ url: server.url, username, password, ...silent, ...options });
}

async function rows<T>(query: string, options: object = {}): Promise<T[]> {
  const result = await client.query({ query, format: "JSONEachRow", ...options });
  return result.json<T>();
}

const count = async (): Promise<number> => {
  const [row] = await rows<{ n: number | string }>("SELECT count() AS n FROM t");
  return Number(row?.n);
};

async function raw(search: string, init: RequestInit = {}): Promise<Response> {
  const headers = { "X-ClickHouse-User": user.name, "X-ClickHouse-Key": user.password };
  return fetch(`${server.url}/${search}`, { headers, ...init });
}

describe("queries", () => {
  test("answer /ping without a user, and SELECTs to the right one alone", async () => {
    expect(await (await fetch(`${server.url}/ping`)).text()).toBe("Ok.\n");
    expect(await client.ping({ select: true })).toEqual({ success: true });
    const stranger = connect({ password: "wrong" });
    await expect(stranger.query({ query: "SELECT 1" })).rejects.toMatchObject({ code: "516" });
    await stranger.close();
    expect((await fetch(`${server.url}/?query=SELECT+1`)).status).toBe(403);
  });

  test("bind parameters exactly, whatever is in the text", async () => {
    const text = "a'b\\c\td\ne\u0000 {x:String} `";
    const [row] = await rows(
      "SELECT {t:String} AS t, {n:Nullable(UInt8)} AS n, {l:Array(String)} AS l",
      {
        query_params: { t: text, n: null, l: ["x'y", "z"] },
      },
    );
    expect(row).toEqual({ t: text, n: null, l: ["x'y", "z"] });
  });

  test("end settings, parameters and database with their request", async () => {
    const read = "SELECT getSetting('max_threads') AS n, currentDatabase() AS d";
    const before = await rows(read);
    await client.command({ query: "CREATE DATABASE IF NOT EXISTS other" });
    const other = connect({ database: "other", clickhouse_settings: { max_threads: 7 } });
    const there = await other.query({ query: read, format: "JSONEachRow" });
    expect(await there.json()).toEqual([{ n: 7, d: "other" }]);
    await other.close();
    expect(await rows(read)).toEqual(before);
    await expect(rows("SELECT {t:String}")).rejects.toMatchObject({ code: "456" });
  });

  test("tell errors with the status and code of a server", async () => {
    await expect(rows("SELEC 1")).rejects.toMatchObject({ code: "62", type: "SYNTAX_ERROR" });
    await expect(rows("SELECT * FROM nowhere")).rejects.toMatchObject({ type: "UNKNOWN_TABLE" });
    const answer = await raw("?query=SELECT+1&no_such_setting=1");
    expect(answer.status).toBe(404);
    expect(answer.headers.get("x-clickhouse-exception-code")).toBe("115");
    expect(await answer.text()).toMatch(
      /^Code: 115\. DB::Exception: .*\(UNKNOWN_SETTING\) \(version /,
    );
  });

  test("let a GET change nothing", async () => {
    const answer = await raw(`?query=${encodeURIComponent("INSERT INTO t VALUES (1, '')")}`);
    expect(await answer.text()).toContain("(READONLY)");
  });

  test("name query, format and summary in headers", async () => {
    const answer = await raw("?query_id=q1&default_format=CSV", {
      method: "POST",
      body: "SELECT 'x'",
    });
    expect(await answer.text()).toBe('"x"\n');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "x-clickhouse-query-id": "q1",
      "x-clickhouse-format": "CSV",
      "x-clickhouse-server-display-name": "weir-test",
      "x-clickhouse-exception-tag": expect.stringMatching(/^[a-z]{16}$/),
      "x-clickhouse-summary": expect.stringContaining('"written_rows":"0"'),
    });
  });

  test("stream a large result in chunks, eight at once", async () => {
    const sum = async (): Promise<number> => {
      const result = await client.query({
        query: "SELECT number FROM numbers(300000)",
        format: "JSONEachRow",
      });
      let seen = 0;
      for await (const part of result.stream()) seen += part.length;
      return seen;
    };
    expect(await Promise.all(Array.from({ length: 8 }, sum))).toEqual(Array(8).fill(300_000));
  });

  test("compress both ways with gzip, brotli and zstd", async () => {
    for (const codec of ["gzip", "br", "zstd"] as const) {
      const packed = connect({ compression: { request: { codec }, response: { codec } } });
      await packed.insert({ table: "t", values: [{ a: 1, b: codec }], format: "JSONEachRow" });
      const result = await packed.query({
        query: `SELECT b FROM t WHERE b = '${codec}'`,
        format: "JSONEachRow",
      });
      expect(result.response_headers["content-encoding"]).toBe(codec);
      expect(await result.json()).toEqual([{ b: codec }]);
      await packed.close();
    }
    await client.command({ query: "TRUNCATE TABLE t" });
  });
});

describe("INSERT", () => {
  test("takes the data as bytes, in any format, and counts what it wrote", async () => {
    const result = await client.exec({
      query: "INSERT INTO t (a, b) FORMAT TabSeparated",
      values: Readable.from([Buffer.from([0x31, 9, 0xff, 10])], { objectMode: false }),
    });
    await drainStream(result.stream);
    expect(result.summary).toMatchObject({ written_rows: "1" });
    expect(await rows("SELECT a, hex(b) AS b FROM t")).toEqual([{ a: 1, b: "FF" }]);
    await client.command({ query: "TRUNCATE TABLE t" });
  });

  test("adds nothing under a token that was used", async () => {
    const insert = () =>
      client.insert({
        table: "t",
        values: [{ a: 2, b: "once" }],
        format: "JSONEachRow",
        clickhouse_settings: { insert_deduplication_token: "token-1" },
      });
    await insert();
    await insert();
    expect(await count()).toBe(1);
    await client.command({ query: "TRUNCATE TABLE t" });
  });

  test("refuses a body that is too large, also once it is decompressed", async () => {
    const packed = connect({ compression: { request: true } });
    const values = [{ a: 1, b: "x".repeat(5_000_000) }];
    await expect(
      packed.insert({ table: "t", values, format: "JSONEachRow" }),
    ).rejects.toMatchObject({
      type: "TOO_MANY_BYTES",
    });
    await packed.close();
    expect(await count()).toBe(0);
  });
});

describe("failures in mid-result", () => {
  test("of the engine reach the client as the exception", async () => {
    const query = "SELECT number, throwIf(number = 900000, 'boom') FROM numbers(1000000)";
    const settings = { http_response_buffer_size: "0", max_threads: 1 } as const;
    await expect(rows(query, { clickhouse_settings: settings })).rejects.toThrow(/boom/);
    const whole = { ...settings, wait_end_of_query: 1 } as const;
    await expect(rows(query, { clickhouse_settings: whole })).rejects.toMatchObject({
      code: "395",
    });
  });
});

describe("faults", () => {
  const insert = (target = client) =>
    target.insert({ table: "t", values: [{ a: 3, b: "" }], format: "JSONEachRow" });
  const fault = (kind: string, more: object = {}) =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    server.setFaults([{ kind, ...more } as never]);
  const mend = async () => {
    await server.setFaults([]);
    await client.command({ query: "TRUNCATE TABLE t" });
  };

  test.each([
    ["fail-before", /Too many parts/],
    ["memory-limit", /MEMORY_LIMIT|memory limit/],
    ["read-only", /readonly/],
  ])("%s: an exception, and nothing written", async (kind, message) => {
    await fault(kind, { match: "^insert" });
    await expect(insert()).rejects.toThrow(message);
    expect(await count()).toBe(0);
    await mend();
    await insert();
    expect(await count()).toBe(1);
    await mend();
  });

  test.each([["drop-after-commit"], ["error-after-commit"]])(
    "%s: an error, and all is written",
    async (kind) => {
      await fault(kind, { match: "^insert", times: 1 });
      await expect(insert()).rejects.toThrow(/hang up|ECONNRESET|Bad Gateway/);
      expect(await count()).toBe(1);
      await mend();
    },
  );

  test("break-off and exception-in-stream: never a short result that looks whole", async () => {
    const query = "SELECT number FROM numbers(1000)";
    await fault("break-off");
    await expect(rows(query)).rejects.toThrow(/aborted|ECONNRESET|closed/);
    await fault("exception-in-stream");
    await expect(rows(query)).rejects.toThrow(/broken on purpose/);
    await mend();
  });

  test("refuse: connections are refused until it is mended", async () => {
    await fault("refuse");
    await expect(rows("SELECT 1")).rejects.toThrow(/ECONNREFUSED|ECONNRESET|hang up/);
    await mend();
    expect(await rows("SELECT 1 AS x")).toEqual([{ x: 1 }]);
  });

  test("silent and delay: the client's own time limit ends the wait", async () => {
    const hasty = connect({ request_timeout: 300 });
    await fault("silent", { match: "^insert" });
    await expect(insert(hasty)).rejects.toThrow(/Timeout/);
    expect(await count()).toBe(0);
    await fault("delay", { delayMs: 1_000, match: "^insert" });
    await expect(insert(hasty)).rejects.toThrow(/Timeout/);
    expect(await count()).toBe(1);
    await hasty.close();
    await mend();
  });
});

describe("a process of its own", () => {
  test("keeps what it acknowledged through kill -9, at the same address", async () => {
    await client.insert({ table: "t", values: [{ a: 9, b: "kept" }], format: "JSONEachRow" });
    const { port } = server;
    await server.kill();
    server = await startClickHouseServer({ path, user, port, maxBodyBytes: 4_194_304 });
    expect(await rows("SELECT b FROM t")).toEqual([{ b: "kept" }]);
    await server.setFaults([{ kind: "die-after-commit", match: "^insert" }]);
    const insert = client.insert({ table: "t", values: [{ a: 10, b: "" }], format: "JSONEachRow" });
    await expect(insert).rejects.toThrow(/hang up|ECONNRESET/);
    await server.stop();
    server = await startClickHouseServer({ path, user, port, maxBodyBytes: 4_194_304 });
    expect(await count()).toBe(2);
  });
});
