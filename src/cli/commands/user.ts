/** `inktrap user`: who may come into the console. For who lost the last password too, as it needs none. */
import type { AccountView } from "../../collector/contract.ts";
import { ROLES } from "../../collector/roles.ts";
import { Problems } from "../../util/problem.ts";
import { DataFolder } from "../data-folder.ts";
import { openQuestions, type Questions } from "../questions.ts";
import { bold, dim, print, table, when } from "../terminal.ts";

export interface UserOptions {
  data: string;
  json?: boolean;
  role?: string;
  /** A new one-time link. */
  link?: boolean;
  disable?: boolean;
  enable?: boolean;
}

type Role = (typeof ROLES)[number];

/** Without a name lists the accounts; with a new name and a role makes one; else changes one. */
export async function user(name: string | undefined, options: UserOptions): Promise<void> {
  const questions = await openQuestions(new DataFolder(options.data));
  try {
    if (!questions.live) {
      const remedy = "Begin with inktrap start, then say it again.";
      throw new Problems([{ where: "inktrap user", what: "nothing runs on this data folder", remedy }]);
    }
    const { accounts } = await questions.ask("accounts", {});
    if (name === undefined) list(accounts, options);
    else if (accounts.some((one) => one.name.toLowerCase() === name.toLowerCase()))
      await change(questions, name, options);
    else tellLink(await questions.ask("addAccount", { name, role: roleOf(options.role) ?? "viewer" }), options);
  } finally {
    await questions.close();
  }
}

async function change(questions: Questions, name: string, options: UserOptions): Promise<void> {
  const role = roleOf(options.role);
  const disabled = options.disable ? true : options.enable ? false : undefined;
  if (role !== undefined || disabled !== undefined) {
    const set = { ...(role === undefined ? {} : { role }), ...(disabled === undefined ? {} : { disabled }) };
    const { account } = await questions.ask("changeAccount", { name, ...set });
    list([account], options);
  }
  if (options.link) tellLink(await questions.ask("renewLink", { name }), options);
  if (role !== undefined || disabled !== undefined || options.link) return;
  const remedy = "Give --role, --link, --disable or --enable.";
  throw new Problems([{ where: name, what: "exists already, and nothing is said of what shall change", remedy }]);
}

function roleOf(text: string | undefined): Role | undefined {
  const role = ROLES.find((one) => one === text);
  if (text === undefined || role !== undefined) return role;
  throw new Problems([
    { where: "--role", what: `there is no role ${text}`, remedy: `Use one of: ${ROLES.join(", ")}.` },
  ]);
}

function tellLink(made: { account: AccountView; link: string; until: string }, { json }: UserOptions): void {
  if (json) print(JSON.stringify(made));
  else
    print(
      `${bold(made.link)}\nworks once, until ${when(made.until)}, for ${made.account.name} (${made.account.role}).`,
    );
}

function list(accounts: readonly AccountView[], { json }: UserOptions): void {
  if (json) {
    print(JSON.stringify(accounts, undefined, 2));
    return;
  }
  const rows = accounts.map(({ name, role, disabled, ready, lastLogin }) => [
    name,
    role,
    disabled ? "disabled" : ready ? "ready" : "link not used yet",
    lastLogin === null ? "never" : when(lastLogin),
  ]);
  const [first, ...rest] = table([["account", "role", "state", "last login"], ...rows]);
  print(dim(first!));
  for (const line of rest) print(line);
}
