// The colours and fonts in force: Streamlit's theme variables, and our own palette for what the data mean.

const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

// Any CSS colour as [red, green, blue]; the canvas knows every notation.
export function rgb(colour) {
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = colour;
  probe.fillRect(0, 0, 1, 1);
  return [...probe.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

export function mix(from, to, share) {
  return from.map((value, i) => Math.round(value + (to[i] - value) * share));
}

export function alpha(colour, opacity) {
  return `rgba(${rgb(colour).join(",")},${opacity})`;
}

// What charts and canvases need to know, read from the element's computed style.
// palette: { light: {real, generated, discriminator, generator}, dark: {...} }
export function readTheme(element, palette) {
  const style = getComputedStyle(element);
  const variable = (name, otherwise) => {
    const value = style.getPropertyValue(name).trim();
    return value && value !== "unset" ? value : otherwise;
  };
  const background = variable("--st-background-color", "#ffffff");
  const [red, green, blue] = rgb(background);
  const dark = 0.299 * red + 0.587 * green + 0.114 * blue < 128;
  const text = variable("--st-text-color", dark ? "#fafafa" : "#31333f");
  return {
    ...palette[dark ? "dark" : "light"],
    dark,
    background,
    text,
    muted: alpha(text, dark ? 0.66 : 0.7),
    grid: alpha(text, 0.1),
    axis: alpha(text, 0.3),
    font: variable("--st-font", "sans-serif"),
  };
}

export function sameTheme(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

// The colour of a class or a code: hues a golden angle apart, so that neighbours differ however many there are.
export function groupColour(group, theme) {
  return `hsl(${(20 + group * 137.508) % 360} ${theme.dark ? "75% 65%" : "75% 38%"})`;
}
