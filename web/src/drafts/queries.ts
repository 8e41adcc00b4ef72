import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body } from "../api/client";
import type { Draft, DraftEdit, DraftPage, NormalsWish } from "../api/types";

/** The lists of the page: drafts that can be reviewed, drafts that lack their images, and what was decided. */
export const LISTS = ["ready", "waiting", "approved", "rejected"] as const;
export type List = (typeof LISTS)[number];
export const PAGE_SIZE = 25;

const ASKED = {
  ready: { status: "draft", images: true },
  waiting: { status: "draft", images: false },
  approved: { status: "approved" },
  rejected: { status: "rejected" },
} as const;

export function useQueue(list: List, q: string, offset: number) {
  const query = { ...ASKED[list], q, limit: PAGE_SIZE, offset };
  return useQuery({
    queryKey: ["drafts", list, q, offset],
    staleTime: 0,
    placeholderData: keepPreviousData,
    queryFn: () => body(api.GET("/api/drafts", { params: { query } })),
  });
}

/** How many cases a list has, as a page of any of them tells. */
export function countOf(list: List, page: DraftPage | undefined): number | "" {
  if (!page) return "";
  return list === "ready" || list === "waiting" ? page[list] : (page.counts[list] ?? 0);
}

export function usePool() {
  return useQuery({
    queryKey: ["drafts", "pool"],
    staleTime: 0,
    queryFn: () => body(api.GET("/api/drafts/normals")),
  });
}

/** Makes drafts of normal cases; the lists then hold them. */
export function useDrawNormals() {
  const queries = useQueryClient();
  return useMutation({
    retry: false,
    mutationFn: (wish: NormalsWish) => body(api.POST("/api/drafts/normals", { body: wish })),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["drafts"] }),
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

/** Asks the rewriter for another wording of one sentence of the report. */
export function useWording(case_id: string) {
  return useMutation({
    retry: false,
    mutationFn: (sentence: { start: number; end: number }) =>
      body(api.POST("/api/drafts/{case_id}/wording", { params: { path: { case_id } }, body: sentence })),
  });
}

/** The next draft that can be reviewed, other than this one. */
export async function nextDraft(case_id: string): Promise<string | null> {
  const query = { ...ASKED.ready, limit: 2, offset: 0 };
  const page = await body(api.GET("/api/drafts", { params: { query } }));
  return page.items.find((item) => item.case_id !== case_id)?.case_id ?? null;
}
