// The requests of "Tutorial: Develop and plan provisioning for a SCIM endpoint in Microsoft Entra
// ID" on learn.microsoft.com, section "Understand the Microsoft Entra SCIM implementation", and of
// its compliance page for the older forms ("Add", "False"); names and ids are ours.
import { expect, test } from "vitest";
import { createScimFixture } from "../testing/scim-fixture.ts";
import { enterpriseSchema, patchSchema, userSchema } from "./schema-urns.ts";

const patch = (...Operations: object[]) => ({ schemas: [patchSchema], Operations });
const query = (filter: string, more = "") => `?filter=${encodeURIComponent(filter)}${more}`;

test("Entra ID tests the connection, creates a user, updates, disables and deletes it", async () => {
  await using fixture = await createScimFixture();
  const { scim, newGroup, personOf } = fixture;
  const probe = await scim("GET", `/Users${query('userName eq "9d1f1b71-non-existent"')}`);
  expect([probe.status, probe.body["totalResults"]]).toEqual([200, 0]);
  const made = await scim("POST", "/Users", {
    schemas: [userSchema, enterpriseSchema],
    externalId: "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
    userName: "Test_User@example.com",
    active: true,
    emails: [{ primary: true, type: "work", value: "Test_User@example.com" }],
    meta: { resourceType: "User" },
    name: { formatted: "given family", familyName: "family", givenName: "given" },
    roles: [],
    [enterpriseSchema]: { department: "IT", costCenter: "CC-7" },
  });
  const id = String(made.body["id"]);
  expect(made.body[enterpriseSchema]).toEqual({ costCenter: "CC-7" });
  const found = await scim("GET", `/Users${query('userName eq "test_user@EXAMPLE.com"')}`);
  expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ id }] });
  await newGroup("eng", [id]);
  const updated = await scim(
    "PATCH",
    `/Users/${id}`,
    patch(
      { op: "Replace", path: 'emails[type eq "work"].value', value: "updated@example.com" },
      { op: "Replace", path: "name.familyName", value: "updatedFamilyName" },
      { op: "Add", path: `${enterpriseSchema}:costCenter`, value: "CC-8" },
      { op: "Add", path: 'addresses[type eq "work"].country', value: "DE" },
    ),
  );
  expect(updated.status).toBe(200);
  expect(updated.body).toMatchObject({
    emails: [{ value: "updated@example.com", type: "work" }],
    name: { familyName: "updatedFamilyName", givenName: "given" },
    [enterpriseSchema]: { costCenter: "CC-8" },
  });
  expect(await personOf("Test_User@example.com")).toMatchObject({ costCenter: "CC-8" });
  const flat = { "name.givenName": "Flat", [`${enterpriseSchema}:costCenter`]: "CC-9" };
  const pathless = await scim("PATCH", `/Users/${id}`, patch({ op: "Replace", value: flat }));
  expect(pathless.body).toMatchObject({
    name: { givenName: "Flat" },
    [enterpriseSchema]: { costCenter: "CC-9" },
  });
  for (const value of ["False", false])
    expect(
      (await scim("PATCH", `/Users/${id}`, patch({ op: "Replace", path: "active", value }))).body,
    ).toMatchObject({ active: false });
  expect((await personOf("Test_User@example.com"))?.["removedAtMs"]).not.toBeNull();
  expect((await scim("DELETE", `/Users/${id}`)).status).toBe(204);
  expect((await scim("GET", `/Users/${id}`)).status).toBe(404);
});

test("Entra ID sets and removes managers, and asks whether one is set", async () => {
  await using fixture = await createScimFixture();
  const { scim, newUser, newGroup, personOf } = fixture;
  const [chief, worker] = [await newUser("chief"), await newUser("worker")];
  await newGroup("eng", [chief, worker]);
  const path = `${enterpriseSchema}:manager`;
  const managers = [[{ $ref: `../Users/${chief}`, value: chief }], { value: chief }, chief];
  for (const value of managers) {
    await scim("PATCH", `/Users/${worker}`, patch({ op: "Add", path, value }));
    expect(await personOf("worker")).toMatchObject({ managerId: "chief" });
    const asked = await scim(
      "GET",
      `/Users${query(`id eq "${worker}" and manager eq "${chief}"`)}`,
    );
    expect(asked.body["totalResults"]).toBe(1);
    await scim("PATCH", `/Users/${worker}`, patch({ op: "Remove", path }));
    expect(await personOf("worker")).toMatchObject({ managerId: null });
  }
});

test("Entra ID creates a group, looks for it without members, and changes it", async () => {
  await using fixture = await createScimFixture();
  const { scim, newUser } = fixture;
  const member = await newUser("member");
  const made = await scim("POST", "/Groups", {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    externalId: "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159",
    displayName: "displayName",
    meta: { resourceType: "Group" },
  });
  const id = String(made.body["id"]);
  const change = async (...operations: object[]) =>
    (await scim("PATCH", `/Groups/${id}`, patch(...operations))).status;
  const $ref = null;
  await change({ op: "Add", path: "members", value: [{ $ref, value: member }] });
  const bare = await scim("GET", `/Groups/${id}?excludedAttributes=members`);
  expect(bare.body).not.toHaveProperty("members");
  const list = query('displayName eq "displayName"');
  const found = await scim("GET", `/Groups?excludedAttributes=members&${list.slice(1)}`);
  expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ id }] });
  expect(found.text).not.toContain("members");
  const isMember = async () => {
    const asked = query(`id eq "${id}" and members eq "${member}"`, "&attributes=id");
    return (await scim("GET", `/Groups${asked}`)).body["totalResults"];
  };
  expect(await isMember()).toBe(1);
  await change({ op: "Replace", path: "displayName", value: "renamed" });
  await change({ op: "Remove", path: "members", value: [{ $ref, value: member }] });
  expect(await isMember()).toBe(0);
  expect((await scim("GET", `/Groups/${id}`)).body).toMatchObject({ displayName: "renamed" });
  expect((await scim("DELETE", `/Groups/${id}`)).status).toBe(204);
});
