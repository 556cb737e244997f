import { createGrant } from "../delegation/grant.ts";
import { createKey } from "../keys/create.ts";
import { changeMembers } from "../scim/groups/change-members.ts";
import { createGroup, deleteGroup, updateGroup } from "../scim/groups/write-group.ts";
import { deleteUser } from "../scim/users/delete-user.ts";
import { noAttributes } from "../scim/users/user-attributes.ts";
import { createUser, updateUser } from "../scim/users/write-user.ts";
import { testRules } from "./scim-fixture.ts";
import type { Verb, VerbFixture } from "./verb.ts";

const people = ["control/directory/write-person.ts"];
const writeUser = ["control/scim/users/write-user.ts"];
const writeGroup = ["control/scim/groups/write-group.ts"];
const changedMembers = ["control/scim/groups/change-members.ts"];

const user = { ...noAttributes, userName: "cleo" };
const group = { displayName: "staff", externalId: null, members: new Set<string>() };

const newUser = async ({ context }: VerbFixture) => (await createUser(context, testRules, user)).id;
/** A user whose group has a team, and who is a person by that. */
const newPerson = async (fixture: VerbFixture) => {
  const id = await newUser(fixture);
  const members = new Set([id]);
  await createGroup(fixture.context, testRules, { ...group, displayName: "eng", members });
  return id;
};
const newGroup = async ({ context }: VerbFixture) =>
  (await createGroup(context, testRules, group)).id;
/** A group with one member. */
const newMember = async (fixture: VerbFixture) => {
  const members = new Set([await newUser(fixture)]);
  return (await createGroup(fixture.context, testRules, { ...group, members })).id;
};
const putMembers =
  (...members: string[]) =>
  ({ context }: VerbFixture, groupId: string) =>
    context.store.transaction().execute(async (transaction) => {
      const named = { id: groupId, displayName: "staff" };
      await changeMembers(transaction, context, named, new Set(members));
    });

/** What an identity provider writes over SCIM, which has a token of its own and no operation for people. */
export const scimVerbs: Readonly<Record<string, Verb>> = {
  "SCIM creating a user": {
    rows: ["scim-user.create"],
    from: writeUser,
    over: null,
    act: ({ context }) => createUser(context, testRules, user),
  },
  "SCIM changing a user": {
    rows: ["scim-user.update", "person.update"],
    from: [...writeUser, ...people],
    over: null,
    prepare: newPerson,
    act: ({ context }, id) =>
      updateUser(context, testRules, {
        id,
        ifMatch: null,
        change: (before) => ({ ...before, displayName: "Cleo" }),
      }),
  },
  "SCIM deleting a user": {
    rows: ["person.remove", "key.revoke", "grant.revoke", "scim-user.delete"],
    from: ["control/scim/users/delete-user.ts", "control/scim/users/revoke-for-good.ts", ...people],
    over: null,
    prepare: async (fixture) => {
      const id = await newPerson(fixture);
      await createKey(fixture.context, { name: "ci", personId: user.userName });
      const grant = {
        agent: "bob/triage",
        scopes: ["llm:call" as const],
        untilMs: fixture.clock.nowMs + 1,
      };
      await createGrant(fixture.context, { personId: user.userName, grant, serviceIds: new Set() });
      return id;
    },
    act: ({ context }, id) => deleteUser(context, testRules, { id, ifMatch: null }),
  },
  "SCIM creating a group": {
    rows: ["scim-group.create"],
    from: writeGroup,
    over: null,
    act: ({ context }) => createGroup(context, testRules, group),
  },
  "SCIM creating a group that has a team": {
    rows: ["scim-group.create", "scim-member.add", "person.create"],
    from: [...writeGroup, ...changedMembers, ...people],
    over: null,
    prepare: newUser,
    act: ({ context }, id) =>
      createGroup(context, testRules, { ...group, displayName: "eng", members: new Set([id]) }),
  },
  "SCIM changing a group": {
    rows: ["scim-group.update"],
    from: writeGroup,
    over: null,
    prepare: newGroup,
    act: ({ context }, id) =>
      updateGroup(context, testRules, {
        id,
        ifMatch: null,
        change: (before) => ({ ...before, displayName: "all staff" }),
      }),
  },
  "SCIM deleting a group": {
    rows: ["scim-group.delete"],
    from: writeGroup,
    over: null,
    prepare: newGroup,
    act: ({ context }, id) => deleteGroup(context, testRules, { id, ifMatch: null }),
  },
  "SCIM adding a member": {
    rows: ["scim-member.add"],
    from: changedMembers,
    over: null,
    prepare: async (fixture) => {
      const id = await newUser(fixture);
      return JSON.stringify([await newGroup(fixture), id]);
    },
    act: (fixture, prepared) => {
      const [groupId, userId]: string[] = JSON.parse(prepared);
      return putMembers(userId ?? "")(fixture, groupId ?? "");
    },
  },
  "SCIM removing a member": {
    rows: ["scim-member.remove"],
    from: changedMembers,
    over: null,
    prepare: newMember,
    act: putMembers(),
  },
};
