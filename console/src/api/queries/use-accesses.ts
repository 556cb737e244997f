import type { AccessPage } from "@weir/gateway/contracts";
import {
  type InfiniteData,
  useInfiniteQuery,
  type UseInfiniteQueryResult,
} from "@tanstack/react-query";
import { useServices } from "../../services.ts";

const pageSize = 50;

/** Looks at the reader's data, newest first. */
export function useAccesses(): UseInfiniteQueryResult<InfiniteData<AccessPage>> {
  const { api } = useServices();
  return useInfiniteQuery({
    queryKey: ["accesses"],
    queryFn: ({ signal, pageParam }) =>
      api.accesses({ limit: pageSize, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchOnWindowFocus: false,
    staleTime: 60_000,
  });
}
