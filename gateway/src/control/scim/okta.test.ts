// The requests of "SCIM 2.0 Protocol Reference" and "Build your SCIM API service" on
// developer.okta.com, in the order in which Okta sends them; names and ids are ours.
import { expect, test } from "vitest";
import { createKey } from "../keys/create.ts";
import { createScimFixture } from "../testing/scim-fixture.ts";
import { errorSchema, listSchema, patchSchema, userSchema } from "./schema-urns.ts";

const userName = "test.user@example.com";
const user = {
  schemas: [userSchema],
  userName,
  name: { givenName: "Test", familyName: "User" },
  emails: [{ primary: true, value: userName, type: "work" }],
  displayName: "Test User",
  locale: "en-US",
  externalId: "00ujl29u0le5T6Aj10h7",
  groups: [],
  password: "1mz050nq",
  active: true,
};
const filter = encodeURIComponent(`userName eq "${userName}"`);
const patch = (...Operations: object[]) => ({ schemas: [patchSchema], Operations });

test("Okta looks for a user, creates one, updates, deactivates and reactivates it", async () => {
  await using fixture = await createScimFixture();
  const { scim, newGroup, personOf, publisher, context } = fixture;
  const none = await scim("GET", `/Users?filter=${filter}&startIndex=1&count=100`);
  expect(none.body).toEqual({
    schemas: [listSchema],
    totalResults: 0,
    startIndex: 1,
    itemsPerPage: 0,
    Resources: [],
  });
  const made = await scim("POST", "/Users", user);
  expect(made.status).toBe(201);
  expect(made.headers["content-type"]).toMatch(/^application\/scim\+json/);
  expect(made.headers["location"]).toBe(
    `http://127.0.0.1:7778/scim/v2/Users/${String(made.body["id"])}`,
  );
  expect(made.body).toMatchObject({
    userName,
    externalId: user.externalId,
    name: user.name,
    emails: user.emails,
    active: true,
    meta: { resourceType: "User" },
  });
  expect(made.text).not.toContain("1mz050nq");
  const id = String(made.body["id"]);
  expect((await scim("POST", "/Users", user)).body).toMatchObject({
    schemas: [errorSchema],
    status: "409",
    scimType: "uniqueness",
  });
  await newGroup("eng", [id]);
  expect(await personOf(userName)).toMatchObject({
    name: "Test User",
    teamId: "beta",
    source: "scim",
    removedAtMs: null,
  });
  await createKey(context, { name: "ci", personId: userName });
  await publisher.refresh();
  const isLive = () =>
    publisher.current?.snapshot.keys.some(({ principal }) => principal.id === userName);
  expect(isLive()).toBe(true);
  const put = await scim("PUT", `/Users/${id}`, {
    ...user,
    id,
    name: { givenName: "Another", familyName: "User" },
    displayName: "Another User",
    meta: made.body["meta"],
  });
  expect(put.body).toMatchObject({ id, displayName: "Another User" });
  expect(await personOf(userName)).toMatchObject({ name: "Another User" });
  const off = await scim(
    "PATCH",
    `/Users/${id}`,
    patch({ op: "replace", value: { active: false } }),
  );
  expect([off.status, off.body["active"]]).toEqual([200, false]);
  expect((await personOf(userName))?.["removedAtMs"]).not.toBeNull();
  expect(isLive()).toBe(false);
  await scim("PATCH", `/Users/${id}`, patch({ op: "replace", value: { active: true } }));
  expect((await personOf(userName))?.["removedAtMs"]).toBeNull();
  expect(isLive()).toBe(true);
});

test("Okta pushes a group, renames it, changes its members and deletes it", async () => {
  await using fixture = await createScimFixture();
  const { scim, newUser, personOf } = fixture;
  const [first, second] = [await newUser("first"), await newUser("second")];
  const made = await scim("POST", "/Groups", {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    displayName: "Test SCIMv2",
    members: [],
  });
  const id = String(made.body["id"]);
  const byName = encodeURIComponent('displayName eq "Test SCIMv2"');
  expect((await scim("GET", `/Groups?filter=${byName}&startIndex=1&count=100`)).body).toMatchObject(
    { totalResults: 1, Resources: [{ id, members: [] }] },
  );
  const change = async (...operations: object[]) =>
    (await scim("PATCH", `/Groups/${id}`, patch(...operations))).status;
  expect(
    await change({ op: "add", path: "members", value: [{ value: first, display: "first" }] }),
  ).toBe(204);
  // Okta sends the group's own id with its new name.
  expect(await change({ op: "replace", value: { id, displayName: "ops" } })).toBe(204);
  expect(await personOf("first")).toMatchObject({ teamId: "alpha" });
  expect((await personOf("first"))?.["roles"]).toBe('["employee","security"]');
  expect(
    await change(
      { op: "remove", path: `members[value eq "${first}"]` },
      { op: "add", path: "members", value: [{ value: second, display: "second" }] },
    ),
  ).toBe(204);
  const members = async () => {
    const { body } = await scim("GET", `/Groups/${id}`);
    return body["members"];
  };
  expect(await members()).toMatchObject([{ value: second, display: "second" }]);
  expect((await personOf("first"))?.["removedAtMs"]).not.toBeNull();
  await change({ op: "replace", path: "members", value: [{ value: first }] });
  expect(await members()).toMatchObject([{ value: first }]);
  await scim("PUT", `/Groups/${id}`, { displayName: "ops", members: [{ value: second }] });
  expect(await members()).toMatchObject([{ value: second }]);
  expect((await scim("DELETE", `/Groups/${id}`)).status).toBe(204);
  expect((await scim("GET", `/Groups/${id}`)).body).toMatchObject({ status: "404" });
  expect((await personOf("second"))?.["removedAtMs"]).not.toBeNull();
});
