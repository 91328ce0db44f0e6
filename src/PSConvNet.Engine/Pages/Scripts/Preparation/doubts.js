// What is odd about a picture, and makes its answer doubtful.

const doubtSettings = {
  // No object stands out where there are more parts than this, and the largest has no more than this share of the ink.
  manyParts: 40,
  largestOfMany: 0.25,
  // An object reaches from one side of the picture to the other with this share of its width or height.
  across: 0.98,
  // One that does so, and is this many times as wide as high, isn't a digit.
  bandShape: 2,
  // Nor is one whose strokes are narrower than this share of their longer side, and fainter than this level: a fold.
  foldWidth: 0.07,
  foldInk: 110,
  // What has less of its outline than this on edges is shading.
  clearEdges: 0.6,
  // Where the ink is less than so many times the faintest that counts, the grain of paper may be all there is to it, unless this much of the
  // outline lies on edges.
  clearInk: 1.8,
  sharpEdges: 0.9,
  // Another object is one that is this large, as a share of the largest, has this much of the most ink, and is this much as dark.
  rival: 0.5,
  rivalInk: 0.15,
  rivalLevel: 0.65,
  // An answer with less than this is hardly one.
  supported: 0.5,
};

/**
 * What is odd about a picture in which ink was found: Texture, Band, Unclear, SeveralObjects.
 * @param {InkReading} reading what was found.
 * @param main the object with the most ink.
 */
function doubtsOf(reading, main) {
  const { clearEdges, sharpEdges, clearInk } = doubtSettings;
  const doubts = [];
  if (isTexture(reading.strokes.parts)) doubts.push("Texture");
  const largest = main.parts.reduce((most, part) => (part.ink > most.ink ? part : most));
  const { edges, width } = reading.strokesOf(largest);
  if (isBand(reading, main.box, width / largest.box.longSide)) doubts.push("Band");
  else if (edges < clearEdges || (edges < sharpEdges && reading.inside < clearInk * reading.faintest)) doubts.push("Unclear");
  if (doubts.length === 0 && hasRivals(reading)) doubts.push("SeveralObjects");
  return doubts;
}

function isTexture(parts) {
  const total = parts.reduce((sum, part) => sum + part.ink, 0);
  const most = parts.reduce((largest, part) => Math.max(largest, part.ink), 0);
  return parts.length > doubtSettings.manyParts && most < doubtSettings.largestOfMany * total;
}

function isBand({ ink, inside }, box, width) {
  const { across, bandShape, foldWidth, foldInk } = doubtSettings;
  const isAcross = box.width >= across * ink.width;
  const isFold = width < foldWidth && inside < foldInk;
  return (isAcross && box.width > bandShape * box.height) || ((isAcross || box.height >= across * ink.height) && isFold);
}

function hasRivals({ ink, stroke, strokes }) {
  const { rival, rivalInk, rivalLevel } = doubtSettings;
  if (strokes.parts.length < 2) return false;
  const largest = strokes.parts.reduce((most, part) => (part.ink > most.ink ? part : most));
  const dark = strokes.parts.filter((part) => part.ink / part.area >= (rivalLevel * largest.ink) / largest.area);
  const objects = allObjects(strokes, dark, strokeWidth(ink, stroke));
  const longest = Math.max(...objects.map((found) => found.box.longSide));
  const most = Math.max(...objects.map((found) => found.ink));
  return objects.filter((found) => found.box.longSide >= rival * longest && found.ink >= rivalInk * most).length > 1;
}

/** Whether an answer is one of probabilities of which no class has half. */
function isUnsupported(probabilities) {
  const sum = probabilities.reduce((total, value) => total + value, 0);
  return (
    Math.max(...probabilities) < doubtSettings.supported &&
    probabilities.every((value) => value >= 0) &&
    Math.abs(sum - 1) < 0.01
  );
}
