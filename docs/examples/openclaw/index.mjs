// An OpenClaw plugin that asks Weir before a tool runs. Whatever fails, denies.

/** @returns why the tool must not run, or null */
export async function whyNot({ toolName, params, sessionKey }, config = {}, env = process.env) {
  const { url = "http://127.0.0.1:7777", keyEnv = "WEIR_KEY", timeoutMs = 10_000 } = config;
  try {
    const answer = await fetch(new URL("/v1/actions:authorize", url), {
      method: "POST",
      headers: {
        authorization: `Bearer ${env[keyEnv] ?? ""}`,
        "content-type": "application/json",
        ...(typeof sessionKey === "string" && { "x-session-id": sessionKey }),
      },
      body: JSON.stringify({ tool: { name: toolName, arguments: params ?? {} } }),
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { effect, userMessage } = await answer.json();
    if (answer.status === 200 && effect === "allow") return null;
    return userMessage || `Weir answered with status ${answer.status}.`;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `Weir could not be asked, so nothing runs: ${why}`;
  }
}

// oxlint-disable-next-line import/no-default-export -- OpenClaw takes a plugin by this
export default {
  id: "weir",
  register(api) {
    api.on("before_tool_call", async (event, context) => {
      const { toolName, params } = event;
      const asked = { toolName, params, sessionKey: context?.sessionKey };
      const blockReason = await whyNot(asked, api.pluginConfig);
      return blockReason === null ? undefined : { block: true, blockReason };
    });
  },
};
