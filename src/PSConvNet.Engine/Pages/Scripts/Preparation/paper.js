// What a picture would be without its strokes, and how noisy it is.

/**
 * Fills with lightness whatever is dark and too narrow to hold a square of 2 x radius + 1 pixels: a morphological closing. What is wider, such
 * as a table beside the paper or the far side of a shadow's edge, stays as it is.
 */
function closePaper(plane, radius) {
  const lightest = lightestNear(lightestNear(plane, radius).transposed(), radius);
  const back = lightestNear(lightestNear(lightest.inverted(), radius).transposed(), radius);
  return back.inverted();
}

/** The lightest level within so many pixels to the left and right, as far as the row goes (van Herk 1992). */
function lightestNear(plane, radius) {
  const { width, height, levels } = plane;
  const length = 2 * radius + 1;
  const result = new Plane(width, height);
  // The row with nothing to either side of it, cut into pieces of the window's length: the lightest so far from each piece's start, and
  // from its end.
  const padded = Math.ceil((width + 2 * radius) / length) * length;
  const row = new Uint8Array(padded);
  const fromStart = new Uint8Array(padded);
  const fromEnd = new Uint8Array(padded);
  for (let y = 0; y < height; y++) {
    row.set(levels.subarray(y * width, (y + 1) * width), radius);
    for (let start = 0; start < padded; start += length) {
      for (let i = start, most = 0; i < start + length; i++) fromStart[i] = most = most > row[i] ? most : row[i];
      for (let i = start + length - 1, most = 0; i >= start; i--) fromEnd[i] = most = most > row[i] ? most : row[i];
    }
    for (let x = 0; x < width; x++) {
      const [a, b] = [fromEnd[x], fromStart[x + length - 1]];
      result.levels[y * width + x] = a > b ? a : b;
    }
  }
  return result;
}

/** The median of each pixel and its eight neighbours; the outermost pixels stay. */
function medianOfNine({ width, height, levels }) {
  const result = new Plane(width, height, levels.slice());
  const nine = new Uint8Array(9);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      for (let i = 0; i < 9; i++) nine[i] = levels[(y - 1 + Math.floor(i / 3)) * width + x - 1 + (i % 3)];
      result.levels[y * width + x] = nine.sort()[4];
    }
  }
  return result;
}

/** Each pixel with its neighbours, weighted 1 2 1 across and down. */
function blur(plane) {
  return blurAcross(blurAcross(plane).transposed()).transposed();
}

function blurAcross({ width, height, levels }) {
  const result = new Plane(width, height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const before = levels[x > 0 ? at - 1 : at];
      const after = levels[x < width - 1 ? at + 1 : at];
      result.levels[at] = (before + 2 * levels[at] + after + 2) >> 2;
    }
  }
  return result;
}

/** The standard deviation of the noise, in levels: from how much neighbours differ, of which edges are few. */
function noiseOf({ width, height, levels }) {
  const counts = new Int32Array(256);
  for (let y = 0; y < height; y++) {
    for (let x = 1; x < width; x++) counts[Math.abs(levels[y * width + x] - levels[y * width + x - 1])]++;
  }
  // The median of the difference of two normal numbers is 0.954 of one's standard deviation. Levels are whole numbers: half a level to
  // either side counts as the same.
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 0;
  let below = 0;
  for (let level = 0; level < 256; level++) {
    if (below + counts[level] >= 0.5 * total) {
      const within = (0.5 * total - below) / counts[level];
      return Math.max(0, level - 0.5 + within) / 0.954;
    }
    below += counts[level];
  }
  return 255;
}
