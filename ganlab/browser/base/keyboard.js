// @ts-check
// The page's keys are for the page: Space trains and the arrow steps only while no control has the focus.

const KEYS = [" ", "ArrowRight"];
const CONTROLS =
  "a[href], button, input, select, textarea, summary, [contenteditable], " +
  "[role=button], [role=combobox], [role=menuitem], [role=option], [role=slider], [role=switch], [role=tab]";

/** @param {KeyboardEvent} event */
function keep(event) {
  const [target] = event.composedPath(); // within a component of ours, too
  if (KEYS.includes(event.key) && target instanceof Element && target.closest(CONTROLS)) event.stopPropagation();
}

/**
 * Keep the keys that a focused control heeds from Streamlit, which listens at the document: the control has had them.
 * Returns what ends it.
 */
export function leaveKeysToControls() {
  document.documentElement.addEventListener("keydown", keep);
  return () => document.documentElement.removeEventListener("keydown", keep);
}
