const defaultPage = 20;
const maxPage = 1000;

/** One page of a list, newest first, by `after_id` or `before_id`. */
export function batchPage<Item extends { readonly id: string }>(
  oldestFirst: readonly Item[],
  query: URLSearchParams,
  render: (item: Item) => object,
): object {
  const items = oldestFirst.toReversed();
  const asked = Number(query.get("limit") ?? defaultPage);
  const limit = Number.isInteger(asked) && asked > 0 ? Math.min(asked, maxPage) : defaultPage;
  const before = items.findIndex(({ id }) => id === query.get("before_id"));
  const after = items.findIndex(({ id }) => id === query.get("after_id"));
  const start = before === -1 ? after + 1 : Math.max(0, before - limit);
  const end = before === -1 ? start + limit : before;
  const page = items.slice(start, end);
  return {
    data: page.map((item) => render(item)),
    has_more: before === -1 ? end < items.length : start > 0,
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  };
}
