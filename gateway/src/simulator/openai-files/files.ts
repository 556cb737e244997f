import { freeCall } from "../free-call.ts";
import { createdSeconds, framing, wholeReply } from "../reply.ts";
import { BadRequest } from "../request.ts";
import type { Route } from "../route.ts";
import { fieldOf, fileOf, serveForm } from "../serve-form.ts";
import { noTokens } from "../token-sum.ts";
import { filesFormat, filesRoute } from "./free-route.ts";
import { pageOf } from "./page.ts";
import type { Store, StoredFile } from "./store.ts";

export type FileStore = Store<StoredFile>;

const one = /^\/v1\/files\/(?<id>[^/]+)$/;
const content = /^\/v1\/files\/(?<id>[^/]+)\/content$/;

/** Uploads, and what can be done with them. */
export function fileRoutes(files: FileStore): readonly Route[] {
  return [
    { method: "POST", path: "/v1/files", wire: filesFormat, body: "unread", serve: upload(files) },
    filesRoute("GET", "/v1/files", ({ query }, named) => {
      const purpose = query.get("purpose");
      const listed = files.all().filter((file) => purpose === null || file.purpose === purpose);
      return freeCall(pageOf(listed, query, fileObject), named);
    }),
    filesRoute("GET", one, ({ params }, named) =>
      freeCall(fileObject(known(files, params)), named),
    ),
    filesRoute("DELETE", one, ({ params }, named) => {
      const { id } = known(files, params);
      files.delete(id);
      return freeCall({ id, object: "file", deleted: true }, named);
    }),
    filesRoute("GET", content, ({ params }, named) => {
      const file = known(files, params);
      const contentType = "application/octet-stream";
      const reply = () => wholeReply(framing(file.content), noTokens, { contentType });
      return { ...freeCall({}, named), reply };
    }),
  ];
}

/** @throws {BadRequest} 404 when there is no such file. */
export function knownFile(files: FileStore, id: string, status = 404): StoredFile {
  const file = files.get(id);
  if (file === null) throw new BadRequest(`No such File object: ${id}`, "id", status);
  return file;
}

function known(files: FileStore, params: Readonly<Record<string, string>>): StoredFile {
  return knownFile(files, params["id"] ?? "");
}

function upload(files: FileStore): Route["serve"] {
  return (call) =>
    serveForm(filesFormat, call, {
      keepsFiles: true,
      read: (form) => {
        const { filename, content: bytes } = fileOf(form, "file");
        const file: StoredFile = {
          id: files.newId("file-"),
          filename,
          purpose: fieldOf(form, "purpose"),
          content: bytes ?? Buffer.alloc(0),
        };
        files.put(file);
        return freeCall(fileObject(file), { model: "", digest: form.digest });
      },
    });
}

function fileObject({ id, filename, purpose, content: bytes }: StoredFile): object {
  return {
    id,
    object: "file",
    bytes: bytes.length,
    created_at: createdSeconds,
    filename,
    purpose,
    status: "processed",
  };
}
