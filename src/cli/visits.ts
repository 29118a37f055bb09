/** Sessions by the names that people use, with a way to their bytes. */
import type { VisitLine } from "../collector/contract.ts";
import type { LogReader } from "../evidence/reader.ts";
import { type Piece, wire } from "../evidence/wire.ts";
import { evidenceFolder } from "../sensor/sensor.ts";
import { Problems } from "../util/problem.ts";
import type { DataFolder } from "./data-folder.ts";
import type { Questions } from "./questions.ts";

/** `C-1`, `S-4` or `J-2`, taken apart. */
export interface Name {
  letter: "C" | "S" | "J";
  number: number;
}

/** The name, or undefined for a text that is none of the letters given. */
export function readName(text: string, letters = "CSJ"): Name | undefined {
  const match = /^([CSJ])-(\d{1,15})$/i.exec(text);
  const letter = match?.[1]!.toUpperCase() as Name["letter"] | undefined;
  return letter !== undefined && letters.includes(letter) ? { letter, number: Number(match![2]) } : undefined;
}

/** All sessions of a case, or the one session, by number. Throws Problems where there is none. */
export async function visitsOf(questions: Questions, { letter, number }: Name): Promise<VisitLine[]> {
  const narrow = letter === "C" ? { case: number } : { session: number };
  const found: VisitLine[] = [];
  for (let after: number | undefined; ;) {
    const { sessions, next } = await questions.ask("visits", { ...narrow, ...(after === undefined ? {} : { after }) });
    found.push(...sessions);
    if (next === null) break;
    after = next;
  }
  if (found.length > 0) return found;
  const what = letter === "C" ? `there is no case C-${number}` : `there is no session S-${number}`;
  throw new Problems([{ where: "inktrap", what, remedy: "It was never there, or it was removed." }]);
}

/** The bytes of a session, as they are in the data folder. */
export function piecesOf(
  data: DataFolder,
  visit: VisitLine,
  reader: LogReader,
): AsyncGenerator<Piece, void, undefined> {
  return wire(reader, evidenceFolder(data.sensor(visit.sensor)), visit.session, visit.logEnd);
}
