// The rules for the modules that run in the browser, and for their tests, which run in node.

import js from "@eslint/js";

const names = (text) => Object.fromEntries(text.split(/\s+/).map((name) => [name, "readonly"]));

const BROWSER =
  names(`AbortController atob Blob cancelAnimationFrame clearTimeout createImageBitmap CustomEvent document
  fetch getComputedStyle history HTMLElement ImageData IntersectionObserver localStorage location matchMedia MouseEvent
  Option Path2D performance requestAnimationFrame ResizeObserver setTimeout ShadowRoot Element TextDecoder URL WebSocket
  window`);
const NODE = names("Buffer process TextDecoder TextEncoder URL");

export default [
  { ignores: [".venv/", "build/", "dist/"] },
  js.configs.recommended,
  {
    rules: {
      "max-len": ["error", { code: 120 }],
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  { files: ["ganlab/**/*.js"], languageOptions: { globals: BROWSER } },
  { files: ["tests/**/*.js"], languageOptions: { globals: NODE } },
  {
    // These two become one script: what the first declares, the second uses.
    files: ["ganlab/export/page/static/*.js"],
    languageOptions: { sourceType: "script" },
    rules: { "no-unused-vars": ["error", { vars: "local" }] },
  },
  { files: ["ganlab/export/page/static/page.js"], languageOptions: { globals: names("decoded generatorOf") } },
];
