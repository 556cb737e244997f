import type { GrantList, GrantView, NewGrant } from "@weir/gateway/contracts";
import {
  useMutation,
  type UseMutationResult,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from "@tanstack/react-query";
import { useServices } from "../../services.ts";

const queryKey = ["grants"];

/** What agents may do in the reader's name, newest first. */
export function useGrants(): UseQueryResult<GrantList> {
  const { api } = useServices();
  return useQuery({ queryKey, queryFn: ({ signal }) => api.grants(signal), staleTime: 30_000 });
}

/** Changes grants, and reads the list anew. */
export interface GrantChanges {
  readonly create: UseMutationResult<GrantView, Error, NewGrant>;
  readonly revoke: UseMutationResult<GrantView, Error, string>;
}

export function useGrantChanges(): GrantChanges {
  const { api } = useServices();
  const client = useQueryClient();
  const onSettled = (): Promise<void> => client.invalidateQueries({ queryKey });
  return {
    create: useMutation({ mutationFn: api.createGrant, onSettled }),
    revoke: useMutation({ mutationFn: api.revokeGrant, onSettled }),
  };
}
