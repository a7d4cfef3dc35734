// The one-time code in the part of the address that browsers never send.

/** Empty for whatever is not one: it is put into a field, and a link must not put anything else there. */
export function codeOf(fragment: string): string {
  const code = new URLSearchParams(fragment.replace(/^#/, "")).get("code") ?? "";
  return /^[\w-]{8,128}$/.test(code) ? code : "";
}
