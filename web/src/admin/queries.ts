import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body } from "../api/client";

export const PAGE_SIZE = 25;

/** How often a page looks again while something runs, in milliseconds. */
const LOOK_AGAIN = 3000;

/** What came from a command line is seen at once when its user comes back to the page. */
const FRESH = { staleTime: 0, refetchOnWindowFocus: true, placeholderData: keepPreviousData } as const;

export function useImports(offset: number) {
  return useQuery({
    queryKey: ["imports", offset],
    ...FRESH,
    queryFn: () => body(api.GET("/api/imports", { params: { query: { limit: PAGE_SIZE, offset } } })),
    refetchInterval: ({ state }) => state.data?.items.some((run) => run.status === "running") && LOOK_AGAIN,
  });
}

export function useImport(import_id: string) {
  return useQuery({
    queryKey: ["import", import_id],
    ...FRESH,
    queryFn: () => body(api.GET("/api/imports/{import_id}", { params: { path: { import_id } } })),
    refetchInterval: ({ state }) => state.data?.run.status === "running" && LOOK_AGAIN,
  });
}

export function useRefusals(import_id: string, problem: string | null, offset: number, running: boolean) {
  const query = { limit: PAGE_SIZE, offset, ...(problem !== null && { problem }) };
  return useQuery({
    queryKey: ["refusals", import_id, problem, offset],
    ...FRESH,
    queryFn: () => body(api.GET("/api/imports/{import_id}/refusals", { params: { path: { import_id }, query } })),
    refetchInterval: running && LOOK_AGAIN,
  });
}

export function useJobs(offset: number) {
  return useQuery({
    queryKey: ["jobs", offset],
    ...FRESH,
    queryFn: () => body(api.GET("/api/jobs", { params: { query: { limit: PAGE_SIZE, offset } } })),
    refetchInterval: ({ state }) =>
      ((state.data?.counts.queued ?? 0) > 0 || (state.data?.counts.running ?? 0) > 0) && LOOK_AGAIN,
  });
}

export function useRetry() {
  const queries = useQueryClient();
  return useMutation({
    retry: false,
    mutationFn: (job_id: string) => body(api.POST("/api/jobs/{job_id}/retry", { params: { path: { job_id } } })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["jobs"] }),
  });
}

export function useStorage() {
  return useQuery({ queryKey: ["storage"], ...FRESH, queryFn: () => body(api.GET("/api/storage")) });
}

export function useModel() {
  return useQuery({ queryKey: ["model"], ...FRESH, queryFn: () => body(api.GET("/api/model")) });
}

export function useAccounts() {
  return useQuery({ queryKey: ["accounts"], staleTime: 0, queryFn: () => body(api.GET("/api/accounts")) });
}

const AUDIT_ROWS = 200;

export function useAudit() {
  return useQuery({
    queryKey: ["audit"],
    staleTime: 0,
    queryFn: () => body(api.GET("/api/audit", { params: { query: { limit: AUDIT_ROWS } } })),
  });
}
