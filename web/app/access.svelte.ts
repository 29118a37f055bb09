/** Who is logged in, and what they may do. */
import type { AccessView } from "../../src/collector/contract.ts";
import { ask, Failure, useCsrf, whenUnknown } from "./api.ts";
import { place } from "./router.svelte.ts";

type Role = AccessView["role"];
const ORDER: readonly Role[] = ["viewer", "analyst", "admin"];

class Access {
  view = $state.raw<AccessView>();
  /** Nothing is known yet: neither the login nor the pages are shown. */
  asking = $state(true);
  failure = $state.raw<Failure>();

  constructor() {
    whenUnknown(() => this.#lost());
  }

  async find(): Promise<void> {
    this.asking = true;
    try {
      this.enter(await ask("access", {}));
    } catch (error) {
      if (error instanceof Failure && error.status === 401) this.#lost();
      else this.failure = error as Failure;
    }
    this.asking = false;
  }

  enter(view: AccessView): void {
    this.view = view;
    this.failure = undefined;
    this.asking = false;
    useCsrf(view.csrf);
  }

  async leave(): Promise<void> {
    await ask("logout", {}).catch(() => {});
    place.go("/login");
    this.#lost();
  }

  may(role: Role): boolean {
    return this.view !== undefined && ORDER.indexOf(this.view.role) >= ORDER.indexOf(role);
  }

  #lost(): void {
    this.view = undefined;
    useCsrf(null);
    if (place.path === "/login" || place.path === "/first") return;
    const to = place.path + location.search;
    place.go(to === "/" ? "/login" : `/login?to=${encodeURIComponent(to)}`, true);
  }
}

export const access = new Access();
