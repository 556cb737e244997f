import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Provider, updatePrices } from "@pydantic/genai-prices";
import { Value } from "typebox/value";
import { digestOf, PriceSnapshot } from "./snapshot-format.ts";

/** The price table that comes with this Weir cannot be used; calls must not go unpriced unseen. */
export class PriceTableError extends Error {
  readonly code = "WEIR_PRICE_TABLE";

  constructor(reason: string, options?: ErrorOptions) {
    super(
      `The price table ${snapshotPath} ${reason}. Restore the file from Weir's own release`,
      options,
    );
    this.name = "PriceTableError";
  }
}

export interface PriceTable {
  /** `genai-prices@<version>+<digest>`: a changed price is a changed version. */
  readonly version: string;
  readonly vendoredOn: string;
  readonly providers: readonly Provider[];
}

export const snapshotPath = join(import.meta.dirname, "genai-prices.json");

let loaded: PriceTable | undefined;

/**
 * The vendored price table, which from then on is all that the library computes from.
 * @throws PriceTableError when the file is missing, damaged, or not what its digest says.
 */
export function loadPriceTable(): PriceTable {
  loaded ??= install(parsePriceTable(readSnapshot()));
  return loaded;
}

/** Checks a snapshot's text from first byte to last. @throws PriceTableError */
export function parsePriceTable(text: string): PriceTable {
  const snapshot = parseJson(text);
  if (!Value.Check(PriceSnapshot, snapshot)) {
    const [error] = Value.Errors(PriceSnapshot, snapshot);
    throw new PriceTableError(`is broken at ${error?.instancePath || "its root"}`);
  }
  const { version, vendoredOn, sha256, providers } = snapshot;
  if (digestOf(providers) !== sha256) throw new PriceTableError("does not match its own SHA-256");
  return {
    version: `genai-prices@${version}+${sha256.slice(0, 8)}`,
    vendoredOn,
    // The schema lets through what the library's own type does, but for the depth of `match`.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    providers: providers as unknown as Provider[],
  };
}

function readSnapshot(): string {
  try {
    return readFileSync(snapshotPath, "utf8");
  } catch (error) {
    throw new PriceTableError("cannot be read", { cause: error });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PriceTableError("is not JSON", { cause: error });
  }
}

/** Puts the snapshot in the place of the data that the library brings along. */
function install(table: PriceTable): PriceTable {
  try {
    updatePrices(({ setProviderData }) => setProviderData([...table.providers]));
  } catch (error) {
    throw new PriceTableError("is refused by the price library", { cause: error });
  }
  return table;
}
