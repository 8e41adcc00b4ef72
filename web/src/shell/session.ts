import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Problem, api, body, rememberToken } from "../api/client";
import type { Me, Permission } from "../api/types";
import { unfinishedReads } from "../read/unfinished";

export const ME = ["me"] as const;

/** Who is signed in; null where nobody is. */
export function useMe() {
  return useQuery<Me | null>({
    queryKey: ME,
    staleTime: Infinity,
    queryFn: async () => {
      try {
        return remembered(await body(api.GET("/api/session")));
      } catch (error) {
        if (error instanceof Problem && error.status === 401) return null;
        throw error;
      }
    },
  });
}

function remembered(me: Me): Me {
  rememberToken(me.csrf);
  return me;
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (sent: { login: string; password: string }) =>
      remembered(await body(api.POST("/api/session", { body: sent }))),
    onSuccess: (me) => queries.setQueryData(ME, me),
  });
}

/** Ends the session and forgets everything it had fetched. */
export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => body(api.DELETE("/api/session")),
    onSettled: () => {
      unfinishedReads.forgetAll();
      // A fresh page holds nothing of the one who left: no cached images, no feedback, no token.
      queries.clear();
      window.location.assign("/");
    },
  });
}

export function may(me: Me, permission: Permission): boolean {
  return me.permissions.includes(permission);
}
