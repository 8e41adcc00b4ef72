import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Problem, api, body } from "../api/client";
import type { PracticeSet, PracticeSetRequest } from "../api/types";

const TODAY = ["practice-set", "today"] as const;

/** The open set, else the one that was read today; null where there is neither. */
export function useToday() {
  return useQuery<PracticeSet | null>({
    queryKey: TODAY,
    staleTime: 0,
    queryFn: async () => {
      try {
        return await body(api.GET("/api/practice-sets/today"));
      } catch (error) {
        if (error instanceof Problem && error.status === 404) return null;
        throw error;
      }
    },
  });
}

/** How many cases of a set were read right; undefined until known. */
export function useRightOf(set_id: string) {
  return useQuery({
    queryKey: ["progress"],
    staleTime: 0,
    queryFn: () => body(api.GET("/api/progress")),
    select: ({ sets }) => sets.find((set) => set.set_id === set_id)?.right,
  });
}

export function usePracticeSet(set_id: string) {
  return useQuery({
    queryKey: ["practice-set", set_id],
    staleTime: 0,
    queryFn: () => body(api.GET("/api/practice-sets/{set_id}", { params: { path: { set_id } } })),
  });
}

export function usePracticeOptions() {
  return useQuery({
    queryKey: ["practice-options"],
    staleTime: Infinity,
    queryFn: () => body(api.GET("/api/practice-options")),
  });
}

export function useMakeSet() {
  const queries = useQueryClient();
  return useMutation({
    // Making a set is not repeatable: a second try would replace the set the first one made.
    retry: false,
    mutationFn: (sent: PracticeSetRequest) => body(api.POST("/api/practice-sets", { body: sent })),
    onSuccess: (set) => queries.setQueryData(TODAY, set),
  });
}
