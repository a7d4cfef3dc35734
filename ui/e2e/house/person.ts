// Accounts by way of the API, and what a test needs to know or arrange behind the browser's back.
import type { APIRequestContext, BrowserContext } from "@playwright/test";
import type { Creel } from "./creel";

export const PASSWORD = "correct horse battery";
let people = 0;

export function freshEmail(name = "ann"): string {
  people += 1;
  return `${name}${people}-${process.pid}@example.org`;
}

/** Somebody signed in with this context's cookies. */
export class Person {
  constructor(
    readonly email: string,
    private readonly creel: Creel,
    private readonly request: APIRequestContext,
  ) {}

  async call<T>(method: string, path: string, data?: unknown): Promise<T> {
    const answer = await this.request.fetch(`${this.creel.url}/api/v1${path}`, {
      method,
      data,
      headers: headers(this.creel),
    });
    const text = await answer.text();
    if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  get<T>(path: string): Promise<T> {
    return this.call("GET", path);
  }

  post<T>(path: string, data: unknown = {}): Promise<T> {
    return this.call("POST", path, data);
  }

  /** An instance, made the short way; waits until it runs. */
  async instance(slug: string, more: Record<string, unknown> = {}): Promise<void> {
    await this.post("/instances", { slug, ...more });
    await this.until(slug, "running");
  }

  async until(slug: string, state: string): Promise<void> {
    const deadline = Date.now() + 20_000;
    let seen = "";
    while (Date.now() < deadline) {
      const instance = await this.get<{ state: string; message?: string }>(`/instances/${slug}`);
      if (instance.state === state) return;
      seen = `${instance.state} ${instance.message ?? ""}`;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${slug} is ${seen}, not ${state}\n${this.creel.log()}`);
  }
}

export async function signUp(creel: Creel, context: BrowserContext, email: string, code?: string): Promise<Person> {
  const account = { email, password: PASSWORD, ...(code ? { setup_code: code } : {}) };
  await post(creel, context.request, "/auth/signup", account);
  return signIn(creel, context, email);
}

export async function signIn(creel: Creel, context: BrowserContext, email: string): Promise<Person> {
  await post(creel, context.request, "/auth/login", { email, password: PASSWORD });
  return new Person(email, creel, context.request);
}

export const STAFF = "staff@example.org";

/** The house has an operator: until then its front page asks for one. */
export async function appointOperator(creel: Creel): Promise<void> {
  const account = { email: STAFF, password: PASSWORD, setup_code: await creel.setupCode() };
  const answer = await fetch(`${creel.url}/api/v1/auth/signup`, {
    method: "POST",
    headers: headers(creel),
    body: JSON.stringify(account),
  });
  if (!answer.ok) throw new Error(`no operator: ${answer.status} ${await answer.text()}`);
}

async function post(creel: Creel, request: APIRequestContext, path: string, data: unknown): Promise<void> {
  const answer = await request.post(`${creel.url}/api/v1${path}`, { data, headers: headers(creel) });
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
}

/** Each call comes from a network of its own as far as the server's limits go. */
function headers(creel: Creel): Record<string, string> {
  const part = () => Math.floor(Math.random() * 254) + 1;
  return {
    origin: creel.url,
    "content-type": "application/json",
    "x-forwarded-for": `10.${part()}.${part()}.${part()}`,
  };
}
