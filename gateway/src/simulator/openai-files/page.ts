const maxPage = 100;

/** One page of a list, newest first unless asked otherwise, after the thing that `after` names. */
export function pageOf<Item extends { readonly id: string }>(
  oldestFirst: readonly Item[],
  query: URLSearchParams,
  render: (item: Item) => object,
): object {
  const items = query.get("order") === "asc" ? oldestFirst : oldestFirst.toReversed();
  const after = query.get("after");
  const start = after === null ? 0 : items.findIndex(({ id }) => id === after) + 1;
  const asked = Number(query.get("limit") ?? maxPage);
  const limit = Number.isInteger(asked) && asked > 0 ? Math.min(asked, maxPage) : maxPage;
  const page = items.slice(start, start + limit);
  return {
    object: "list",
    data: page.map((item) => render(item)),
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
    has_more: start + limit < items.length,
  };
}
