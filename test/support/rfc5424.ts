/** A parser of syslog messages that takes what the ABNF of RFC 5424 section 6 allows and nothing else. */

export interface SyslogMessage {
  facility: number;
  severity: number;
  timestamp: string;
  hostname: string;
  appName: string;
  procId: string;
  msgId: string;
  /** Parameters by name, by the id of their element. */
  data: Record<string, Record<string, string>>;
  text: string;
  /** Whether the text began with the byte order mark that says UTF-8. */
  utf8: boolean;
}

const HEADER =
  /^<(\d{1,3})>1 (-|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)) ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) /;
const SD_NAME = /^[!#-<>-\\^-~]{1,32}/;

/** Throws on everything that is not exactly one message. */
export function parseSyslog(bytes: Uint8Array): SyslogMessage {
  const whole = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  const header = HEADER.exec(whole);
  if (!header) throw new Error(`no header: ${whole.slice(0, 80)}`);
  const [all, pri = "", timestamp = "", hostname = "", appName = "", procId = "", msgId = ""] = header;
  const priority = Number(pri);
  if (priority > 191 || (pri.startsWith("0") && pri !== "0")) throw new Error(`priority ${pri}`);
  const { data, rest } = structuredData(whole.slice(all.length));
  if (rest !== "" && !rest.startsWith(" ")) throw new Error(`no blank before the text: ${rest.slice(0, 20)}`);
  const utf8 = rest.startsWith(" \uFEFF");
  const text = rest.slice(utf8 ? 2 : 1);
  return {
    facility: priority >> 3,
    severity: priority & 7,
    timestamp,
    hostname,
    appName,
    procId,
    msgId,
    data,
    text,
    utf8,
  };
}

function structuredData(text: string): { data: SyslogMessage["data"]; rest: string } {
  if (text.startsWith("-")) return { data: {}, rest: text.slice(1) };
  const data: SyslogMessage["data"] = {};
  let rest = text;
  while (rest.startsWith("[")) {
    const id = SD_NAME.exec(rest.slice(1))?.[0];
    if (id === undefined || data[id]) throw new Error(`element id: ${rest.slice(0, 40)}`);
    rest = rest.slice(1 + id.length);
    const parameters: Record<string, string> = (data[id] = {});
    while (rest.startsWith(" ")) {
      const name = SD_NAME.exec(rest.slice(1))?.[0];
      if (name === undefined || !rest.startsWith('="', 1 + name.length))
        throw new Error(`parameter: ${rest.slice(0, 40)}`);
      const value = /^(?:[^"\\\]]|\\["\\\]])*/.exec(rest.slice(name.length + 3))![0];
      rest = rest.slice(name.length + 3 + value.length);
      if (!rest.startsWith('"')) throw new Error(`value of ${name}: ${rest.slice(0, 40)}`);
      parameters[name] = value.replace(/\\(["\\\]])/g, "$1");
      rest = rest.slice(1);
    }
    if (!rest.startsWith("]")) throw new Error(`end of element: ${rest.slice(0, 40)}`);
    rest = rest.slice(1);
  }
  if (Object.keys(data).length === 0) throw new Error(`no structured data: ${text.slice(0, 40)}`);
  return { data, rest };
}

/** The messages of a stream with octet counting (RFC 6587 section 3.4.1); throws on anything between them. */
export function octetCounted(stream: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < stream.length;) {
    const count = /^([1-9]\d{0,9}) /.exec(stream.subarray(at, at + 12).toString("latin1"))?.[1];
    if (count === undefined) throw new Error(`no count at ${at}`);
    const from = at + count.length + 1;
    at = from + Number(count);
    if (at > stream.length) throw new Error("the last message is cut");
    found.push(stream.subarray(from, at));
  }
  return found;
}
