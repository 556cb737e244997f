import { expect, test } from "vitest";
import { openAiFiles } from "./openai-files.ts";

const match = (method: string, path: string) =>
  openAiFiles.match({ method, path, query: "?limit=2", headers: {} });

test.each([
  ["POST", "/v1/files", "files.create", []],
  ["GET", "/v1/files", "files.list", []],
  ["GET", "/v1/files/file-1", "files.retrieve", ["file-1"]],
  ["DELETE", "/v1/files/file-1", "files.delete", ["file-1"]],
  ["GET", "/v1/files/file-1/content", "files.content", ["file-1"]],
  ["POST", "/v1/uploads", "uploads.create", []],
  ["POST", "/v1/uploads/upload_1/parts", "uploads.parts.create", ["upload_1"]],
  ["POST", "/v1/uploads/upload_1/complete", "uploads.complete", ["upload_1"]],
  ["POST", "/v1/uploads/upload_1/cancel", "uploads.cancel", ["upload_1"]],
  ["POST", "/v1/batches", "batches.create", []],
  ["GET", "/v1/batches", "batches.list", []],
  ["GET", "/v1/batches/batch_1", "batches.retrieve", ["batch_1"]],
  ["POST", "/v1/batches/batch_1/cancel", "batches.cancel", ["batch_1"]],
])("%s %s is %s, unread and only with leave", (method, path, id, stateIds) => {
  const operation = match(method, path);
  expect(operation).toMatchObject({ kind: "opaque", id, stateIds, method, metered: false });
  expect(operation?.upstreamPath("")).toBe(path.slice("/v1".length));
});

test.each([
  ["PUT", "/v1/files"],
  ["POST", "/v1/files/file-1"],
  ["GET", "/v1/files/"],
  ["GET", "/v1/files//content"],
  ["GET", "/v1/files/../models"],
  ["GET", "/v1/files/%2e%2e/content"],
  ["GET", "/v1/files/a%2fb"],
  ["GET", "/v1/files/a/content/b"],
  ["GET", "/v1/uploads"],
  ["GET", "/v1/filesystem"],
  ["POST", "/v1/batches/batch_1/cancel/x"],
  ["GET", "/v1/constructor"],
])("attack: %s %s is nothing that could be read as another path", (method, path) => {
  expect(match(method, path)).toBeNull();
});

test("tells the ids by which later calls name what was created", () => {
  const created = match("POST", "/v1/files");
  const completed = match("POST", "/v1/uploads/upload_1/complete");
  const read = (operation: typeof created, body: unknown) =>
    operation?.kind === "opaque" ? operation.meterJson?.(body) : undefined;
  expect(read(created, { id: "file-1", object: "file" })).toMatchObject({
    responseId: "file-1",
    stateIds: ["file-1"],
    tokens: null,
  });
  expect(read(completed, { id: "upload_1", file: { id: "file-2" } })).toMatchObject({
    stateIds: ["upload_1", "file-2"],
  });
  expect(read(created, undefined)).toMatchObject({ stateIds: [], ended: false });
  expect(match("GET", "/v1/files/file-1/content")).toMatchObject({ meterJson: null });
});
