import { isJsonObject, type JsonObject, objectsIn } from "../json-value.ts";
import type { OfferedTool } from "../request.ts";

/**
 * The tools that the model may call at the client: functions, tools that take free text, and both
 * inside namespaces, in the order of the list. Tools that run at the provider are left out.
 */
export function readTools(tools: unknown, namespace?: string): readonly OfferedTool[] {
  return objectsIn(tools).flatMap((tool) => {
    if (typeof tool["name"] !== "string") return [];
    const { name } = tool;
    const place = namespace === undefined ? {} : { namespace };
    switch (tool["type"]) {
      case "function": {
        const schema: unknown = tool["parameters"];
        return [{ name, schema: isJsonObject(schema) ? schema : {}, ...place }];
      }
      case "custom":
        return [{ name, schema: {}, takesText: true as const, ...place }];
      case "namespace":
        return namespace === undefined ? readTools(tool["tools"], name) : [];
      default:
        return [];
    }
  });
}

/** Whether the list has the provider's own web search. */
export function offersSearch(tools: unknown): boolean {
  return objectsIn(tools).some((tool) => String(tool["type"]).startsWith("web_search"));
}

/** Name of the tool that the caller insists on; "" = any, null = none may be called. */
export function readToolChoice(choice: unknown): string | null {
  if (choice === "none") return null;
  return isJsonObject(choice) && typeof choice["name"] === "string" ? choice["name"] : "";
}

/** All tool lists of a request: its `tools`, and those that came inside the input. */
export function toolLists(body: JsonObject, items: readonly JsonObject[]): readonly unknown[] {
  const inside = items.filter((item) => item["type"] === "additional_tools");
  return [body["tools"], ...inside.map((item) => item["tools"])].flatMap((list) =>
    Array.isArray(list) ? list : [],
  );
}
