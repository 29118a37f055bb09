/** How the makers of drivers write what they say: each reads one value, and gives what it claims. */
import { wellFormed } from "../charset.ts";
import type { Claim } from "../reading.ts";

export type What = Claim["what"];
/** What a value claims; none when it is not written as this reader expects. */
export type Said = readonly (readonly [What, string])[];
/** A value is one claim as it stands, or several that a reader finds in it. */
export type Reads = What | ((value: string) => Said);

/** Reads by a pattern with one group per claim. Patterns are anchored and take linear time. */
export function groups(pattern: RegExp, ...what: What[]): (value: string) => Said {
  return (value) => {
    const match = pattern.exec(value);
    return match ? what.flatMap((one, i) => (match[i + 1] === undefined ? [] : [[one, match[i + 1]!] as const])) : [];
  };
}

/** The first reader that finds something. */
export function either(...readers: Reads[]): (value: string) => Said {
  return (value) => {
    for (const reads of readers) {
      const said = typeof reads === "string" ? ([[reads, value]] as const) : reads(value);
      if (said.length > 0) return said;
    }
    return [];
  };
}

/** `I0A03084F`: an IPv4 address in hexadecimal, of the computer that sent the job. */
export function hexAddress(value: string): Said {
  const hex = /^I?([0-9A-Fa-f]{8})$/.exec(value)?.[1];
  return hex ? [["address", Buffer.from(hex, "hex").join(".")]] : [];
}

/** Text as the hexadecimal digits of UTF-16, in the order of bytes that gives more Latin text; other text as it stands. */
export function utf16Hex(what: What): (value: string) => Said {
  return (value) => {
    if (!/^(?:[0-9A-Fa-f]{4})+$/.test(value)) return [[what, value]];
    const bytes = Buffer.from(value, "hex");
    const [little, big] = [bytes.toString("utf16le"), Buffer.from(bytes).swap16().toString("utf16le")];
    const latin = (text: string) => text.match(/[\u0001-\u024f]/g)?.length ?? 0;
    return [[what, wellFormed(latin(little) > latin(big) ? little : big).replace(/\0+$/, "")]];
  };
}

/** For a local account the domain is the name of the computer: a name without dots, as NetBIOS allows it, may be one. */
export function domainOrHost(value: string): Said {
  const local = /^[^.\s\\/]{1,15}$/.test(value) && !/^workgroup$/i.test(value);
  return local
    ? [
        ["domain", value],
        ["host", value],
      ]
    : [["domain", value]];
}

/** `DOMAIN\user`, `@user`: the user alone, and the domain where one is named. */
export const account = either(groups(/^([^\\]{1,64})\\([^\\]{1,256})$/, "domain", "user"), "user");

/** A number, and nothing for 0 or what is no number. */
export function number(what: What): (value: string) => Said {
  return groups(/^0*([1-9]\d{0,5})(?:[^\d]|$)/, what);
}

/** Fourteen digits of a time at the end of a PML object in hexadecimal: `…3230313831323238303631393239`. */
export function pmlTime(value: string): Said {
  const hex = /(?:3\d){14}$/.exec(value.slice(-28))?.[0];
  return hex ? [["made", Buffer.from(hex, "hex").toString("latin1")]] : [];
}

/** What a document is called by Windows: `Microsoft Word - letter.docx` names the application too. */
export const windowsTitle = either(
  groups(/^(Microsoft \w{2,20}(?: \w{2,20})?) - (.+)$/s, "application", "title"),
  "title",
);

/** What made a PostScript file: a driver, `application: driver`, or an application. */
export const creator = either(
  groups(
    /^(PScript5?\.dll.*|ADOBEPS\d?\.DRV.*|AdobePS.*|Windows PSCRIPT.*|GPL Ghostscript.*|cairo .*|pdftops.*)$/i,
    "driver",
  ),
  groups(/^([^:]{1,200}): (cg\w+ CUPS filter.*|.{0,100}Quartz.*)$/, "application", "driver"),
  "application",
);
