// One way to read a picture, as dark ink on light paper: where the ink is, and how sure that is. A picture with light ink is read so after its
// colours were inverted, so there are two readings, and the one with the higher score is right.

const readingSettings = {
  // Strokes are narrower than this share of the picture's mean side, and paper is wider; of a long narrow picture, of its longer side.
  widestStroke: 0.4,
  widestOfLong: 0.25,
  // The paper's colour is lighter than this share of the pixels.
  paperShare: 0.95,
  // Darker paper than this isn't made lighter: only its noise would grow.
  darkestWhite: 96,
  // From this much noise on, in levels, a picture is smoothed, unless it has too few pixels.
  noisy: 3,
  smallestToSmooth: 64,
  // The share of the pixels that are certainly paper: what they have of ink is noise.
  paperPixels: 0.2,
  // Dark paper is taken to be at least this light, as a level: else noise in shadows would look like ink.
  darkestPaper: 64,
  // No ink is fainter than this, in levels of the picture, nor than this many standard deviations of the noise.
  faintestInk: 12,
  aboveNoise: 6,
  // The level of strokes' insides: so much of the ink, weighted by the square of its level, is below.
  insideShare: 0.6,
  // What has more than this share of that level is part of a stroke.
  strokeShare: 0.4,
  // Parts with less ink than this share of the largest are specks, and so are those shorter than this share of the picture's longer side.
  speck: 0.02,
  speckSide: 0.015,
  // What reaches the picture's edge, and is fainter than this share of an object that doesn't, is a piece of a shadow.
  shadowShare: 0.78,
  // A part that covers this share of one of the picture's four sides is what the paper lies on, where there is other ink.
  margin: 0.9,
  // A margin reaches the picture's border with this share of a side at least where it is as dark as its strokes: noise in a dark corner doesn't,
  // and a desk that is mostly in the light does.
  solidMargin: 0.02,
  // Other ink is this large at least, as a share of the picture's shorter side.
  otherInk: 0.12,
  // A frame has at least this share of the picture's width and height.
  frameShare: 0.4,
  // By what a reading is less likely that had to leave out a margin.
  marginDoubt: 0.9,
  // A part whose mean width is this share of its longer side is as likely no stroke as one.
  broadStroke: 0.35,
  // A sheet of paper on something fills at least this share of the picture.
  sheetShare: 0.15,
  // Edges are looked for this share of a part's longer side to either side of its outline: they may be out of focus.
  edgeSteps: 40,
  // An edge counts whole where it is this share of the ink's height; and the power to which the share of the outline on edges counts.
  edgeHeight: 0.5,
  edgeWeight: 5,
  // Strokes with at least this share of the score of what they surround are the digit, and that is a hole in it.
  holeScore: 0.85,
};

class InkReading {
  /**
   * @param picture opaque.
   * @param {boolean} isLightOnDark whether its ink is lighter than its paper.
   * @param settings what is to be done.
   */
  constructor(picture, isLightOnDark, settings) {
    const { noisy, smallestToSmooth, widestStroke, widestOfLong } = readingSettings;
    const { darkestPaper, paperShare, faintestInk, aboveNoise } = readingSettings;
    const { grey, stretch } = greyOf(picture, isLightOnDark);
    this.grey = grey;
    const { width, height } = this.grey;
    let smooth = this.grey;
    let noise = noiseOf(smooth);
    if (noise > noisy && Math.min(width, height) >= smallestToSmooth) {
      smooth = medianOfNine(smooth);
      if (noiseOf(smooth) > noisy) smooth = blur(blur(smooth));
      noise = noiseOf(smooth);
    }
    const side = Math.max(widestStroke * Math.sqrt(width * height), widestOfLong * Math.max(width, height));
    this.paper = settings.background ? closePaper(smooth, Math.max(1, Math.floor(side / 2))) : flatPaper(smooth);
    this.ink = difference(smooth, this.paper);
    // Ink is a share of the paper's lightness: on dark paper a level of the picture is more of it, and so is a level of noise.
    const light = Math.max(darkestPaper, this.paper.percentile(paperShare));
    const faintest = Math.min(254, Math.floor((Math.max(faintestInk * stretch, aboveNoise * noise) * 255) / light));
    this.faintest = faintest;
    const hasMargin = this.leaveOutMargins(faintest);
    if (settings.lines) removeLines(this.ink, faintest);
    this.findStrokes(faintest);
    this.largest = null;
    // How likely it is that this is the right reading; 0 where nothing was found.
    this.score = this.judge(hasMargin);
    this.leaveOutShadows();
  }

  /** Takes out what the paper lies on, and frames around the ink. Gives whether there was a margin. */
  leaveOutMargins(level) {
    const { otherInk, frameShare } = readingSettings;
    const { width, height } = this.ink;
    const found = new InkParts(this.ink, level);
    const margins = new Set(found.parts.filter((part) => this.isMargin(found, part, level)));
    const smallest = otherInk * Math.min(width, height);
    let hasMargin = false;
    for (const part of found.parts) {
      const { box } = part;
      const isFrame = box.width > frameShare * width && box.height > frameShare * height && found.isFrame(part);
      const isOther = (other) =>
        other !== part &&
        other.box.longSide >= smallest &&
        !margins.has(other) &&
        (!isFrame || contains(box, other.box));
      if ((margins.has(part) || isFrame) && found.parts.some(isOther)) {
        this.erase(found, part);
        if (!isFrame) hasMargin = true;
      }
    }
    return hasMargin;
  }

  /**
   * Whether a part covers a side of the picture. Noise in a dark corner can cover one, too, and be connected to strokes; it vanishes
   * at the level of the part's strokes.
   */
  isMargin(found, part, level) {
    const { margin, solidMargin } = readingSettings;
    if (part.border <= margin) return false;
    const own = new Plane(this.ink.width, this.ink.height);
    for (let i = 0; i < own.levels.length; i++) own.levels[i] = found.labels[i] === part.label ? this.ink.levels[i] : 0;
    return new InkParts(own, strokeLevel(insideOf(own, level), level)).parts.some((solid) => solid.border > solidMargin);
  }

  /** Finds the strokes, specks left out. */
  findStrokes(faintest) {
    const { speck, speckSide } = readingSettings;
    this.inside = insideOf(this.ink, faintest);
    this.stroke = strokeLevel(this.inside, faintest);
    this.strokes = new InkParts(this.ink, this.stroke);
    const largest = this.strokes.parts.reduce((most, part) => Math.max(most, part.ink), 0);
    const shortest = speckSide * Math.max(this.ink.width, this.ink.height);
    this.strokes.parts = this.strokes.parts.filter((part) => part.ink >= speck * largest && part.box.longSide >= shortest);
  }

  /**
   * Of a shadow with a hard edge corners are left that are too narrow for the paper filter's square: they reach the picture's edge, and are
   * fainter than the digit. The score isn't touched: in the wrong reading the paper around strokes is such a piece, too.
   */
  leaveOutShadows() {
    const { otherInk, shadowShare } = readingSettings;
    const smallest = otherInk * Math.min(this.ink.width, this.ink.height);
    const inner = this.strokes.parts.filter((part) => part.border === 0 && part.box.longSide >= smallest);
    if (inner.length === 0) return;
    const digit = inner.reduce((most, part) => (part.ink > most.ink ? part : most));
    const faint = (shadowShare * digit.ink) / digit.area;
    this.strokes.parts = this.strokes.parts.filter((part) => part.border === 0 || part.ink / part.area >= faint);
  }

  /**
   * Both readings find something in most pictures: one the strokes, the other a piece of the paper between strokes that is too narrow to hold
   * the paper filter's square. Strokes end in an edge of the picture all around; such pieces end where nothing is to be seen.
   */
  judge(hasMargin) {
    const { sheetShare, edgeWeight, edgeSteps, broadStroke, marginDoubt } = readingSettings;
    if (this.strokes.parts.length === 0) return 0;
    const largest = this.strokes.parts.reduce((most, part) => (part.ink > most.ink ? part : most));
    const { box } = largest;
    // The box around the part with the most ink; null where nothing was found.
    this.largest = box;
    if (sheetShare * this.ink.width * this.ink.height < box.width * box.height && this.strokes.isSheet(largest)) return 0;
    const { edges, outline } = this.outline(largest, Math.floor(box.longSide / edgeSteps));
    const width = widthOf(largest, outline) / box.longSide;
    return (
      (edges ** edgeWeight / (1 + (width / broadStroke) ** 4)) *
      box.longSide *
      Math.sqrt(this.inside) *
      (hasMargin ? marginDoubt : 1)
    );
  }

  /**
   * A part's strokes: how much of their outline lies on an edge of the picture, 0 to 1, and their mean width in pixels. Of strokes that are
   * thinner than the usual search for edges reaches, edges are looked for no further than their middle.
   */
  strokesOf(part) {
    const far = Math.floor(part.box.longSide / readingSettings.edgeSteps);
    const { edges, outline } = this.outline(part, far);
    const width = widthOf(part, outline);
    return { edges: width / 2 >= far ? edges : this.outline(part, Math.floor(width / 2)).edges, width };
  }

  /**
   * A part's outline: how much of it lies on an edge of the picture, where the grey grows from the part outwards (0 to 1), and its length in
   * sides of pixels. The edge is looked for so many pixels to either side, one at least.
   */
  outline({ label, box }, distance) {
    const { edgeHeight } = readingSettings;
    const { width, height } = this.ink;
    const { labels } = this.strokes;
    const far = Math.max(1, distance);
    const greyAt = (x, y) => this.grey.levels[clamp(y, 0, height - 1) * width + clamp(x, 0, width - 1)];
    let [count, sum] = [0, 0];
    const look = (x, y, dx, dy) => {
      const [nx, ny] = [x + dx, y + dy];
      const isInside = nx >= 0 && ny >= 0 && nx < width && ny < height;
      if (isInside && labels[ny * width + nx] === label) return;
      count++;
      if (!isInside) return;
      const rise = greyAt(nx + far * dx, ny + far * dy) - greyAt(x - far * dx, y - far * dy);
      const full = (edgeHeight * this.inside * this.paper.levels[y * width + x]) / 255;
      sum += clamp(rise / Math.max(1, full), 0, 1);
    };
    for (let y = box.top; y < box.bottom; y++) {
      for (let x = box.left; x < box.right; x++) {
        if (labels[y * width + x] !== label) continue;
        look(x, y, -1, 0);
        look(x, y, 1, 0);
        look(x, y, 0, -1);
        look(x, y, 0, 1);
      }
    }
    return { edges: sum / count, outline: count };
  }

  erase(found, { label, box }) {
    for (let y = box.top; y < box.bottom; y++) {
      for (let x = box.left; x < box.right; x++) {
        const at = y * this.ink.width + x;
        if (found.labels[at] === label) this.ink.levels[at] = 0;
      }
    }
  }
}

/** The mean width of a part. Its outline is counted in sides of pixels, which are 4 / pi times as long as a line in any direction. */
function widthOf({ area }, outline) {
  return (2 * area) / ((outline * Math.PI) / 4);
}

/** The level of strokes' insides; 0 where there is no ink. */
function insideOf(ink, faintest) {
  const weights = new Float64Array(256);
  for (const level of ink.levels) if (level > faintest) weights[level] += level * level;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (let level = 0, sum = 0; level < 256 && total > 0; level++) {
    sum += weights[level];
    if (sum >= readingSettings.insideShare * total) return level;
  }
  return 0;
}

function strokeLevel(inside, faintest) {
  return Math.max(faintest, Math.floor(readingSettings.strokeShare * inside));
}

/** Which of two readings is right: the one with the higher score, but strokes rather than the hole that they surround. */
function betterReading(first, second) {
  const [better, other] = first.score >= second.score ? [first, second] : [second, first];
  const isNear = other.score >= readingSettings.holeScore * better.score;
  const surrounds = other.largest !== null && better.largest !== null && contains(other.largest, better.largest);
  return isNear && surrounds ? other : better;
}

function contains(outer, inner) {
  return inner.left > outer.left && inner.top > outer.top && inner.right < outer.right && inner.bottom < outer.bottom;
}

/**
 * Grey levels in which the paper is white and ink of any colour dark: each channel is divided by the paper's, and the least of the three
 * counts.
 */
function greyOf({ width, height, data }, isLightOnDark) {
  const exchange = isLightOnDark ? 255 : 0;
  const shares = [];
  let darkest = 255;
  for (let c = 0; c < 3; c++) {
    const counts = new Int32Array(256);
    for (let i = c; i < data.length; i += 4) counts[data[i] ^ exchange]++;
    const paper = Math.max(readingSettings.darkestWhite, percentileOf(counts, readingSettings.paperShare));
    darkest = Math.min(darkest, paper);
    const share = (_, level) => Math.min(255, Math.floor((255 * level + Math.floor(paper / 2)) / paper));
    shares.push(Uint8Array.from({ length: 256 }, share));
  }
  const grey = new Plane(width, height);
  for (let i = 0, at = 0; i < grey.levels.length; i++, at += 4) {
    const red = shares[0][data[at] ^ exchange];
    const green = shares[1][data[at + 1] ^ exchange];
    const blue = shares[2][data[at + 2] ^ exchange];
    grey.levels[i] = Math.min(red, green, blue);
  }
  // By how much the levels of the channel whose paper is darkest were stretched.
  return { grey, stretch: 255 / darkest };
}

function flatPaper(grey) {
  return new Plane(grey.width, grey.height, grey.levels.slice().fill(grey.percentile(readingSettings.paperShare)));
}

/** The ink: how much darker than the paper, as a share of the paper. */
function difference(grey, paper) {
  const { darkestPaper, paperPixels } = readingSettings;
  const ink = new Plane(grey.width, grey.height);
  for (let i = 0; i < ink.levels.length; i++) {
    const light = Math.max(darkestPaper, paper.levels[i]);
    const darker = 255 * (paper.levels[i] - grey.levels[i]) + Math.floor(light / 2);
    ink.levels[i] = clamp(Math.trunc(darker / light), 0, 255);
  }
  // Noise makes the paper lighter than it is, for it is as light as the lightest pixel near.
  const noise = ink.percentile(paperPixels);
  for (let i = 0; i < ink.levels.length; i++) ink.levels[i] = Math.max(0, ink.levels[i] - noise);
  return ink;
}
