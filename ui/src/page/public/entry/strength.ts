// How hard a password is to guess, roughly and without a dictionary: enough to stop "aaaaaaaaaa", and never a reason to refuse one.

/** What the API asks for (SignUp.password in docs/openapi.json). */
export const MIN_CHARS = 10;
export const MAX_BYTES = 256;

export type Strength = "short" | "weak" | "fair" | "good" | "strong";

const WORN = ["password", "passwort", "qwerty", "qwertz", "asdfgh", "letmein", "welcome", "iloveyou", "admin", "creel"];
/** Bits of what is left after taking away what is easily guessed. */
const FAIR = 44;
const GOOD = 60;
const STRONG = 80;

export const missing = (password: string): number => Math.max(0, MIN_CHARS - [...password].length);

export function strength(password: string, email = ""): Strength {
  if (missing(password) > 0) return "short";
  const bits = informing(without(password, email)) * Math.log2(pool(password));
  if (bits < FAIR) return "weak";
  if (bits < GOOD) return "fair";
  return bits < STRONG ? "good" : "strong";
}

/** What everybody tries first, taken out. */
function without(password: string, email: string): string {
  const own = email.split("@")[0] ?? "";
  const known = own.length > 3 ? [...WORN, own.toLowerCase()] : WORN;
  return known.reduce((rest, word) => rest.replaceAll(word, ""), password.toLowerCase());
}

/** Characters that do not follow from the one before, each kind counted twice at most. */
function informing(text: string): number {
  const codes = [...text].map((char) => char.codePointAt(0) ?? 0);
  const fresh = codes.filter((code, at) => at === 0 || Math.abs(code - (codes[at - 1] ?? 0)) > 1);
  return Math.min(fresh.length, new Set(codes).size * 2);
}

function pool(password: string): number {
  const kinds: [RegExp, number][] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/[0-9]/, 10],
    [/[ -/:-@[-`{-~]/, 33],
    [/[^ -~]/, 100],
  ];
  return kinds.reduce((sum, [kind, size]) => sum + (kind.test(password) ? size : 0), 0);
}
