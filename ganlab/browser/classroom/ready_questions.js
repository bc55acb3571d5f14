// @ts-check
// Questions to a class of GANs, ready to be asked: some ask for a prediction that a run will answer before all eyes.

/** @type {[string, string[]][]} */
export const READY = [
  [
    "What will this run do next?",
    ["Cover more modes", "Lose modes", "Go round in circles", "Diverge", "Stay as it is"],
  ],
  [
    "In the original GAN, G has learned the data's distribution. What does the best D say of a real sample?",
    ["0", "1/2", "1", "Any number"],
  ],
  [
    "Both losses have stopped changing. What does that say about the samples?",
    ["They are good", "They are bad", "Nothing for certain"],
  ],
  [
    "D learns ten times as fast as G. What will happen to the samples?",
    ["They get better", "They get worse", "Nothing"],
  ],
  [
    "Which of these is mode collapse?",
    ["All samples are blurred", "G makes few kinds of samples", "D's loss is zero", "The losses swing"],
  ],
  [
    "Why are the samples of two runs with other seeds different?",
    ["Other data", "Other first weights", "Another loss"],
  ],
];
