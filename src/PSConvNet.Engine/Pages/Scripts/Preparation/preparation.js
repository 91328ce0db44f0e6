// Makes a sample of a picture: the steps, one after another, as the engine's docs/preparation.md has them.

const preparationSettings = {
  // In a picture that is a sample already: what counts as black, and what as a stroke.
  black: 12,
  stroke: 64,
};

/**
 * @param picture width, height and data: red, green, blue and alpha of each pixel.
 * @param {number[]} shape the sample's height and width.
 * @param settings fit, byMass, polarity (Automatic, DarkOnLight, LightOnDark), background, lines, contrast, strokes.
 * @returns the sample, light strokes on black, and what is odd about the picture.
 */
function prepare(picture, shape, settings) {
  const flat = flatten(picture);
  const same = asPrepared(flat, shape, settings);
  if (same !== null) return { sample: same, doubts: [] };
  const reading = readInk(flat, settings);
  const { parts } = reading.strokes;
  if (parts.length === 0) return { sample: new Uint8Array(shape[0] * shape[1]), doubts: ["Blank"] };
  const main = mainObject(parts);
  return { sample: sampleOf(reading, main.labels, main.box, shape, settings), doubts: doubtsOf(reading, main) };
}

/** A picture that is as MNIST's images are comes out as it is: grey, of the sample's size, light on black, fitted and centred. */
function asPrepared({ width, height, data }, shape, { polarity, fit, byMass }) {
  if (height !== shape[0] || width !== shape[1] || polarity === "DarkOnLight") return null;
  const { black, stroke } = preparationSettings;
  const plane = new Plane(width, height);
  let [dark, mass, massX, massY] = [0, 0, 0, 0];
  for (let i = 0; i < plane.levels.length; i++) {
    const level = (plane.levels[i] = data[4 * i]);
    if (data[4 * i + 1] !== level || data[4 * i + 2] !== level) return null;
    if (level <= black) dark++;
    mass += level;
    massX += level * ((i % width) + 0.5);
    massY += level * (Math.floor(i / width) + 0.5);
  }
  const box = boxOf(plane, stroke);
  const all = boxOf(plane, 1);
  const isFitted = box !== null && box.longSide <= fit && all.longSide >= fit - 2;
  const middle = byMass
    ? [massX / mass, massY / mass]
    : all !== null
      ? [all.left + all.width / 2, all.top + all.height / 2]
      : [0, 0];
  const isCentred = (at, side) => at >= side / 2 - 0.01 && at <= side / 2 + 1.01;
  const isSample = 2 * dark >= plane.levels.length && isFitted && isCentred(middle[0], width) && isCentred(middle[1], height);
  return isSample ? plane.levels : null;
}

/** The likelier of both readings, or the one that is asked for. */
function readInk(flat, settings) {
  const read = (isLightOnDark) => new InkReading(flat, isLightOnDark, settings);
  if (settings.polarity !== "Automatic") return read(settings.polarity === "LightOnDark");
  return betterReading(read(false), read(true));
}

function sampleOf(reading, labels, box, shape, { fit, byMass, contrast, strokes }) {
  const margin = Math.ceil((3 * box.longSide) / fit) + 1;
  let cut = cutOut(reading, labels, box, margin, contrast);
  let inner = new Box(margin, margin, box.width, box.height);
  const growth = strokes ? growthOf(cut, box.longSide) : 0;
  if (growth !== 0) {
    cut = grown(cut, growth);
    inner = boxOf(cut, 128) ?? inner;
  }
  return fitIntoFrame(cut, inner, shape, fit, byMass, contrast);
}

/** The box around what has at least a level; null where nothing has. */
function boxOf({ width, height, levels }, level) {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let i = 0; i < levels.length; i++) {
    if (levels[i] < level) continue;
    const x = i % width;
    const y = (i - x) / width;
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
  }
  return right > left ? new Box(left, top, right - left, bottom - top) : null;
}
