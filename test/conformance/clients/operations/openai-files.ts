import type OpenAI from "openai";
import { toFile } from "openai";
import { allOf, type ClientOperation } from "../../../support/conformance/operation.ts";
import { openaiAt } from "./openai.ts";

function operation(name: string, run: (openai: OpenAI) => Promise<unknown>): ClientOperation {
  return {
    name: `openai: ${name}`,
    isUnmetered: true,
    run: async (connection) => run(openaiAt(connection)),
  };
}

const lines = ["one", "two"].map((text) => ({
  custom_id: text,
  method: "POST",
  url: "/v1/chat/completions",
  body: { model: "sim-echo", messages: [{ role: "user", content: text }] },
}));
const input = () =>
  toFile(Buffer.from(lines.map((line) => JSON.stringify(line)).join("\n")), "batch.jsonl");

async function madeBatch(openai: OpenAI): Promise<[OpenAI.FileObject, OpenAI.Batch]> {
  const file = await openai.files.create({ file: await input(), purpose: "batch" });
  const batch = await openai.batches.create({
    input_file_id: file.id,
    endpoint: "/v1/chat/completions",
    completion_window: "24h",
  });
  return [file, batch];
}

/** The official package's files and batches. */
export const openaiFiles: readonly ClientOperation[] = [
  operation("a file, from upload to deletion", async (openai) => {
    const file = await openai.files.create({ file: await input(), purpose: "batch" });
    const found = await openai.files.retrieve(file.id);
    const content = await (await openai.files.content(file.id)).text();
    return [file, found, content, await openai.files.delete(file.id)];
  }),
  operation("the list of files", (openai) => allOf(openai.files.list({ purpose: "batch" }))),
  operation("a file that is not there", (openai) => openai.files.retrieve("file-gone")),
  operation("a batch, from its input to its output", async (openai) => {
    const [file, batch] = await madeBatch(openai);
    const polled = [await openai.batches.retrieve(batch.id)];
    polled.push(await openai.batches.retrieve(batch.id));
    const output = polled.at(-1)?.output_file_id ?? "";
    return [file, batch, ...polled, await (await openai.files.content(output)).text()];
  }),
  operation("a batch, cancelled", async (openai) => {
    const [file, batch] = await madeBatch(openai);
    return [file, batch, await openai.batches.cancel(batch.id)];
  }),
  operation("the list of batches", (openai) => allOf(openai.batches.list())),
];
