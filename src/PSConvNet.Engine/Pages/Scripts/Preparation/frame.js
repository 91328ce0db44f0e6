// Fits strokes into a box and lays them into a frame, as the authors of MNIST did: aspect kept, centred by mass.

const frameSettings = {
  // The room kept around the box while it is fitted, in pixels of the sample: strokes have soft edges.
  room: 2,
  // Less ink than this share of the strokes' insides is taken for paper's dirt.
  dirt: 0.1,
  // The widths that MNIST's strokes have, in pixels where the digit is 20 high or wide, and what thinner and thicker ones are made.
  thin: 1.4,
  thick: 4.4,
  thinTo: 1.7,
  thickTo: 3.8,
  // MNIST's digits fit into this.
  usual: 20,
  // The least that the darkest pixel of a sample may be lifted from, as a share of full ink.
  leastLift: 0.5,
};

/**
 * The strokes of one object, cut out with room around them.
 * @param {InkReading} reading the picture.
 * @param {Set<number>} labels the parts that the object consists of.
 * @param {Box} box the box around them.
 * @param {number} margin the room, in the picture's pixels.
 * @param {boolean} contrast whether strokes are made full ink.
 */
function cutOut(reading, labels, box, margin, contrast) {
  const { ink } = reading;
  const cut = new Plane(box.width + 2 * margin, box.height + 2 * margin);
  const full = contrast ? Math.max(1, reading.inside) : 255;
  const dirt = frameSettings.dirt * full;
  // Near its own strokes a soft edge belongs to the object; near another object's it does not.
  const mine = nearStrokes(reading, labels, box, margin);
  for (let i = 0; i < mine.length; i++) {
    if (!mine[i]) continue;
    const x = box.left - margin + (i % cut.width);
    const y = box.top - margin + Math.floor(i / cut.width);
    const level = (ink.levels[y * ink.width + x] - dirt) / (full - dirt);
    cut.levels[i] = Math.floor(255 * clamp(level, 0, 1) + 0.5);
  }
  return cut;
}

/** Which pixels of a cut-out can be reached from the object's own strokes, through ink, without meeting another's strokes. */
function nearStrokes({ ink, strokes }, labels, box, margin) {
  const [width, height] = [box.width + 2 * margin, box.height + 2 * margin];
  const mine = new Uint8Array(width * height);
  const open = [];
  const placeOf = (i) => {
    const x = box.left - margin + (i % width);
    const y = box.top - margin + Math.floor(i / width);
    return x >= 0 && y >= 0 && x < ink.width && y < ink.height ? y * ink.width + x : -1;
  };
  for (let i = 0; i < mine.length; i++) {
    const at = placeOf(i);
    if (at < 0 || !labels.has(strokes.labels[at])) continue;
    mine[i] = 1;
    open.push(i);
  }
  const visit = (from, to) => {
    if (to < 0 || mine[to]) return;
    const at = placeOf(to);
    // Down a soft edge the ink grows less.
    if (at < 0 || ink.levels[at] === 0 || ink.levels[at] > ink.levels[placeOf(from)] || strokes.labels[at] !== 0) return;
    mine[to] = 1;
    open.push(to);
  };
  for (let next = 0; next < open.length; next++) {
    const i = open[next];
    const x = i % width;
    const y = (i - x) / width;
    visit(i, x > 0 ? i - 1 : -1);
    visit(i, x < width - 1 ? i + 1 : -1);
    visit(i, y > 0 ? i - width : -1);
    visit(i, y < height - 1 ? i + width : -1);
  }
  return mine;
}

/** How much wider, on either side, strokes must be to be as wide as MNIST's; negative for narrower, 0 where they are. */
function growthOf(cut, longSide) {
  const { usual, thin, thick, thinTo, thickTo } = frameSettings;
  const scale = usual / longSide;
  const width = strokeWidth(cut, 0) * scale;
  if (width <= 0) return 0;
  if (width < thin) return (thinTo - width) / 2 / scale;
  return width > thick ? (thickTo - width) / 2 / scale : 0;
}

/**
 * Makes the sample.
 * @param {Plane} cut strokes with room around them.
 * @param {Box} box the strokes' box within it.
 * @param {number[]} shape the sample's height and width.
 * @param {number} fit the side of the square that the strokes are fitted into.
 * @param {boolean} byMass whether the centre of mass goes to the middle, and not that of the box.
 * @param {boolean} contrast whether faint strokes are lifted.
 */
function fitIntoFrame(cut, box, [height, width], fit, byMass, contrast) {
  const { room, leastLift } = frameSettings;
  const scale = fit / box.longSide;
  const fittedWidth = Math.max(1, Math.ceil(box.width * scale - 1e-9));
  const fittedHeight = Math.max(1, Math.ceil(box.height * scale - 1e-9));
  const [across, down] = [fittedWidth + 2 * room, fittedHeight + 2 * room];
  // The box lies in the middle of the whole pixels that it needs.
  const left = room + (fittedWidth - box.width * scale) / 2;
  const top = room + (fittedHeight - box.height * scale) / 2;
  const columns = coverage(cut.width, across, box.left, left, scale);
  const rows = coverage(cut.height, down, box.top, top, scale);
  const fitted = new Float64Array(across * down);
  let [mass, massX, massY, most] = [0, 0, 0, 0];
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      let sum = 0;
      for (const [row, rowWeight] of rows[y]) {
        for (const [column, weight] of columns[x]) sum += rowWeight * weight * cut.levels[row * cut.width + column];
      }
      fitted[y * across + x] = sum;
      mass += sum;
      massX += sum * (x + 0.5);
      massY += sum * (y + 0.5);
      most = Math.max(most, sum);
    }
  }
  const sample = new Uint8Array(height * width);
  if (mass === 0) return sample;
  const [centreX, centreY] = byMass ? [massX / mass, massY / mass] : [across / 2, down / 2];
  // As in MNIST, where the centre lies in the pixel right of and below the middle, whose own middle is 14.5, 14.5 of 28.
  const [toX, toY] = [Math.ceil(width / 2 - centreX), Math.ceil(height / 2 - centreY)];
  const lift = contrast ? 255 / Math.max(most, leastLift * 255) : 1;
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      const [sx, sy] = [toX + x, toY + y];
      if (sx < 0 || sy < 0 || sx >= width || sy >= height) continue;
      sample[sy * width + sx] = Math.min(255, Math.floor(lift * fitted[y * across + x] + 0.5));
    }
  }
  return sample;
}

/**
 * Of which old pixels along one side each new one is made: the mean of those it covers, or between two where it is smaller.
 * @param {number} length how many old pixels there are.
 * @param {number} newLength how many new ones.
 * @param {number} origin a place among the old ones.
 * @param {number} newOrigin the same place among the new ones.
 * @param {number} scale new pixels for an old one.
 */
function coverage(length, newLength, origin, newOrigin, scale) {
  return Array.from({ length: newLength }, (_, to) => {
    const covers = [];
    const add = (at, weight) => {
      if (at >= 0 && at < length && weight > 1e-12) covers.push([at, weight]);
    };
    const from = origin + (to - newOrigin) / scale;
    const until = origin + (to + 1 - newOrigin) / scale;
    if (scale > 1) {
      const at = (from + until) / 2 - 0.5;
      const first = Math.floor(at);
      add(first, 1 - (at - first));
      add(first + 1, at - first);
    } else {
      for (let at = Math.floor(from); at < until; at++) add(at, (Math.min(at + 1, until) - Math.max(at, from)) * scale);
    }
    return covers;
  });
}
