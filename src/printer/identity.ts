/** What makes one installation's device different from every other of its model. Made once from a seed and kept. */

export interface Identity {
  /** 32 hexadecimal digits. Everything else here and everything random in the device comes from it. */
  seed: string;
  serial: string;
  /** 12 hexadecimal digits in capitals, starting with a prefix of the maker. */
  mac: string;
  hostName: string;
  /** Further numbers of the persona (formatter number, service id, cartridge serial), by name. */
  numbers: Record<string, string>;
  /** Pages printed before the installation. */
  pageCount: number;
  /** When the device was last switched on, milliseconds since 1970. */
  bootTime: number;
}
