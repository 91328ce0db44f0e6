// The lines of ruled and squared paper, which are taken out of the ink.

const lineSettings = {
  // The steepest that a line is looked for, in rows a column: six degrees.
  steepest: 0.1,
  slopes: 40,
  // A line has ink in so much of its length; the rest is where it is faint.
  coverage: 0.7,
  // Narrower pictures have no room for lines beside strokes.
  shortest: 16,
  // The thickest line, as a share of the picture's shorter side, and in pixels.
  thickest: 0.025,
  thickestPixels: 4,
  // One line alone is one where strokes are this much thicker; it may be a part of a digit else.
  thicker: 1.8,
};

/** Removes lines that run across or down the whole picture. The ink is changed. */
function removeLines(ink, level) {
  const across = findLines(ink, level);
  const down = findLines(ink.transposed(), level);
  const lines = [...across, ...down];
  // Both are measured as twice the area by the outline; a line's own is its thickness.
  if (lines.length === 1 && strokeWidth(ink, level) < lineSettings.thicker * lines[0].thickness) return;
  for (const line of across) eraseLine(ink.levels, ink.width, ink.height, 1, ink.width, line, level);
  for (const line of down) eraseLine(ink.levels, ink.height, ink.width, ink.width, 1, line, level);
}

/** Lines across: where each crosses the picture's middle, how it slopes, and how many rows it has. */
function findLines(ink, level) {
  const { steepest, slopes, coverage, shortest, thickest, thickestPixels } = lineSettings;
  const { width, height, levels } = ink;
  if (width < shortest) return [];
  // A line has ink at both ends; most pictures have none there.
  const tenth = Math.max(2, Math.floor(width / 10));
  if (!hasInk(ink, level, 0, tenth) || !hasInk(ink, level, width - tenth, tenth)) return [];
  const half = Math.floor(width / 2);
  const most = Math.max(thickestPixels, Math.floor(thickest * Math.min(width, height)));
  if (height < 3 * most) return [];
  const [xs, ys] = [[], []];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (levels[at++] <= level) continue;
      xs.push(x);
      ys.push(y);
    }
  }
  // How often each row, sheared by a slope, has ink: lines show where the counts are sharpest.
  let best = { slope: 0, sharp: 0, counts: new Int32Array(0) };
  for (let i = -slopes; i <= slopes; i++) {
    const slope = (steepest * i) / slopes;
    const shift = Int32Array.from({ length: width }, (_, x) => roundEven(slope * (x - half)));
    const counts = new Int32Array(height);
    for (let point = 0; point < xs.length; point++) {
      const row = ys[point] - shift[xs[point]];
      if (row >= 0 && row < height) counts[row]++;
    }
    let sharp = 0;
    for (const count of counts) sharp += count * count;
    if (sharp > best.sharp) best = { slope, sharp, counts };
  }
  const found = [];
  for (let y = 0; y < best.counts.length; y++) {
    if (best.counts[y] < coverage * width) continue;
    const first = y;
    while (y < height && best.counts[y] >= (coverage * width) / 2) y++;
    const line = { middle: (first + y - 1) / 2, slope: best.slope, thickness: y - first };
    if (line.thickness <= most && reachesBothEnds(ink, level, line)) found.push(line);
  }
  return found;
}

/** Whether there is ink in some columns: in as many pixels as one line has there. */
function hasInk({ width, height, levels }, level, from, columns) {
  let count = 0;
  for (let y = 0; y < height; y++) {
    for (let x = from; x < from + columns; x++) if (levels[y * width + x] > level) count++;
  }
  return 4 * count >= 3 * columns;
}

/** Whether of the outermost tenth at either end three quarters have ink. */
function reachesBothEnds({ width, height, levels }, level, { middle, slope }) {
  const tenth = Math.max(2, Math.floor(width / 10));
  const isCovered = (from) => {
    let count = 0;
    for (let x = from; x < from + tenth; x++) {
      const y = roundEven(middle + slope * (x - Math.floor(width / 2)));
      for (let near = Math.max(0, y - 1); near <= Math.min(height - 1, y + 1); near++) {
        if (levels[near * width + x] <= level) continue;
        count++;
        break;
      }
    }
    return 4 * count >= 3 * tenth;
  };
  return isCovered(0) && isCovered(width - tenth);
}

/** Erases a line but where strokes cross it: there the ink goes on above or below. */
function eraseLine(levels, length, height, step, rowStep, line, level) {
  const reach = Math.floor(line.thickness / 2) + 2;
  for (let x = 0; x < length; x++) {
    const isInk = (row) => row >= 0 && row < height && levels[row * rowStep + x * step] > level;
    const y = roundEven(line.middle + line.slope * (x - Math.floor(length / 2)));
    let top = y;
    for (let near = 0; near <= 2; near++) {
      if (isInk(y - near)) top = y - near;
      else if (isInk(y + near)) top = y + near;
      else continue;
      break;
    }
    let bottom = top;
    if (!isInk(top)) continue;
    while (isInk(top - 1) && y - top <= reach + 1) top--;
    while (isInk(bottom + 1) && bottom - y <= reach + 1) bottom++;
    if (y - top > reach || bottom - y > reach) continue;
    // A pixel more on either side, for the line's soft edge.
    for (let at = Math.max(0, top - 1); at <= Math.min(height - 1, bottom + 1); at++) levels[at * rowStep + x * step] = 0;
  }
}
