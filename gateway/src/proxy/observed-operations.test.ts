import { expect, test } from "vitest";
import { findOperation } from "./routes.ts";
import { operationName } from "./observe/operation-name.ts";

// What the router makes of these paths, so that an operation that is renamed fails here.
test.each([
  ["/v1/chat/completions", "chat"],
  ["/v1/responses", "chat"],
  ["/v1/messages", "chat"],
  ["/v1/completions", "text_completion"],
  ["/v1/embeddings", "embeddings"],
  ["/v1beta/models/m:generateContent", "generate_content"],
  ["/v1beta/models/m:streamGenerateContent", "generate_content"],
  ["/v1beta/models/m:embedContent", "embeddings"],
  ["/v1/moderations", "moderations"],
  ["/v1/messages/count_tokens", "messages.count_tokens"],
])("POST %s is the operation %s", (path, name) => {
  const operation = findOperation({ method: "POST", path, query: "", headers: {} });
  expect(operationName(operation?.id ?? "")).toBe(name);
});
