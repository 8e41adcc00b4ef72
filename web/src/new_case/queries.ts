import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body } from "../api/client";
import type { CaseJob, NewCase } from "../api/types";

const LOOK_EVERY_MS = 1_000;

export function useMake() {
  return useMutation({
    mutationFn: ({ upload_id, wish }: { upload_id: string; wish: NewCase }) =>
      body(api.POST("/api/uploads/{upload_id}/case", { params: { path: { upload_id } }, body: wish })),
  });
}

export const isOver = (job: CaseJob | undefined): boolean => job?.status === "done" || job?.status === "failed";

/** A job's state, looked at every second until it is over. */
export function useJob(job_id: string | null) {
  const queries = useQueryClient();
  return useQuery({
    queryKey: ["case-job", job_id],
    enabled: job_id !== null,
    staleTime: 0,
    gcTime: 0,
    refetchInterval: ({ state }) => (isOver(state.data) ? false : LOOK_EVERY_MS),
    queryFn: async () => {
      const job = await body(api.GET("/api/jobs/{job_id}", { params: { path: { job_id: job_id! } } }));
      if (job.status === "done") void queries.invalidateQueries({ queryKey: ["drafts"] });
      return job;
    },
  });
}
