import createClient, { type Middleware } from "openapi-fetch";
import type { paths } from "./schema";

/** What the service says when it refuses: one line a person can act on (RFC 9457). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
  ) {
    super(detail);
  }
}

let csrf = "";

/** Remembers the session's token, which every change must carry. */
export function rememberToken(token: string): void {
  csrf = token;
}

/** The token, for a request that the client below does not send. */
export function requestToken(): string {
  return csrf;
}

const token: Middleware = {
  onRequest({ request }) {
    if (request.method !== "GET" && csrf) request.headers.set("X-Wetread-CSRF", csrf);
    return request;
  },
};

export const api = createClient<paths>({ baseUrl: "/" });
api.use(token);

type Reply<T> = { data?: T; error?: unknown; response: Response };

/** The body of a reply, or its Problem thrown. */
export async function body<T>(reply: Promise<Reply<T>>): Promise<T> {
  const { data, error, response } = await reply;
  if (!response.ok) throw problemOf(response.status, error);
  return data as T;
}

/** What a refusal says, whatever shape its body has. */
export function problemOf(status: number, error: unknown): Problem {
  const said = (typeof error === "object" && error !== null ? error : {}) as { title?: unknown; detail?: unknown };
  const title = typeof said.title === "string" ? said.title : String(status);
  return new Problem(status, title, typeof said.detail === "string" ? said.detail : title);
}
