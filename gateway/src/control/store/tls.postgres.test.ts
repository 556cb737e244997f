import { createServer } from "node:net";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { startPostgres } from "../../../../test/support/postgres/start-postgres.ts";
import { readRevision } from "./change.ts";
import { openStore } from "./open-store.ts";

test("over TLS the server's certificate is checked against the authority that the URL names", async () => {
  const server = await startPostgres({ tls: true });
  onTestFinished(() => server.remove());
  const withParameters = (parameters: Record<string, string>) => {
    const url = new URL(server.url);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url.href;
  };
  const refused = { code: "WEIR_STORE_UNUSABLE" };
  await expect(openStore(withParameters({}))).rejects.toMatchObject(refused);
  await expect(openStore(withParameters({ sslmode: "verify-full" }))).rejects.toMatchObject({
    ...refused,
    message: expect.stringContaining("self-signed certificate"),
  });
  const sslrootcert = server.certificate;
  const store = await openStore(withParameters({ sslmode: "verify-full", sslrootcert }));
  expect(await readRevision(store)).toBe(0);
  await store.destroy();
});

test("who asks for TLS sends no password to a server that has none", async () => {
  const received: Buffer[] = [];
  const plain = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      received.push(data);
      // "N": no TLS here.
      socket.write("N");
    });
  }).listen(0, "127.0.0.1");
  onTestFinished(async () => {
    plain.close();
    await once(plain, "close");
  });
  await once(plain, "listening");
  const address = plain.address();
  const port = typeof address === "object" ? address?.port : 0;
  const url = `postgres://weir:hunter2@127.0.0.1:${port}/weir?sslmode=verify-full`;
  await expect(openStore(url)).rejects.toMatchObject({ code: "WEIR_STORE_UNUSABLE" });
  expect(Buffer.concat(received).includes("hunter2")).toBe(false);
  expect(Buffer.concat(received).includes("weir")).toBe(false);
});
