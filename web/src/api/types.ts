import type { paths } from "./schema";

type Json<R> = R extends { content: { "application/json": infer T } } ? T : never;
type Replies<P extends keyof paths, M extends keyof paths[P]> = paths[P][M] extends { responses: infer R } ? R : never;

/** The body of a good reply, by path and method, whatever the service calls its schemas. */
type Body<P extends keyof paths, M extends keyof paths[P]> =
  Json<Replies<P, M>[200 & keyof Replies<P, M>]> | Json<Replies<P, M>[201 & keyof Replies<P, M>]>;

/** What a request sends. */
type Sent<P extends keyof paths, M extends keyof paths[P]> = paths[P][M] extends { requestBody: infer B }
  ? Json<B>
  : never;

export type Me = Body<"/api/session", "get">;
export type PracticeOptions = Body<"/api/practice-options", "get">;
export type PracticeSet = Body<"/api/practice-sets/today", "get">;
export type PracticeSetRequest = Sent<"/api/practice-sets", "post">;
export type CaseStem = Body<"/api/cases/{case_id}/stem", "get">;
export type ImageRef = CaseStem["images"][number];
export type ImageGeometry = Body<"/api/images/{image_id}", "get">;
export type CatalogueEntry = Body<"/api/findings", "get">[number];
export type ReadingRequest = Sent<"/api/readings", "post">;
export type Feedback = Body<"/api/readings/{reading_id}/feedback", "get">;
export type Chance = Feedback["chance"];
/** How often reads at one stated confidence were right; `from` and `to` in percent, both included. */
export type ConfidenceBin = { from: number; to: number; reads: number; right: number };
export type Rate = Chance & { reads: number };
export type Progress = Omit<Body<"/api/progress", "get">, "overall" | "confidence"> & {
  overall: { sensitivity?: Rate; specificity?: Rate };
  confidence: ConfidenceBin[];
};
export type Ability = Progress["abilities"][number];
export type DraftPage = Body<"/api/drafts", "get">;
export type DraftRow = DraftPage["items"][number];
export type Draft = Body<"/api/drafts/{case_id}", "get">;
export type DraftEdit = Sent<"/api/drafts/{case_id}", "put">;
export type NewCase = Sent<"/api/uploads/{upload_id}/case", "post">;
export type CaseJob = Body<"/api/jobs/{job_id}", "get">;
export type Pool = Body<"/api/drafts/normals", "get">;
export type NormalsWish = Sent<"/api/drafts/normals", "post">;
export type Misses = Body<"/api/misses", "get">;
export type MissRow = Misses["practice"][number];
export type AuditRow = Body<"/api/audit", "get">[number];
export type Account = Body<"/api/accounts", "get">[number];
export type ImportPage = Body<"/api/imports", "get">;
export type ImportLine = ImportPage["items"][number];
export type ImportView = Body<"/api/imports/{import_id}", "get">;
export type JobPage = Body<"/api/jobs", "get">;
export type JobLine = JobPage["items"][number];
export type Storage = Body<"/api/storage", "get">;
export type ModelView = Body<"/api/model", "get">;
export type Fitted = NonNullable<ModelView["fitted"]>;

/** A place on one frame, in pixels from the image's upper left corner. */
export type Mark = Feedback["answer"]["marks"][number];
export type Lesion = Draft["lesions"][number];

export type Permission = "practise" | "edit_drafts" | "see_misses" | "administer";
