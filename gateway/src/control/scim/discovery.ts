import { maxPageSize } from "./list-query.ts";
import { enterpriseSchema, groupSchema, listSchema, userSchema } from "./schema-urns.ts";

const schemaOfSchemas = "urn:ietf:params:scim:schemas:core:2.0:Schema";
const schemaOfTypes = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
const schemaOfConfig = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";

/** RFC 7643 §5. */
export function serviceProviderConfig(base: string): object {
  return {
    schemas: [schemaOfConfig],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: maxPageSize },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: "oauthbearertoken",
        name: "Bearer token",
        description: "The token that identity.scim.tokenEnv names, in the header Authorization",
        specUri: "https://www.rfc-editor.org/rfc/rfc6750",
        primary: true,
      },
    ],
    meta: { resourceType: "ServiceProviderConfig", location: `${base}/ServiceProviderConfig` },
  };
}

function resourceType(
  name: "User" | "Group",
  base: string,
): { id: string; [member: string]: unknown } {
  const schema = name === "User" ? userSchema : groupSchema;
  const extensions = name === "User" ? [{ schema: enterpriseSchema, required: false }] : [];
  return {
    schemas: [schemaOfTypes],
    id: name,
    name,
    endpoint: `/${name}s`,
    schema,
    schemaExtensions: extensions,
    meta: { resourceType: "ResourceType", location: `${base}/ResourceTypes/${name}` },
  };
}

interface Attribute {
  readonly name: string;
  readonly [characteristic: string]: unknown;
}

function attribute(name: string, more: object = {}): Attribute {
  const usual = { type: "string", multiValued: false, required: false, caseExact: false };
  const access = { mutability: "readWrite", returned: "default", uniqueness: "none" };
  return { name, ...usual, ...access, ...more };
}

const complex = (name: string, subAttributes: Attribute[], more: object = {}): Attribute =>
  attribute(name, { type: "complex", subAttributes, ...more });

const externalId = attribute("externalId", { caseExact: true });

const schemas: Readonly<Record<string, { name: string; attributes: Attribute[] }>> = {
  [userSchema]: {
    name: "User",
    attributes: [
      attribute("userName", { required: true, uniqueness: "server" }),
      externalId,
      attribute("displayName"),
      complex(
        "name",
        ["formatted", "familyName", "givenName"].map((name) => attribute(name)),
      ),
      attribute("active", { type: "boolean" }),
      complex(
        "emails",
        [attribute("value"), attribute("type"), attribute("primary", { type: "boolean" })],
        { multiValued: true },
      ),
    ],
  },
  [groupSchema]: {
    name: "Group",
    attributes: [
      attribute("displayName", { required: true, uniqueness: "server" }),
      externalId,
      complex(
        "members",
        [
          attribute("value", { mutability: "immutable", caseExact: true }),
          attribute("display", { mutability: "readOnly" }),
          attribute("type", { mutability: "immutable", canonicalValues: ["User"] }),
          attribute("$ref", {
            type: "reference",
            referenceTypes: ["User"],
            mutability: "immutable",
          }),
        ],
        { multiValued: true },
      ),
    ],
  },
  [enterpriseSchema]: {
    name: "Enterprise User",
    attributes: [attribute("costCenter"), complex("manager", [attribute("value")])],
  },
};

function schemaResource(id: string, base: string): { id: string; [member: string]: unknown } {
  const location = `${base}/Schemas/${id}`;
  const { name = "", attributes = [] } = schemas[id] ?? {};
  return {
    schemas: [schemaOfSchemas],
    id,
    name,
    attributes,
    meta: { resourceType: "Schema", location },
  };
}

function listOf(resources: readonly object[]): object {
  const total = resources.length;
  const counts = { totalResults: total, startIndex: 1, itemsPerPage: total };
  return { schemas: [listSchema], ...counts, Resources: resources };
}

/** RFC 7643 §6. `id` null = all of them; undefined where there is none of that name. */
export function resourceTypes(base: string, id: string | null): object | undefined {
  const types = [resourceType("User", base), resourceType("Group", base)];
  return id === null ? listOf(types) : types.find((type) => type.id === id);
}

/** RFC 7643 §7: what is kept of each resource. */
export function schemaResources(base: string, id: string | null): object | undefined {
  const all = Object.keys(schemas).map((name) => schemaResource(name, base));
  return id === null
    ? listOf(all)
    : all.find((schema) => schema.id.toLowerCase() === id.toLowerCase());
}
