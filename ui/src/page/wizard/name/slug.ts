// The address of an agent, made from its name: what the server takes (3 to 32 small letters, digits, hyphens; first a letter), and not taken yet.

const LONGEST = 32;
const SPELLED: Record<string, string> = { ä: "ae", ö: "oe", ü: "ue", ß: "ss", æ: "ae", ø: "o", å: "a", ł: "l", đ: "d" };

export function slugFor(name: string, taken: readonly string[] = []): string {
  const base = shaped(name);
  if (!taken.includes(base)) return base;
  for (let at = 2; ; at += 1) {
    const end = `-${at}`;
    const next = base.slice(0, LONGEST - end.length).replace(/-+$/, "") + end;
    if (!taken.includes(next)) return next;
  }
}

function shaped(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^\x20-\x7e]/gu, (letter) => SPELLED[letter] ?? letter)
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/['’]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, LONGEST)
    .replace(/-+$/, "");
  if (plain === "") return "agent";
  const begun = /^[a-z]/.test(plain) ? plain : `agent-${plain}`.slice(0, LONGEST).replace(/-+$/, "");
  return begun.length < 3 ? `${begun}-agent` : begun;
}
