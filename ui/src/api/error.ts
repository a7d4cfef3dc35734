// What can go wrong, in one shape. `code` is for programs, `message` and `hint` are the server's own words for people.
import type { components } from "./schema";

type Envelope = components["schemas"]["ErrorEnvelope"];

export class ApiError extends Error {
  override readonly name = "ApiError";
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field?: string,
    readonly hint?: string,
    readonly requestId?: string,
    /** When asking again makes sense, seconds from the answer. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }

  /** Nothing answered: the network or Creel itself is away. */
  static unreachable(): ApiError {
    return new ApiError(0, "unreachable", "");
  }

  /** Something answered, but it was not Creel's API: a proxy's error page, say. */
  static unreadable(status = 502): ApiError {
    return new ApiError(status, "unreadable", "");
  }

  get isOutage(): boolean {
    return this.status === 0 || this.status >= 502;
  }
}

export async function readRefusal(response: Response): Promise<ApiError> {
  try {
    const { error } = (await response.clone().json()) as Envelope;
    const text = (value: string | null | undefined) => value ?? undefined;
    return new ApiError(
      response.status,
      error.code,
      error.message,
      text(error.field),
      text(error.hint),
      error.request_id,
      Number(response.headers.get("retry-after")) || undefined,
    );
  } catch {
    return ApiError.unreadable(response.status);
  }
}
