// Signing up and then in, with what was typed.
import { api, done } from "~/api/client";
import { signIn } from "~/session/sign";

interface Person {
  email: string;
  password: string;
  setup_code?: string;
}

/** Whether it ended signed in. When not, nothing is known about the address, and nothing may be said. */
export async function join(person: Person): Promise<boolean> {
  await done(api.POST("/api/v1/auth/signup", { body: person }));
  return signIn({ email: person.email, password: person.password }).then(
    () => true,
    () => false,
  );
}
