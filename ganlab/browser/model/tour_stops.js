// @ts-check
// What the tour says at each stop, and what it lights in the diagram. It takes about a minute to read.

/**
 * @typedef {object} Stop
 * @property {string} title
 * @property {string} text
 * @property {string} at the node that must be in sight
 * @property {"both" | "d" | "g"} half whose gradients are shown
 * @property {string[]} lit nodes and edges; none, and all are as usual
 */

/** @type {Stop[]} */
export const STOPS = [
  {
    title: "The generator, G",
    text: "G is a network. It turns random noise into samples. It never sees the data.",
    at: "g",
    half: "both",
    lit: ["noise", "codes", "g", "fake", "noise>g", "codes>g", "g>fake"],
  },
  {
    title: "The discriminator, D",
    text: "D is a network, too. It sees real samples and generated ones, and gives each a score: how real it looks.",
    at: "d",
    half: "both",
    lit: ["data", "real", "fake", "d", "data>real", "real>d", "fake>d"],
  },
  {
    title: "What D wants",
    text:
      "D wants to tell the two apart, with higher scores for real samples than for generated ones. Its loss says how " +
      "badly it does so, and the gradient of the loss how to change D's weights. The optimiser changes them a bit.",
    at: "loss_d",
    half: "d",
    lit: ["scores", "d", "loss_d", "step_d", "d>scores", "scores>loss_d", "loss_d<scores", "scores<d", "d<step_d"],
  },
  {
    title: "What G wants",
    text:
      "G wants high scores for its own samples. All that it learns about the data comes back through D: a gradient " +
      "that says how each sample would get a higher score.",
    at: "fake",
    half: "g",
    lit: [
      ...["scores", "d", "fake", "g", "loss_g", "step_g", "scores>loss_g"],
      ...["loss_g<scores", "scores<d", "d<fake", "fake<g", "g<step_g"],
    ],
  },
  {
    title: "What good looks like",
    text:
      "Generated samples look like real ones, and nothing that is in the data is missing. Then D can't tell them " +
      "apart: both get about the same scores. The losses need not fall, because the two play against each other.",
    at: "scores",
    half: "both",
    lit: ["fake", "real", "scores"],
  },
  {
    title: "Now train",
    text:
      "Press Train, and watch every part change. A click on a part shows its formula, source and settings. Slow " +
      "motion shows one step of the training, line by line.",
    at: "g",
    half: "both",
    lit: [],
  },
];
