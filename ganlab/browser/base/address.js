// @ts-check
// What the page's address says beside the run: read when a page opens, and changed without a rerun of the page.

/**
 * What the address says under a name; null if nothing.
 *
 * @param {string} name
 */
export const told = (name) => new URL(location.href).searchParams.get(name);

/**
 * Let the address say this under a name, or nothing. It takes the place of what was there: Back leaves the page.
 *
 * @param {string} name
 * @param {string | null} value
 */
export function tell(name, value) {
  const address = new URL(location.href);
  if (address.searchParams.get(name) === value) return;
  if (value === null) address.searchParams.delete(name);
  else address.searchParams.set(name, value);
  history.replaceState(history.state, "", address);
}
