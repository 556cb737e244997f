import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { openUpload } from "./testing/open-upload.ts";
import { field, file, form, formType, part } from "./testing/form-body.ts";
import { json, startRaw } from "./testing/serve.ts";
import { wholeBody } from "./testing/start-raw-upstream.ts";
import { allow } from "./testing/start-test-proxy.ts";

const path = "/v1/audio/transcriptions";
const transcript =
  '{"text":"hello","usage":{"type":"tokens","input_tokens":11,"output_tokens":5,"total_tokens":16}}';
const type = { "content-type": formType };
const model = field("model", "m-1");

/** A provider that takes forms, and all the bodies that reached their end there. */
async function startForms(options: Parameters<typeof startRaw>[1] = {}) {
  const bodies: { bytes: Buffer; headers: IncomingMessage["headers"]; types: string[] }[] = [];
  const { proxy, upstream } = await startRaw((request, response) => {
    const takeForm = async () => {
      const bytes = await wholeBody(request);
      const types = request.rawHeaders.filter((value) => value.startsWith("multipart/"));
      bodies.push({ bytes, headers: request.headers, types });
      response.writeHead(200, json).end(transcript);
    };
    // A form that is broken off is none.
    takeForm().catch(() => undefined);
  }, options);
  const send = async (body: Buffer, headers: Record<string, string | string[]> = type) => {
    const upload = openUpload(`${proxy.url}${path}`, headers);
    upload.end(body);
    return upload.answer;
  };
  return { proxy, upstream, bodies, send };
}

test("fields before or after the file decide alike, and the form arrives byte for byte", async () => {
  const { proxy, bodies, send } = await startForms();
  const noise = Buffer.from([0, 255, 13, 10, 45, 45, 128, 10]);
  const before = form(field("prompt", "日本"), model, field("stream", "false"), file(noise));
  const after = form(file(noise), field("stream", "false"), model, field("prompt", "日本"));
  for (const body of [before, after]) {
    expect(await send(body)).toMatchObject({ status: 200, body: transcript });
    expect(bodies.at(-1)?.bytes.equals(body)).toBe(true);
    expect(bodies.at(-1)?.headers).toMatchObject({
      "content-type": formType,
      authorization: "Bearer sk-upstream",
    });
  }
  for (const call of await proxy.recorded(2)) {
    expect(call).toMatchObject({
      operation: "audio.transcriptions",
      modelRequested: "m-1",
      stream: false,
      outcome: "completed",
      usage: { source: "provider_final", tokens: { inputUncached: 11, outputVisible: 5 } },
    });
  }
  expect(proxy.decisions.map(({ call }) => call?.model)).toEqual(["m-1", "m-1"]);
});

test("a form keeps the length that its client declared", async () => {
  const { bodies, send } = await startForms();
  const body = form(model, file("sound"));
  await send(body, { ...type, "content-length": String(body.length) });
  expect(bodies[0]?.headers["content-length"]).toBe(String(body.length));
});

test("a form may come in packets of one byte", async () => {
  const { proxy, bodies } = await startForms();
  const upload = openUpload(`${proxy.url}${path}`, type);
  const body = form(model, file("sound"));
  for (const byte of body) await upload.write(Buffer.from([byte]));
  upload.end();
  expect(await upload.answer).toMatchObject({ status: 200 });
  expect(bodies[0]?.bytes.equals(body)).toBe(true);
});

test("the provider gets a file's first bytes while its client is still sending", async () => {
  const reached = Promise.withResolvers<void>();
  const { proxy } = await startRaw((request, response) => {
    let seen = "";
    request.on("data", (chunk: Buffer) => {
      seen += chunk.toString("latin1");
      if (seen.includes("first half")) reached.resolve();
    });
    request.on("end", () => response.writeHead(200, json).end(transcript));
  });
  const body = form(model, file("first half, second half"));
  const middle = body.indexOf(", second");
  const upload = openUpload(`${proxy.url}${path}`, type);
  await upload.write(body.subarray(0, middle));
  await reached.promise;
  upload.end(body.subarray(middle));
  expect(await upload.answer).toMatchObject({ status: 200 });
});

test("a denied form never reaches the provider, whatever is still to come of it", async () => {
  const { proxy, bodies } = await startForms({ policy: { ...allow, effect: "deny" } });
  const upload = openUpload(`${proxy.url}${path}`, type);
  await upload.write(Buffer.concat([model, file("x".repeat(1_000)).subarray(0, 500)]));
  expect(await upload.answer).toMatchObject({ status: 403 });
  upload.leave();
  expect(bodies).toEqual([]);
  expect((await proxy.recorded(1))[0]).toMatchObject({ outcome: "denied", modelRequested: "m-1" });
});

const twice = "Content-Disposition: form-data; name=";
test.each([
  ["without the field that decides", form(file("x")), "WEIR_FIELD_INVALID"],
  ["without anything", form(), "WEIR_FIELD_INVALID"],
  ["with two models", form(model, field("model", "m-2"), file("x")), "WEIR_FORM_INVALID"],
  [
    "with two models around the file",
    form(model, file("x"), field("model", "m-2")),
    "WEIR_FORM_INVALID",
  ],
  [
    "with a second spelling of the model",
    form(model, field("Model", "m-2"), file("x")),
    "WEIR_FORM_INVALID",
  ],
  [
    "with only an odd spelling of the model",
    form(field("MODEL", "m-2"), file("x")),
    "WEIR_FORM_INVALID",
  ],
  [
    "with a list for the model",
    form(model, field("model[]", "m-2"), file("x")),
    "WEIR_FORM_INVALID",
  ],
  ["with a file for the model", form(file("m-2", "model"), file("x")), "WEIR_FORM_INVALID"],
  [
    "with a file for the model beside the field",
    form(model, file("x"), file("m-2", "model")),
    "WEIR_FORM_INVALID",
  ],
  [
    "with a stream switch behind the file",
    form(model, file("x"), field("stream", "true")),
    "WEIR_FORM_INVALID",
  ],
  [
    "with a model in another charset",
    form(part(`${twice}"model"\r\nContent-Type: text/plain; charset=utf-16`, "m-1"), file("x")),
    "WEIR_FORM_INVALID",
  ],
  [
    "with a part that has no name",
    form(model, part("Content-Disposition: form-data", "x"), file("x")),
    "WEIR_FORM_INVALID",
  ],
  ["with a model that is no name", form(field("model", ""), file("x")), "WEIR_FIELD_INVALID"],
  ["that ends in the middle", form(model, file("x")).subarray(0, -10), "WEIR_FORM_INVALID"],
  [
    "with a model behind a thousand fields",
    form(
      model,
      file("x"),
      ...Array.from({ length: 1_001 }, () => field("a", "b")),
      field("model", "m-2"),
    ),
    "WEIR_FORM_INVALID",
  ],
])("attack: a form %s is refused and never whole at the provider", async (_what, body, code) => {
  const { proxy, bodies, send } = await startForms();
  const answer = await send(body);
  expect(answer).toMatchObject({ status: 400, body: expect.stringContaining(code) });
  expect(bodies).toEqual([]);
  expect((await proxy.recorded(1))[0]).toMatchObject({
    outcome: "invalid_request",
    errorCode: code,
  });
  expect(proxy.failures).toEqual([]);
});

test("attack: a second content-type, by which the provider might read the form, does not get there", async () => {
  const { bodies, send } = await startForms();
  const other = 'multipart/form-data; boundary="other"';
  const answer = await send(form(model, file("x")), { "content-type": [formType, other] });
  expect(answer.status).toBe(200);
  expect(bodies[0]?.types).toEqual([formType]);
});

test("a form is not held beyond the limit of a body; one that decides early may be longer", async () => {
  const limits = { maxBodyBytes: 2_048, maxUploadBytes: 100_000 };
  const { proxy, bodies, send } = await startForms({ limits });
  const long = file("x".repeat(5_000));
  expect(await send(form(model, long))).toMatchObject({ status: 200 });
  expect(bodies).toHaveLength(1);
  expect(await send(form(long, model))).toMatchObject({
    status: 413,
    body: expect.stringContaining("Send that field before the file"),
  });
  expect((await proxy.recorded(2))[1]).toMatchObject({ outcome: "too_large" });
});

test("a form that grows beyond the limit of an upload is refused in mid-stream", async () => {
  const { proxy, bodies, send } = await startForms({ limits: { maxUploadBytes: 10_000 } });
  const answer = await send(form(model, file("x".repeat(20_000))));
  expect(answer).toMatchObject({ status: 413, body: expect.stringContaining("maxUploadBytes") });
  expect(bodies).toEqual([]);
  expect((await proxy.recorded(1))[0]).toMatchObject({ outcome: "too_large" });
});

test("what is held of forms counts against the room of all calls, and is given back", async () => {
  const { send } = await startForms({ maxBodyBytesInMemory: 3_000 });
  const held = form(file("x".repeat(2_000)), model);
  expect(await send(form(file("x".repeat(4_000)), model))).toMatchObject({ status: 503 });
  for (let count = 0; count < 3; count += 1) {
    expect(await send(held)).toMatchObject({ status: 200 });
  }
});

test("a compressed form is refused by name: it could not be read on its way", async () => {
  const { send } = await startForms();
  const answer = await send(form(model, file("x")), { ...type, "content-encoding": "gzip" });
  expect(answer).toMatchObject({ status: 415 });
});

test("a client that leaves inside a held form leaves one row and asks no provider", async () => {
  const { proxy, bodies } = await startForms();
  const upload = openUpload(`${proxy.url}${path}`, type);
  await upload.write(file("sound"));
  upload.leave();
  expect((await proxy.recorded(1))[0]).toMatchObject({ outcome: "client_abort", attempts: 0 });
  expect(bodies).toEqual([]);
});

test("an alias is replaced in the form, and nothing else of it", async () => {
  const target = { provider: "test", model: "m-much-longer", weight: 1 };
  const aliases = [{ name: "m-1", strategy: "ordered" as const, targets: [target] }];
  const { proxy, bodies, send } = await startForms({ aliases });
  const noise = Buffer.from("\r\n\r\nm-1\r\n--b0undar \0ÿ", "latin1");
  expect(await send(form(field("prompt", "m-1"), model, file(noise)))).toMatchObject({
    status: 200,
  });
  const expected = form(field("prompt", "m-1"), field("model", "m-much-longer"), file(noise));
  expect(bodies[0]?.bytes.equals(expected)).toBe(true);
  expect((await proxy.recorded(1))[0]).toMatchObject({
    modelRequested: "m-1",
    modelResolved: "m-much-longer",
  });
});

test("an obligation that cannot be carried out in a form is a denial", async () => {
  const obligations = [{ type: "cap_max_tokens" as const, maxTokens: 5 }];
  const { bodies, send } = await startForms({ policy: { ...allow, obligations } });
  expect(await send(form(model, file("x")))).toMatchObject({ status: 403 });
  expect(bodies).toEqual([]);
});
