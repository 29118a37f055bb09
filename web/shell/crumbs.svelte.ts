/** The way to the page that is open, set by the page. */
export interface Crumb {
  word: string;
  href?: string;
}

export const crumbs = $state<{ way: readonly Crumb[] }>({ way: [] });

/** Sets the way for as long as the component is there. */
export function crumb(way: () => readonly Crumb[]): void {
  $effect(() => {
    crumbs.way = way();
    return () => {
      crumbs.way = [];
    };
  });
}
