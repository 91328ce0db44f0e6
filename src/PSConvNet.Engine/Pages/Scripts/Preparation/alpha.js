// What transparency means: the shape of the ink, as a drawing program saves a digit on nothing, or that there is no paper here, as round a
// sheet that was cut out.

const alphaSettings = {
  // From here on a pixel counts as covered.
  covered: 128,
  // Of the covered pixels' levels, the lowest and highest two in a hundred don't count.
  outliers: 0.02,
  // Covered pixels whose levels differ by less are all of one ink.
  oneColour: 64,
  // A sheet covers at least this share of the box around what is covered; strokes of several colours cover less.
  sheetFill: 0.5,
};

/** The picture without transparency. */
function flatten({ width, height, data }) {
  if (isOpaque(data)) return { width, height, data };
  const { covered, outliers, oneColour, sheetFill } = alphaSettings;
  const counts = [new Int32Array(256), new Int32Array(256), new Int32Array(256)];
  let [clearPixels, coveredPixels] = [0, 0];
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let i = 0; i < width * height; i++) {
    const alpha = data[4 * i + 3];
    if (alpha < covered) {
      clearPixels++;
      continue;
    }
    coveredPixels++;
    const x = i % width;
    const y = (i - x) / width;
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
    for (let c = 0; c < 3; c++) counts[c][data[4 * i + c]]++;
  }
  const spread = Math.max(...counts.map((count) => percentileOf(count, 1 - outliers) - percentileOf(count, outliers)));
  const isInk =
    coveredPixels === 0 ||
    (clearPixels > 0 && (spread < oneColour || coveredPixels < sheetFill * (right - left) * (bottom - top)));
  const paper = counts.map((count) => (coveredPixels === 0 ? 255 : percentileOf(count, 0.5)));
  const flat = new Uint8Array(data.length);
  for (let i = 0; i < flat.length; i += 4) {
    const alpha = data[i + 3];
    for (let c = 0; c < 3; c++) {
      flat[i + c] = isInk ? 255 - alpha : Math.floor((data[i + c] * alpha + paper[c] * (255 - alpha) + 127) / 255);
    }
    flat[i + 3] = 255;
  }
  return { width, height, data: flat };
}

function isOpaque(data) {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false;
  return true;
}
