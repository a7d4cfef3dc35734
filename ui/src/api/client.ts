// The only place that speaks HTTP. Types come from docs/openapi.json; every failure leaves here as an ApiError, so pages never look at a Response.
import createClient from "openapi-fetch";
import { ApiError, readRefusal } from "./error";
import type { paths } from "./schema";

/** Told when an answer says that nobody is signed in any more. */
type Listener = () => void;
const expired = new Set<Listener>();

export function onSessionExpired(listener: Listener): () => void {
  expired.add(listener);
  return () => expired.delete(listener);
}

/** No answer after this long counts as none, milliseconds; the server itself gives up after 30 s. */
const PATIENCE_MS = 35_000;

const client = createClient<paths>({ baseUrl: "", fetch: patient });

async function patient(request: Request): Promise<Response> {
  try {
    return await fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE_MS)]) });
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    throw ApiError.unreachable();
  }
}

client.use({
  // The server takes a cookie only with a JSON content type, also where there is no body (docs/api-design.md, CSRF).
  onRequest({ request }) {
    if (request.method !== "GET") request.headers.set("content-type", "application/json");
    return request;
  },
  async onResponse({ request, response }) {
    if (response.ok) return;
    const refusal = await readRefusal(response);
    const signingIn = new URL(request.url).pathname.startsWith("/api/v1/auth/");
    if (response.status === 401 && !signingIn) for (const listener of expired) listener();
    throw refusal;
  },
});

export const api = client;

/** The body of an answer that has one. */
export async function body<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer;
  if (data === undefined) throw ApiError.unreadable();
  return data;
}

/** For answers without a body. */
export async function done(answer: Promise<unknown>): Promise<void> {
  await answer;
}
