/** `inktrap pcap`: a session, or all of a case, as a file that Wireshark and tshark open. */
import { open } from "node:fs/promises";
import { evidenceFolder } from "../../sensor/sensor.ts";
import { Problems } from "../../util/problem.ts";
import { capture } from "../../collector/capture.ts";
import { DataFolder } from "../data-folder.ts";
import { openQuestions } from "../questions.ts";
import { plural, print, size } from "../terminal.ts";
import { readName, visitsOf } from "../visits.ts";

export interface PcapOptions {
  data: string;
  json?: boolean;
  /** Where to write; `-` for standard output. */
  output?: string;
}

export async function pcap(id: string, options: PcapOptions): Promise<void> {
  const name = readName(id, "CS");
  if (!name) {
    const remedy = "Give S-4 for a session or C-1 for all sessions of a case; inktrap cases lists them.";
    throw new Problems([{ where: id, what: "is not the name of a session or case", remedy }]);
  }
  const data = new DataFolder(options.data);
  const questions = await openQuestions(data);
  try {
    const visits = await visitsOf(questions, name);
    const facts = { packets: 0, missing: 0 };
    const file = options.output ?? `${name.letter}-${name.number}.pcap`;
    const bytes = await write(
      file,
      capture((sensor) => evidenceFolder(data.sensor(sensor)), visits, facts),
    );
    if (file === "-") return;
    if (options.json) print(JSON.stringify({ file, bytes, conversations: visits.length, ...facts }));
    else {
      print(`${file}: ${plural(visits.length, "conversation")}, ${plural(facts.packets, "packet")}, ${size(bytes)}`);
      if (facts.missing > 0) print(`${size(facts.missing)} of jobs are no longer kept and are missing in it.`);
    }
  } finally {
    await questions.close();
  }
}

async function write(file: string, chunks: AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0;
  if (file === "-") {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (!process.stdout.write(chunk)) await new Promise((resolve) => process.stdout.once("drain", resolve));
    }
    return bytes;
  }
  const handle = await open(file, "w", 0o600).catch((error: Error) => {
    const remedy = "Give a file that may be written with -o.";
    throw new Problems([{ where: file, what: `cannot be written: ${error.message}`, remedy }]);
  });
  try {
    for await (const chunk of chunks) bytes += (await handle.write(chunk)).bytesWritten;
  } finally {
    await handle.close();
  }
  return bytes;
}
