/** Giving up root: as root only ports are bound; files are touched, and visitors served, as the user of the configuration. */
import { readFileSync } from "node:fs";
import { chown, lstat, mkdir, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PACKAGE_ROOT } from "../util/package.ts";
import { type Problem, Problems } from "../util/problem.ts";

export interface User {
  name: string;
  uid: number;
  gid: number;
}

/** A file of the program: who may read it may run Inktrap. */
const PROGRAM = fileURLToPath(import.meta.url);

/**
 * The user to become, by name or number, and the group, by default the user's own; undefined when this process is
 * that user already. Or what is wrong about them, `where` being the name of the field.
 */
export function findUser(
  asked: { user: string | number; group?: string | number | undefined },
  files = { passwd: "/etc/passwd", group: "/etc/group" },
): User | undefined | Problem[] {
  const problems: Problem[] = [];
  const users = table(files.passwd);
  const user = users.find(([name, , uid]) => String(asked.user) === name || String(asked.user) === uid);
  const uid = user ? Number(user[2]) : typeof asked.user === "number" ? asked.user : undefined;
  if (uid === undefined) {
    const remedy = `Make it with: useradd --system --no-create-home ${asked.user}, or name another one.`;
    problems.push({ where: "user", what: `there is no user "${asked.user}"`, remedy });
  }
  if (uid === 0) {
    problems.push({ where: "user", what: "root would give up nothing", remedy: "Name a user without privileges." });
  }
  const group = table(files.group).find(([name, , gid]) => [name, gid].includes(String(asked.group)));
  const gid =
    asked.group === undefined ? user?.[3] : (group?.[2] ?? (typeof asked.group === "number" ? asked.group : undefined));
  if (gid === undefined && (asked.group !== undefined || uid !== undefined)) {
    const what =
      asked.group === undefined ? `user ${asked.user} has no group of its own` : `there is no group "${asked.group}"`;
    problems.push({ where: asked.group === undefined ? "user" : "group", what, remedy: "Name a group with group:." });
  }
  if (problems.length > 0) return problems;
  const found = { name: user?.[0] ?? String(uid), uid: uid!, gid: Number(gid) };
  const now = process.getuid?.();
  if (now === found.uid) return undefined;
  if (now === 0) return found;
  const remedy = `Start as root or as ${found.name}, or leave user: out.`;
  return [{ where: "user", what: `only root can become "${found.name}"`, remedy }];
}

/** The lines of a file such as /etc/passwd, in fields; none where there is no such file. */
function table(path: string): string[][] {
  try {
    const lines = readFileSync(path, "utf8").split("\n");
    return lines.filter((line) => line.includes(":")).map((line) => line.split(":"));
  } catch {
    return [];
  }
}

/** Makes the data folder for the user where there is none, else checks that it is the user's. Throws Problems. */
export async function makeOver(path: string, user: User): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: 0o700 });
  if (made !== undefined) await chown(path, user.uid, user.gid);
  else await checkOwner(path, user);
}

/** Throws Problems where the folder, or something directly in it, belongs to somebody else. No folder is right. */
export async function checkOwner(path: string, user: User): Promise<void> {
  const names = await readdir(path).catch(() => undefined);
  if (!names) return;
  for (const one of [path, ...names.map((name) => join(path, name))]) {
    const { uid } = await lstat(one);
    if (uid === user.uid) continue;
    const remedy = `Make it over with: chown -R ${user.uid}:${user.gid} ${path}, or use another folder with --data.`;
    throw new Problems([{ where: one, what: `belongs to user ${uid}, not to ${user.name}`, remedy }]);
  }
}

/** Does the work with the rights of the user, then is root again. Throws Problems when the user may not run Inktrap. */
export async function asUser<T>(user: User, work: () => Promise<T>): Promise<T> {
  process.setgroups!([user.gid]);
  process.setegid!(user.gid);
  process.seteuid!(user.uid);
  try {
    await mayRead(user);
    return await work();
  } finally {
    process.seteuid!(0);
    process.setegid!(0);
  }
}

async function mayRead(user: User): Promise<void> {
  try {
    await (await open(PROGRAM)).close();
  } catch {
    const remedy = "Install Inktrap where that user may read it, such as /opt/inktrap.";
    throw new Problems([{ where: PACKAGE_ROOT, what: `may not be read by user ${user.name}`, remedy }]);
  }
}

/** Becomes the user, with no way back. */
export function become(user: User): void {
  process.setgroups!([user.gid]);
  process.setgid!(user.gid);
  process.setuid!(user.uid);
  if (process.getuid!() !== user.uid || process.geteuid!() !== user.uid) throw new Error("root could not be given up");
}
