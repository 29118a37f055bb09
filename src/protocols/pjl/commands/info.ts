/** INFO: asks for a category of what the device tells. PJL Technical Reference Manual, chapter 7. */
import type { Variable } from "../../../printer/persona.ts";
import { listing } from "../environment.ts";
import { capitals } from "../parse.ts";
import type { Talk } from "../talk.ts";
import { statusLines } from "../unsolicited.ts";
import type { Command } from "./command.ts";
import { fileSystemTable } from "./files.ts";

/** Categories that are written from what the visitor has set; the others are templates of the persona. */
const GENERATED: Record<string, (talk: Talk) => string> = {
  STATUS: ({ device, visitor, knowledge }) => statusLines(device.status(visitor), knowledge.lineEnd),
  VARIABLES: (talk) => list(talk, talk.knowledge.listed, (variable) => talk.environment.current(variable)),
  USTATUS: (talk) =>
    list(talk, [...talk.knowledge.ustatus.values()], ({ name, value }) => talk.ustatus.get(name) ?? value),
};

export const info: Command = {
  name: "INFO",
  asks: true,
  run(argument, talk) {
    const { knowledge } = talk;
    const word = /[^ \t]+/.exec(argument)?.[0];
    if (word === undefined) return undefined;
    const category = capitals(word);
    const template = knowledge.info.get(category);
    if (template) return talk.frame(template.head, talk.fill(template.body));
    const generated = knowledge.generated.has(category) ? GENERATED[category] : undefined;
    if (generated) return talk.frame(`INFO ${category}`, generated(talk));
    const table = category === "FILESYS" ? fileSystemTable(talk) : undefined;
    if (table) return talk.frame(`INFO ${category}${table.suffix}`, table.body);
    return knowledge.unknownInfo === undefined ? undefined : talk.frame(`INFO ${word}`, knowledge.unknownInfo);
  },
};

function list(talk: Talk, variables: readonly Variable[], value: (variable: Variable) => string): string {
  const { lineEnd } = talk.knowledge;
  let text = "";
  for (const variable of variables) text += listing(variable, value(variable), (t) => talk.fill(t), lineEnd);
  return text;
}
