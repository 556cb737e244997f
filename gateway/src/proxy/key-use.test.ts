import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { Value } from "typebox/value";
import { KeyUseReport, maxUsesPerReport } from "../contracts/key-use.ts";
import { KeyUseNotes, openKeyUseReporter } from "./key-use.ts";
import { listen } from "./listen.ts";

test("a key used many times in a minute is one note, of the minute", () => {
  const notes = new KeyUseNotes();
  for (let ms = 60_000; ms < 120_000; ms += 500) notes.used("a", ms);
  notes.used("b", 130_000);
  expect(notes.take(10)).toEqual([
    { secretId: "a", atMs: 60_000 },
    { secretId: "b", atMs: 120_000 },
  ]);
  expect(notes.take(10)).toEqual([]);
});

test("notes that come back do not overwrite newer ones", () => {
  const notes = new KeyUseNotes();
  notes.used("a", 60_000);
  const taken = notes.take(1);
  notes.used("a", 120_000);
  notes.putBack(taken);
  expect(notes.take(1)).toEqual([{ secretId: "a", atMs: 120_000 }]);
});

test("what control did not take is told again, in reports of a bounded size", async () => {
  const reports: { uses: unknown[] }[] = [];
  let status = 503;
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(Buffer.from(chunk));
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
      if (status === 204) reports.push(Value.Parse(KeyUseReport, body));
      response.writeHead(status).end();
    })();
  });
  const { port } = await listen(server, { host: "127.0.0.1", port: 0 });
  onTestFinished(() => void server.close());
  const warned: object[] = [];
  const reporter = openKeyUseReporter({
    controlUrl: `http://127.0.0.1:${port}`,
    controlToken: "t",
    warn: (fields) => warned.push(fields),
  });
  const count = maxUsesPerReport + 1;
  for (let id = 0; id < count; id += 1) reporter.notes.used(`key-${id}`, 60_000);
  await reporter.report();
  expect(warned).toHaveLength(1);
  status = 204;
  await reporter.stop();
  expect(reports.map(({ uses }) => uses.length).toSorted((a, b) => a - b)).toEqual([
    1,
    maxUsesPerReport,
  ]);
});
