import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body } from "../api/client";
import type { Draft, DraftEdit } from "../api/types";

export type QueueStatus = "draft" | "approved" | "rejected";
export const PAGE_SIZE = 25;

export function useQueue(status: QueueStatus, q: string, offset: number) {
  return useQuery({
    queryKey: ["drafts", status, q, offset],
    staleTime: 0,
    placeholderData: keepPreviousData,
    queryFn: () => body(api.GET("/api/drafts", { params: { query: { status, q, limit: PAGE_SIZE, offset } } })),
  });
}

export function useDraft(case_id: string) {
  return useQuery({
    queryKey: ["draft", case_id],
    staleTime: Infinity,
    queryFn: () => body(api.GET("/api/drafts/{case_id}", { params: { path: { case_id } } })),
  });
}

type Change = { edit: DraftEdit; changed: boolean };

/** Save, approve and reject. Approving saves first what was changed, so that what is approved is what is seen. */
export function useDraftChanges(case_id: string) {
  const queries = useQueryClient();
  const params = { path: { case_id } };
  const onSuccess = (draft: Draft) => {
    queries.setQueryData(["draft", case_id], draft);
    void queries.invalidateQueries({ queryKey: ["drafts"] });
  };
  const put = (edit: DraftEdit) => body(api.PUT("/api/drafts/{case_id}", { params, body: edit }));
  const stored = async ({ edit, changed }: Change) => (changed ? onSaved(await put(edit)) : edit.version);
  const onSaved = (draft: Draft) => {
    queries.setQueryData(["draft", case_id], draft);
    return draft.version;
  };
  const options = { retry: false, onSuccess } as const;
  const save = useMutation({ ...options, mutationFn: put });
  const approve = useMutation({
    ...options,
    mutationFn: async (change: Change) =>
      body(api.POST("/api/drafts/{case_id}/approval", { params, body: { version: await stored(change) } })),
  });
  const reject = useMutation({
    ...options,
    mutationFn: async ({ reason, ...change }: Change & { reason: string }) =>
      body(api.POST("/api/drafts/{case_id}/rejection", { params, body: { version: await stored(change), reason } })),
  });
  return { save, approve, reject };
}

/** The next draft that waits, other than this one. */
export async function nextDraft(case_id: string): Promise<string | null> {
  const query = { status: "draft" as const, limit: 2, offset: 0 };
  const page = await body(api.GET("/api/drafts", { params: { query } }));
  return page.items.find((item) => item.case_id !== case_id)?.case_id ?? null;
}
