import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { givenCertificate, madeCertificate } from "./tls.ts";

const NOW = Date.now();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "inktrap-tls-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("a made certificate", () => {
  it("is kept, readable by nobody else, and made anew for other names and before it ends", async () => {
    const first = await madeCertificate(folder, ["192.0.2.10", "trap.example"], NOW);
    const { mode } = await stat(join(folder, "key.pem"));
    expect(mode & 0o777).toBe(0o600);
    const read = new X509Certificate(first.cert);
    expect(read.checkIP("192.0.2.10")).toBe("192.0.2.10");
    expect(read.checkHost("trap.example")).toBe("trap.example");
    expect(read.ca).toBe(false);
    expect((await madeCertificate(folder, ["192.0.2.10"], NOW)).fingerprint).toBe(first.fingerprint);
    expect((await madeCertificate(folder, ["192.0.2.11"], NOW)).fingerprint).not.toBe(first.fingerprint);
    const late = await madeCertificate(folder, ["192.0.2.11"], NOW + 390 * 86_400_000);
    expect(Date.parse(new X509Certificate(late.cert).validTo)).toBeGreaterThan(NOW + 700 * 86_400_000);
  });
});

describe("a given certificate", () => {
  it("has to be there, with its own key", async () => {
    const made = await madeCertificate(join(folder, "a"), [], NOW);
    const other = await madeCertificate(join(folder, "b"), [], NOW);
    const path = (name: string) => join(folder, name);
    await Promise.all([
      writeFile(path("cert"), made.cert),
      writeFile(path("key"), made.key),
      writeFile(path("other"), other.key),
    ]);
    expect((await givenCertificate(path("cert"), path("key"))).fingerprint).toBe(made.fingerprint);
    await expect(givenCertificate(path("cert"), path("other"))).rejects.toThrow("does not go with");
    await expect(givenCertificate(path("none"), path("key"))).rejects.toThrow("no such file");
  });
});
