/** `inktrap check`: everything an operator may have written, and whether it could be started. */
import { loadRules } from "../../detect/load.ts";
import { DATA_ROOT } from "../../util/package.ts";
import { type Problem, Problems } from "../../util/problem.ts";
import { checkedConfig } from "../config-check.ts";
import { DataFolder } from "../data-folder.ts";
import { personaIds, personaOf } from "../personas.ts";
import { checkOwner } from "../user.ts";
import { plural, print } from "../terminal.ts";

/** Checks all of it and throws Problems with everything that is wrong. Changes nothing. */
export async function check(options: { data: string; config?: string; json?: boolean }): Promise<void> {
  const problems: Problem[] = [];
  const gather = async <T>(work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Problems)) throw error;
      problems.push(...error.list);
      return undefined;
    }
  };
  const ids = personaIds();
  for (const id of ids) await gather(() => personaOf(id));
  const checked = await gather(() => checkedConfig(options.config));
  const rules = await gather(() => loadRules(DATA_ROOT));
  const data = new DataFolder(options.data);
  await gather(async () => {
    await data.checkWritable();
    await data.checkFormat();
  });
  const { user } = checked ?? {};
  if (user) await gather(() => checkOwner(data.path, user));
  if (options.json) print(JSON.stringify({ ok: problems.length === 0, problems }, undefined, 2));
  if (problems.length > 0) throw new Problems(problems);
  if (options.json) return;
  print(`Configuration  ${options.config ?? "none, everything has its default"}`);
  print(`Personas       ${ids.join(", ")}`);
  print(
    `Rules          ${plural((rules?.signatures.size ?? 0) + (rules?.correlations.length ?? 0), "rule")}, every one with its hits and misses`,
  );
  print("All of it is right.");
}
