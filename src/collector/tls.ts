/** The certificate of the console: one that was given, or one made here and kept. */
import { X509Certificate } from "node:crypto";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { generate } from "selfsigned";
import { Problems } from "../util/problem.ts";

export interface Certificate {
  cert: string;
  key: string;
  /** SHA-256 of the certificate, as browsers show it: to compare at the first visit. */
  fingerprint: string;
}

const DAY_MS = 86_400_000;
const DAYS = 397;
/** A made certificate is replaced when it has less than this left. */
const RENEW_MS = 30 * DAY_MS;

/** Reads a certificate and its key, both PEM. Throws Problems. */
export async function givenCertificate(certFile: string, keyFile: string): Promise<Certificate> {
  const [cert, key] = await Promise.all([read(certFile), read(keyFile)]);
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    const what = `does not go with ${keyFile}: ${(error as Error).message}`;
    throw new Problems([{ where: certFile, what, remedy: "Give a certificate and its own key, both as PEM." }]);
  }
  return { cert, key, fingerprint: fingerprintOf(cert) };
}

/** The certificate that was made for these names, kept in `folder`; a new one where there is none or it ends soon. */
export async function madeCertificate(folder: string, names: readonly string[], now: number): Promise<Certificate> {
  const files = { cert: join(folder, "cert.pem"), key: join(folder, "key.pem") };
  const all = [...new Set(["localhost", "127.0.0.1", "::1", hostname(), ...names])];
  try {
    const [cert, key] = await Promise.all([readFile(files.cert, "utf8"), readFile(files.key, "utf8")]);
    const known = new X509Certificate(cert);
    const names = all.every((name) => (isIP(name) ? known.checkIP(name) : known.checkHost(name)));
    if (names && Date.parse(known.validTo) - now > RENEW_MS) return { cert, key, fingerprint: fingerprintOf(cert) };
  } catch {
    // There is none yet, or none that can be used: it is made anew.
  }
  const made = await generate([{ name: "commonName", value: "Inktrap console" }], {
    algorithm: "sha256",
    keyType: "ec",
    notBeforeDate: new Date(now - DAY_MS),
    notAfterDate: new Date(now + DAYS * DAY_MS),
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: all.map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name })),
      },
    ],
  });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(files.key, made.private, { mode: 0o600 });
  await chmod(files.key, 0o600);
  await writeFile(files.cert, made.cert);
  return { cert: made.cert, key: made.private, fingerprint: fingerprintOf(made.cert) };
}

const fingerprintOf = (cert: string) => new X509Certificate(cert).fingerprint256;

async function read(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    const what = error.code === "ENOENT" ? "there is no such file" : `cannot be read: ${error.message}`;
    throw new Problems([{ where: file, what, remedy: "Correct console.tls in the configuration." }]);
  });
}
