import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { claimPort } from "./claim-port.ts";

const host = "127.0.0.1";

test.each([false, true])(
  "a taken port is refused, also one shared with SO_REUSEPORT: %s",
  async (reusePort) => {
    const other = createServer().listen({ host, port: 0, reusePort });
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await expect(claimPort("gateway", { host, port })).rejects.toMatchObject({
      code: "WEIR_PORT_UNUSABLE",
      exitCode: 4,
      remedy: expect.stringContaining("--gateway-port"),
    });
    other.close();
    await once(other, "close");
    await claimPort("gateway", { host, port });
  },
);

test("an address that this machine does not have names the setting", async () => {
  await expect(claimPort("console", { host: "203.0.113.7", port: 1 })).rejects.toMatchObject({
    remedy: expect.stringContaining("console.host"),
  });
});
