/** What Wireshark's own reader says of a capture. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

async function tshark(file: string, ...args: string[]): Promise<string[]> {
  const checks = ["tcp", "udp", "ip"].flatMap((layer) => ["-o", `${layer}.check_checksum:TRUE`]);
  const { stdout } = await run("tshark", ["-n", "-r", file, ...checks, ...args], { maxBuffer: 1 << 28 });
  return stdout.split("\n");
}

/** Fields of every packet, as `-T fields` prints them. */
export async function fields(file: string, ...names: string[]): Promise<string[][]> {
  const lines = await tshark(file, "-T", "fields", ...names.flatMap((name) => ["-e", name]));
  return lines.filter((line) => line !== "").map((line) => line.split("\t"));
}

/** Everything it finds wrong or odd: bad checksums, retransmissions, gaps, full windows, what it warns of. */
export async function complaints(file: string): Promise<string[]> {
  const odd =
    "_ws.malformed || tcp.analysis.flags || _ws.expert.severity >= 6291456 || tcp.checksum.status != 1 || ip.checksum.status == 0";
  return (await tshark(file, "-Y", odd)).filter((line) => line !== "");
}

/** Both directions of a TCP stream, as it puts them together: from the side that opened it, and to it. */
export async function follow(file: string, stream: number): Promise<{ sent: Buffer; answered: Buffer }> {
  const lines = await tshark(file, "-q", "-z", `follow,tcp,raw,${stream}`);
  const hex = lines.filter((line) => /^\t?[0-9a-f]+$/.test(line));
  const join = (own: string[]) => Buffer.from(own.map((line) => line.trim()).join(""), "hex");
  return {
    sent: join(hex.filter((line) => !line.startsWith("\t"))),
    answered: join(hex.filter((line) => line.startsWith("\t"))),
  };
}
