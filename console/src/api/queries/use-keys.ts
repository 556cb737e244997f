import type { CreatedKeyView, KeyList, KeyView, NewKey } from "@weir/gateway/contracts";
import {
  useMutation,
  type UseMutationResult,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from "@tanstack/react-query";
import { useServices } from "../../services.ts";

const queryKey = ["keys"];

/** The reader's own keys, newest first. */
export function useKeys(): UseQueryResult<KeyList> {
  const { api } = useServices();
  return useQuery({ queryKey, queryFn: ({ signal }) => api.keys(signal), staleTime: 30_000 });
}

/** Changes keys, and reads the list anew. A key itself is never kept in the cache. */
export interface KeyChanges {
  readonly create: UseMutationResult<CreatedKeyView, Error, NewKey>;
  readonly rotate: UseMutationResult<CreatedKeyView, Error, { id: string; overlapMs: number }>;
  readonly revoke: UseMutationResult<KeyView, Error, string>;
}

export function useKeyChanges(): KeyChanges {
  const { api } = useServices();
  const client = useQueryClient();
  const onSettled = (): Promise<void> => client.invalidateQueries({ queryKey });
  return {
    create: useMutation({ mutationFn: api.createKey, onSettled, gcTime: 0 }),
    rotate: useMutation({ mutationFn: api.rotateKey, onSettled, gcTime: 0 }),
    revoke: useMutation({ mutationFn: api.revokeKey, onSettled }),
  };
}
