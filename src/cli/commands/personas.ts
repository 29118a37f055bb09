/** `inktrap personas`: the models there are. */
import { configSchema } from "../config.ts";
import { personaIds, personaOf } from "../personas.ts";
import { print, table } from "../terminal.ts";

export function personas(options: { json?: boolean }): void {
  const standard = configSchema.parse({}).persona;
  const all = personaIds().map(personaOf);
  if (options.json) {
    print(
      JSON.stringify(
        all.map(({ id, name, about, status }) => ({ id, name, about, status, default: id === standard })),
        undefined,
        2,
      ),
    );
    return;
  }
  const rows = all.map(({ id, name, about, status }) => [
    id,
    id === standard ? `${name} (default)` : name,
    status,
    about,
  ]);
  for (const line of table([["persona", "model", "status", "what it is"], ...rows])) print(line);
  print("\nnpx inktrap start --persona <id>");
}
