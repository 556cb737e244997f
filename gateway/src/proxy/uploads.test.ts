import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { openUpload } from "./testing/open-upload.ts";
import { json, startRaw } from "./testing/serve.ts";
import { wholeBody } from "./testing/start-raw-upstream.ts";
import { allow, testKey } from "./testing/start-test-proxy.ts";

const type = { "content-type": "application/octet-stream" };
const denied = { ...allow, effect: "deny" as const };
const megabyte = Buffer.alloc(1_000_000, 7);

test("an upload passes byte for byte and as it comes: the provider has its beginning before its end is sent", async () => {
  const begun = Promise.withResolvers<void>();
  const whole = Promise.withResolvers<Buffer>();
  const { proxy } = await startRaw((request, response) => {
    request.once("data", () => begun.resolve());
    void wholeBody(request).then((bytes) => {
      whole.resolve(bytes);
      return response.writeHead(201, json).end('{"id":"file-1"}');
    });
  });
  const upload = openUpload(`${proxy.url}/v1/files?purpose=batch`, type);
  await upload.write(Buffer.from([0, 255, 13, 10]));
  await begun.promise;
  upload.end(Buffer.from("the rest"));
  expect(await upload.answer).toMatchObject({ status: 201, body: '{"id":"file-1"}' });
  expect(await whole.promise).toEqual(Buffer.from("\0\xff\r\nthe rest", "latin1"));
  expect((await proxy.recorded(1))[0]).toMatchObject({
    operation: "files.create",
    outcome: "completed",
    requestBytes: 12,
    usage: { source: "missing" },
  });
});

test("an upload over the limit is cut off: the provider never has all of it, the client has a 413", async () => {
  const wholes: Buffer[] = [];
  const { proxy } = await startRaw(
    (request) => {
      wholeBody(request).then(
        (bytes) => wholes.push(bytes),
        () => undefined,
      );
    },
    { limits: { maxUploadBytes: 100_000 } },
  );
  for (const framing of ["content-length", "transfer-encoding"]) {
    const value = framing === "content-length" ? String(megabyte.length) : "chunked";
    const upload = openUpload(`${proxy.url}/v1/files`, { ...type, [framing]: value });
    upload.end(megabyte);
    expect(await upload.answer).toMatchObject({
      status: 413,
      body: expect.stringContaining("limits.maxUploadBytes"),
    });
  }
  expect(wholes).toEqual([]);
  for (const call of await proxy.recorded(2)) {
    expect(call).toMatchObject({ outcome: "too_large", status: 413 });
  }
});

test("a client that leaves in mid-upload stops the provider's request and leaves a row that says so", async () => {
  const begun = Promise.withResolvers<void>();
  const broken = Promise.withResolvers<void>();
  const { proxy } = await startRaw((request) => {
    request.once("data", () => begun.resolve());
    wholeBody(request).catch(() => broken.resolve());
  });
  const upload = openUpload(`${proxy.url}/v1/files`, type);
  await upload.write(megabyte.subarray(0, 1_000));
  await begun.promise;
  upload.leave();
  await broken.promise;
  expect(await proxy.recorded(1)).toEqual([
    expect.objectContaining({ outcome: "client_abort", status: 0, requestBytes: 1_000 }),
  ]);
  expect(proxy.failures).toEqual([]);
});

test("attack: clients that leave in mid-upload or send too much do not shut a provider to others", async () => {
  const { proxy } = await startRaw(
    (request, response) => {
      wholeBody(request).then(
        () => response.writeHead(200, json).end("{}"),
        () => undefined,
      );
    },
    { limits: { maxUploadBytes: 10_000 }, routing: { breakerFailures: 2 } },
  );
  for (let count = 1; count <= 4; count += 1) {
    const large = openUpload(`${proxy.url}/v1/files`, type);
    large.end(megabyte);
    expect((await large.answer).status).toBe(413);
  }
  for (let count = 5; count <= 8; count += 1) {
    const left = openUpload(`${proxy.url}/v1/files`, type);
    await left.write("x");
    left.leave();
    await proxy.recorded(count);
  }
  const good = openUpload(`${proxy.url}/v1/files`, type);
  good.end("x");
  expect((await good.answer).status).toBe(200);
});

test("a provider that answers early is heard while the upload is still under way", async () => {
  const body = '{"error":{"message":"no such purpose"}}';
  const { proxy } = await startRaw((_request, response) => {
    response.writeHead(400, { ...json, "content-length": body.length }).end(body);
  });
  const upload = openUpload(`${proxy.url}/v1/files`, { ...type, "transfer-encoding": "chunked" });
  await upload.write("begun");
  expect(await upload.answer).toMatchObject({ status: 400, body });
  upload.leave();
  expect((await proxy.recorded(1))[0]).toMatchObject({ outcome: "upstream_error", status: 400 });
});

/** Sends all of its request before it reads a byte, as many clients do. */
async function sendAllThenRead(
  url: string,
  path: string,
  body: Buffer,
  headers = "",
): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.pause();
  const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${testKey}\r\n${headers}Content-Length: ${body.length}\r\n\r\n`;
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.write(Buffer.concat([Buffer.from(head), body]), (error) =>
      error === undefined || error === null ? resolve() : reject(error),
    );
  });
  socket.resume();
  const [answer] = await once(socket, "data");
  socket.destroy();
  return String(answer);
}

const large = Buffer.alloc(20_000_000, 7);

test("a denied upload is read to its end, so that a client which sends before it reads sees why", async () => {
  const { proxy } = await startRaw(() => undefined, { policy: denied });
  expect(await sendAllThenRead(proxy.url, "/v1/files", large)).toMatch(
    /^HTTP\/1\.1 403[^]*WEIR_POLICY_DENIED/,
  );
});

test("so is one that the provider has answered early", async () => {
  const { proxy } = await startRaw(
    (_request, response) => {
      response.writeHead(400, { ...json, "content-length": 2 }).end("{}");
    },
    { limits: { maxUploadBytes: 100_000_000 } },
  );
  expect(await sendAllThenRead(proxy.url, "/v1/files", large)).toMatch(/^HTTP\/1\.1 400/);
});

test("so is one that turns out to be too large", async () => {
  const { proxy } = await startRaw((request) => {
    wholeBody(request).catch(() => undefined);
  });
  expect(await sendAllThenRead(proxy.url, "/v1/files", large)).toMatch(/^HTTP\/1\.1 413/);
});

test("so is a form that is refused at its beginning", async () => {
  const { proxy } = await startRaw(() => undefined);
  const headers = "Content-Type: multipart/form-data; boundary=b\r\n";
  expect(await sendAllThenRead(proxy.url, "/v1/audio/transcriptions", large, headers)).toMatch(
    /^HTTP\/1\.1 400[^]*WEIR_FORM_INVALID/,
  );
});
