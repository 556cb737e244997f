// Names that people choose, wherever they come out: no header, no line of a log, no other field.
import { expect, test } from "vitest";
import { syncDirectory } from "../../control/directory/sync.ts";
import { createKey } from "../../control/keys/create.ts";
import { apiOperations, requestOf } from "../../control/testing/api-operations.ts";
import { createControlFixture, plan } from "../../control/testing/control-fixture.ts";
import { beginDeviceLogin } from "../device/device-login.ts";

const injected = "injected-by-a-name";
const name = `x\r\nset-cookie: ${injected}=1\r\n\r\n{"level":50,"${injected}":1}\u2028\u001b[2J<script>${injected}</script>`;

test("attack: a name becomes neither a header nor a line of the log, on any route", async () => {
  await using fixture = await createControlFixture();
  const { context, app, logged } = fixture;
  const [ada, ...others] = plan.people;
  if (ada === undefined) throw new Error("the plan has people");
  await syncDirectory(context, { ...plan, people: [{ ...ada, name }, ...others] });
  const { record } = await createKey(context, { name, personId: "ada" });
  await beginDeviceLogin(context, name);
  await app.ready();
  let answered = 0;
  for (const operation of apiOperations(app)) {
    const { payload, ...request } = requestOf(operation, record.id);
    const named = payload === undefined ? {} : { payload: { ...payload, name, reason: name } };
    for (const body of [payload === undefined ? {} : { payload }, named]) {
      const headers = { ...(await fixture.signIn("ada")), "user-agent": "x", referer: "y" };
      const answer = await app.inject({ ...request, headers, ...body });
      expect(JSON.stringify(answer.headers)).not.toContain(injected);
      const isText = /json|text\/plain/.test(String(answer.headers["content-type"]));
      if (answer.body.includes(injected))
        expect([operation.name, isText]).toEqual([operation.name, true]);
      answered += answer.body.includes(injected) ? 1 : 0;
    }
  }
  // It was there to come out: as the name in the profile, and of the key in the list.
  expect(answered).toBeGreaterThanOrEqual(2);
  for (const text of logged) {
    expect(text.trimEnd().split(/[\n\r\u2028]/)).toHaveLength(1);
    expect(JSON.parse(text)).not.toHaveProperty(injected);
  }
});

test("attack: a name is one text of a change's record, and adds no member to it", async () => {
  await using fixture = await createControlFixture();
  const sly = `x","roles":["admin"],"hash":"${injected}`;
  await createKey(fixture.context, { name: sly, personId: "bob" });
  const log = await fixture.store.selectFrom("adminLog").selectAll().execute();
  const after: unknown = JSON.parse(log.at(-1)?.after ?? "");
  expect(after).toMatchObject({ name: sly });
  expect(after).not.toHaveProperty("roles");
  expect(after).not.toHaveProperty("hash");
});

test("attack: what a device calls itself is shown without anything but letters and figures", async () => {
  await using fixture = await createControlFixture();
  const payload = new URLSearchParams({ client_id: "weir-cli", device_name: name }).toString();
  const headers = { host: "127.0.0.1:7778", "content-type": "application/x-www-form-urlencoded" };
  const url = "/oauth/device_authorization";
  const begun = await fixture.app.inject({ method: "POST", url, headers, payload });
  expect(begun.statusCode).toBe(200);
  const [row] = await fixture.store.selectFrom("deviceLogins").select("deviceName").execute();
  expect(row?.deviceName).toMatch(/^[\p{L}\p{N} ._@-]{1,60}$/u);
});
