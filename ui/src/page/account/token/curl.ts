// A first call, to be pasted into a shell. Without a token's text it names a variable, so that none ends in a shell's history.
export function curl(origin: string): string {
  return `curl ${origin}/api/v1/instances \\\n  -H "Authorization: Bearer $CREEL_TOKEN"`;
}
