/** An installation with a console that was visited, and somebody of each role. */
import { callers } from "./caller.ts";
import { install, type Installation } from "./installation.ts";
import { FLYER, PRODINFO, UEL, visit } from "./visit.ts";

/** What a visitor calls a job: a formula, markup and a file name at once. */
const HOSTILE = `=cmd|'/c calc'!A1<script>alert(1)</script>../../x`;

export interface ConsoleSite {
  site: Installation;
  who: Awaited<ReturnType<typeof callers>>;
  url: string;
}

/** S-1 probes and prints three days later (S-2, J-1, C-1), another source prints at once (S-3, J-2, C-2). */
export async function consoleSite(): Promise<ConsoleSite> {
  const site = await install("hp-laserjet-p1102w", "127.0.0.1", 0, { console: {} });
  const { url, firstLink } = site.collector.console!;
  const who = await callers(url, firstLink!);
  await visit({ port: site.raw, from: "127.30.0.1", send: [PRODINFO] });
  site.clock.now += 3 * 86_400_000;
  await visit({ port: site.raw, from: "127.30.0.1", send: [FLYER] });
  const job = `${UEL}@PJL JOB NAME="${HOSTILE}"\r\n@PJL ENTER LANGUAGE=PCL\r\n${FLYER}${UEL}`;
  await visit({ port: site.raw, from: "127.30.0.2", send: [job] });
  await site.settle();
  return { site, who, url };
}
