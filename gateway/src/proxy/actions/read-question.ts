import { Value } from "typebox/value";
import { ActionQuestion, EvaluationRequest } from "../../contracts/api/actions.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { JsonObject } from "../dialects/json-body.ts";
import type { AskedToolCall } from "../govern/tool-gate.ts";
import { Refusal } from "../refusal.ts";

/** @throws Refusal WEIR_FIELD_INVALID */
export function readQuestion(body: JsonObject): AskedToolCall {
  if (!Value.Check(ActionQuestion, body)) throw invalid(firstFault(ActionQuestion, body));
  const { name, server = "", arguments: args, schema = null } = body.tool;
  return { via: "action", server, name, argsText: textOf(args), schema };
}

/**
 * A tool as AuthZEN has it: `resource` is the tool, with its arguments among the properties. The
 * subject has to be the one whose credential it is: a name alone is no proof.
 *
 * @throws Refusal WEIR_FIELD_INVALID
 */
export function readEvaluation(body: JsonObject, principal: Principal): AskedToolCall {
  if (!Value.Check(EvaluationRequest, body)) throw invalid(firstFault(EvaluationRequest, body));
  const { subject, action, resource } = body;
  const { id, onBehalfOf } = principal;
  if (subject.id !== id && subject.id !== onBehalfOf)
    throw invalid("`subject.id` must be whom the credential is for: Weir decides for nobody else.");
  if (resource.type !== "tool") throw invalid('`resource.type` must be "tool".');
  if (action.name !== "call") throw invalid('`action.name` must be "call".');
  const { server = "", arguments: args, schema = null } = resource.properties ?? {};
  if (typeof server !== "string") throw invalid("`resource.properties.server` must be a string.");
  if (args !== undefined && (typeof args !== "object" || args === null || Array.isArray(args)))
    throw invalid("`resource.properties.arguments` must be an object.");
  return { via: "action", server, name: resource.id, argsText: textOf(args), schema };
}

function textOf(args: unknown): string {
  if (args === undefined) return "";
  return typeof args === "string" ? args : JSON.stringify(args);
}

function firstFault(schema: typeof ActionQuestion | typeof EvaluationRequest, body: JsonObject) {
  const [fault] = Value.Errors(schema, body);
  const path = fault === undefined ? "" : fault.instancePath.replaceAll("/", ".").slice(1);
  return `\`${path.slice(0, 100) || "body"}\` ${fault?.message ?? "is not valid"}.`;
}

function invalid(message: string): Refusal {
  return new Refusal("WEIR_FIELD_INVALID", { message });
}
