// The server counts a character text in bytes, not in letters.
export const PERSONA_BYTES = 8 * 1024;

const encoder = new TextEncoder();
export const bytesOf = (text: string): number => encoder.encode(text.trim()).length;
