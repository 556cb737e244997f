import type { FastifyInstance } from "fastify";
import type { RouteAccess } from "../../identity/permissions.ts";
import { type JsonSchema, sampleOf } from "./sample-of-schema.ts";

interface DocumentedOperation {
  readonly operationId?: string;
  readonly "x-weir-permission"?: RouteAccess;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: JsonSchema;
  }[];
  readonly requestBody?: {
    readonly content: { readonly "application/json"?: { readonly schema: JsonSchema } };
  };
}

/** An operation as the OpenAPI document has it. */
export interface ApiOperation {
  /** `POST /api/keys/{id}/rotate` */
  readonly name: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD";
  /** `/api/keys/{id}/rotate` */
  readonly path: string;
  readonly permission: RouteAccess | undefined;
  readonly needsSession: boolean;
  /** It is the identity provider's, which has a token of its own. */
  readonly isScim: boolean;
  readonly parameters: NonNullable<DocumentedOperation["parameters"]>;
  /** Of the JSON body; null = it takes none. */
  readonly body: JsonSchema | null;
}

function methodOf(method: string): ApiOperation["method"] {
  const upper = method.toUpperCase();
  switch (upper) {
    case "GET":
    case "POST":
    case "PUT":
    case "PATCH":
    case "DELETE":
    case "HEAD":
      return upper;
    default:
      throw new Error(`the API has no method ${method}`);
  }
}

function needs({ security = [] }: DocumentedOperation, scheme: string): boolean {
  return security.some((each) => Object.hasOwn(each, scheme));
}

/** Every operation of the OpenAPI document of the app, and its HEAD where it has one. */
export function apiOperations(app: FastifyInstance): ApiOperation[] {
  const document: { paths: Record<string, Record<string, DocumentedOperation>> } = JSON.parse(
    JSON.stringify(app.swagger()),
  );
  const heads = new Set(
    app.declaredRoutes.filter(({ method }) => method === "HEAD").map(({ url }) => url),
  );
  const documented = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: methodOf(method),
      path,
      permission: operation["x-weir-permission"],
      needsSession: needs(operation, "session"),
      isScim: needs(operation, "scimToken"),
      parameters: operation.parameters ?? [],
      body: operation.requestBody?.content["application/json"]?.schema ?? null,
    })),
  );
  return documented.flatMap((operation) => {
    const isAlsoHead = heads.has(operation.path.replaceAll(/\{(\w+)\}/g, ":$1"));
    if (operation.method !== "GET" || !isAlsoHead) return [operation];
    return [operation, { ...operation, method: "HEAD", name: `HEAD ${operation.path}` }];
  });
}

export interface ApiRequest {
  readonly method: ApiOperation["method"];
  readonly url: string;
  readonly payload?: object;
}

/** A request that its schemas let through. `id` stands for every parameter of the path. */
export function requestOf(operation: ApiOperation, id = "nothing-of-that-id"): ApiRequest {
  const required = operation.parameters.filter(
    (parameter) => parameter.in === "query" && parameter.required === true,
  );
  const fields = required.map(({ name, schema }) => [name, String(sampleOf(schema))] as const);
  const query = new URLSearchParams(Object.fromEntries(fields)).toString();
  const path = operation.path.replaceAll(/\{[^}]+\}/g, encodeURIComponent(id));
  const url = query === "" ? path : `${path}?${query}`;
  const { method, body } = operation;
  if (body === null) return { method, url };
  return { method, url, payload: Object(sampleOf(body)) };
}
