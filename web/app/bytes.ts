/** Bytes in the browser. */

/** Base64 as byte text: one character per byte. */
export const fromBase64 = (text: string): string => atob(text);

export function toBytes(byteText: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(byteText, (char) => char.charCodeAt(0));
}

/** SHA-256 in hex; undefined where the browser does not offer it (plain http from another machine). */
export async function sha256(byteText: string): Promise<string | undefined> {
  // oxlint-disable-next-line typescript/no-unnecessary-condition
  if (!globalThis.crypto?.subtle) return undefined;
  const digest = await crypto.subtle.digest("SHA-256", toBytes(byteText));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const hexOf = (byteText: string): string =>
  [...byteText].map((char) => char.charCodeAt(0).toString(16).padStart(2, "0")).join(" ");
