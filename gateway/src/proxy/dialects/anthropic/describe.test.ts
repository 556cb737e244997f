import { expect, test } from "vitest";
import { describeMessages } from "./describe.ts";
import { capMessagesTokens, stripMessagesTools } from "./edits.ts";

const body = {
  model: "c-1",
  max_tokens: 100,
  stream: true,
  tools: [
    { name: "Bash" },
    { type: "web_search_20250305", name: "web_search" },
    { type: "mcp_toolset" },
  ],
  mcp_servers: [{ name: "wiki", url: "https://wiki.example" }],
  messages: [
    { role: "user", content: "hi" },
    { role: "user", content: [{ type: "tool_result" }, { type: "text" }, { type: "tool_result" }] },
  ],
};

test("tells policy every tool, those at the provider and its MCP servers included", () => {
  expect(describeMessages(body)).toMatchObject({
    model: "c-1",
    stream: true,
    toolNames: ["Bash", "web_search", "mcp_toolset", "mcp:wiki"],
    maxTokens: 100,
    messageCount: 2,
    toolResultCount: 2,
  });
});

test("caps and strips without touching what is within the limits", () => {
  expect(capMessagesTokens(body, 100)).toEqual([]);
  expect(capMessagesTokens(body, 99)).toEqual([{ member: "max_tokens", json: "99" }]);
  expect(stripMessagesTools(body, new Set(["none"]))).toEqual([]);
  expect(stripMessagesTools(body, new Set(["mcp:wiki", "Bash"]))).toEqual([
    { member: "tools", json: JSON.stringify(body.tools.slice(1)) },
    { member: "mcp_servers", json: null },
  ]);
});
