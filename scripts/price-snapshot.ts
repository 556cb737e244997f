import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import {
  digestOf,
  type PriceSnapshot,
  trimProvider,
} from "../gateway/src/prices/snapshot-format.ts";

type Provider = Parameters<typeof trimProvider>[0];

// Resolved as the gateway would: the package is its dependency and not this folder's.
const requireAsGateway = createRequire(new URL("../gateway/package.json", import.meta.url));

/**
 * The snapshot's text for the installed package, a line a model. While nothing but the date would
 * differ from `before`, it keeps the date on which the data were taken.
 */
export async function snapshotText(before: string, today: string): Promise<string> {
  const entry = requireAsGateway.resolve("@pydantic/genai-prices");
  const folder = join(dirname(entry), "..");
  const providers = (await readData(entry)).map(trimProvider);
  const { version }: { version: string } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  );
  const license = readFileSync(join(folder, "LICENSE"), "utf8").trim();
  const header = { source: "@pydantic/genai-prices" as const, version, license };
  const write = (vendoredOn: string) =>
    format({ ...header, vendoredOn, sha256: digestOf(providers), providers });
  const kept = write(dateOf(before));
  return kept === before ? kept : write(today);
}

function dateOf(text: string): string {
  return /"vendoredOn": "([^"]*)"/.exec(text)?.[1] ?? "";
}

/** The data that the package brings along; a fresh instance, for a snapshot may be in this one. */
async function readData(entry: string): Promise<readonly Provider[]> {
  const library: { waitForUpdate: () => Promise<Provider[] | null> } = requireAsGateway(entry);
  const data = await library.waitForUpdate();
  if (data === null) throw new Error("the package has no data");
  return data;
}

function format({ providers, ...header }: PriceSnapshot): string {
  const fields = Object.entries(header).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`,
  );
  const listed = providers.map(({ models, ...provider }) => {
    const head = JSON.stringify({ ...provider, models: [] }).slice(0, -"]}".length);
    return `    ${head}\n${models.map((model) => `      ${JSON.stringify(model)}`).join(",\n")}\n    ]}`;
  });
  return `{\n${fields.join("\n")}\n  "providers": [\n${listed.join(",\n")}\n  ]\n}\n`;
}
