// Why an answer may mean little, in words: what Invoke-Prediction warns of.

const warningWords = {
  SeveralObjects: "There are several objects, and the answer is for the largest. Draw one, or crop the picture to one.",
  Texture: "The picture is full of texture and no object stands out, so the answer is unreliable.",
  Band: "A band across the picture was taken for ink, perhaps a shadow, a fold or an edge of the paper, so the answer is unreliable.",
  Unclear:
    "What was taken for ink is hardly darker than the paper or has no clear edge, as the shading and grain of an empty sheet, so the answer is unreliable.",
};

/**
 * @param {string[]} names the networks' names.
 * @param {string[][]} doubts what is odd, for each network.
 * @returns {string} a sentence or more; empty where nothing is odd.
 */
function warningOf(names, doubts) {
  const ofPicture = Object.keys(warningWords).filter((doubt) => doubts.some((some) => some.includes(doubt)));
  const unsure = names.filter((_, i) => doubts[i].includes("Unsupported"));
  const words = ofPicture.map((doubt) => warningWords[doubt]);
  if (unsure.length > 0) {
    const which = unsure.length === 1 ? `${unsure[0]}'s answer has` : `The answers of ${unsure.join(" and ")} have`;
    words.push(`${which} a probability below one half: no class fits, and the picture may show none of them.`);
  }
  return words.join(" ");
}
