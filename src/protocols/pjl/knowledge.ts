/** A persona's PJL section made ready to be asked: sets, maps and line ends instead of lists and line feeds. */
import type { Persona, Variable } from "../../printer/persona.ts";

export interface Knowledge {
  lineEnd: string;
  commands: ReadonlySet<string>;
  /** INFO categories in capitals: what follows INFO in the echoed line, and the template of what follows that line. */
  info: ReadonlyMap<string, { head: string; body: string }>;
  generated: ReadonlySet<string>;
  /** By name with modifier, such as `LPARM:PCL PITCH`, in the order of the device's list. */
  variables: ReadonlyMap<string, Variable>;
  /** Those of INFO VARIABLES. */
  listed: readonly Variable[];
  ustatus: ReadonlyMap<string, Variable>;
  /** The body of a reply to an unknown category or variable; undefined: the device says nothing. */
  unknownInfo: string | undefined;
  unknownVariable: string | undefined;
  quoteStrings: boolean;
}

const UNKNOWN = { "quoted-question-mark": '"?"', "question-mark": "?", silent: undefined } as const;
const known = new WeakMap<Persona, Knowledge>();

export function knowledgeOf(persona: Persona): Knowledge {
  let knowledge = known.get(persona);
  if (!knowledge) known.set(persona, (knowledge = learn(persona)));
  return knowledge;
}

function learn({ pjl }: Persona): Knowledge {
  const lineEnd = pjl.lineEnd === "crlf" ? "\r\n" : "\n";
  const line = (text: string | undefined) => (text === undefined ? undefined : text + lineEnd);
  const byName = (list: readonly Variable[]) => new Map(list.map((variable) => [variable.name, variable]));
  return {
    lineEnd,
    commands: new Set(pjl.commands),
    info: new Map(
      Object.entries(pjl.info).map(([category, { suffix, reply }]) => [
        category,
        { head: `INFO ${category}${suffix}`, body: reply.replace(/\r?\n/g, lineEnd) },
      ]),
    ),
    generated: new Set(pjl.generated),
    variables: byName(pjl.variables),
    listed: pjl.variables.filter(({ listed }) => listed),
    ustatus: byName(pjl.ustatus),
    unknownInfo: line(UNKNOWN[pjl.unknownInfo]),
    unknownVariable: line(UNKNOWN[pjl.unknownVariable]),
    quoteStrings: pjl.quoteStrings,
  };
}
