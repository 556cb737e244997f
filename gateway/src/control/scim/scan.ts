import { matches } from "./filter/matches.ts";
import type { Filter } from "./filter/parse-filter.ts";
import type { Found, Page } from "./list-query.ts";
import type { ScimResource } from "./resource.ts";

const batchSize = 500;

/**
 * Goes through all rows by their ids, a bounded number at a time, and keeps the page. A filter is
 * never made into SQL: it looks at what would be answered.
 */
export async function scan(
  filter: Filter,
  { offset, limit }: Pick<Page, "offset" | "limit">,
  readAfter: (id: string, limit: number) => Promise<readonly ScimResource[]>,
): Promise<Found<ScimResource>> {
  const rows: ScimResource[] = [];
  let total = 0;
  let last = "";
  for (;;) {
    const batch = await readAfter(last, batchSize);
    for (const resource of batch) {
      if (!matches(filter, resource)) continue;
      if (total >= offset && rows.length < limit) rows.push(resource);
      total += 1;
    }
    const end = batch.at(-1);
    if (end === undefined || batch.length < batchSize) return { total, rows };
    last = end.id;
  }
}
