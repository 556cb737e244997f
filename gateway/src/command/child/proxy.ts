import { join } from "node:path";
import { readProviderSecrets } from "../../config/secrets.ts";
import { startProxy } from "../../proxy/run.ts";
import type { ProxyFacts, ProxySettings } from "../../supervisor/messages.ts";
import { serveChild } from "../../supervisor/serve-child.ts";
import { childLog } from "./log.ts";
import { startProxyTelemetry } from "./start-telemetry.ts";

const log = childLog(process.env["WEIR_CHILD_NAME"] ?? "proxy");

serveChild(process, log, async (settings: ProxySettings, keeper) => {
  const { dataDir } = settings.config;
  const telemetry = await startProxyTelemetry(process.env, settings.version, log);
  const proxy = await startProxy({
    ...settings,
    secrets: readProviderSecrets(settings.config, process.env),
    spoolRoot: join(dataDir, "spool"),
    snapshotDirectory: join(dataDir, "snapshot"),
    telemetry,
    keeper,
    log,
  });
  const facts: ProxyFacts = { port: proxy.port, url: proxy.url };
  const close = async () => {
    await proxy.close();
    await telemetry?.shutdown();
  };
  return { facts, serving: proxy.ready, registry: proxy.registry, close };
});
