// @ts-check
// Building elements, writing text only when it changed, remembering small choices.

/**
 * element("button", {class: "toggle", "aria-pressed": "true", onclick: f}, "Real", child, ...)
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown>} [attributes] attributes by name, listeners as "on..."; null is left out
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) Object.assign(node, { [name]: value });
    else if (value !== null && value !== undefined) node.setAttribute(name, String(value));
  }
  node.append(...children);
  return node;
}

/**
 * Setting the same text again would still cost a layout, five times a second.
 *
 * @param {Node} node
 * @param {string} text
 */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * @param {Element} node
 * @param {string} name
 * @param {string} value
 */
export function attribute(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/**
 * Choices of layers and charts, kept in this browser. Storage may be forbidden; then they last as long as the page.
 *
 * @template {object} Choices
 * @param {string} name
 * @param {Choices} otherwise
 * @returns {Choices}
 */
export function remembered(name, otherwise) {
  try {
    return { ...otherwise, ...JSON.parse(localStorage.getItem(`ganlab.${name}`) ?? "{}") };
  } catch {
    return { ...otherwise };
  }
}

/**
 * @param {string} name
 * @param {object} value
 */
export function remember(name, value) {
  try {
    localStorage.setItem(`ganlab.${name}`, JSON.stringify(value));
  } catch {
    // nothing to do: the choice holds until the page is left
  }
}
