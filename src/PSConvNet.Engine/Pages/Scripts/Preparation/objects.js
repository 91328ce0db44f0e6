// Objects made of parts: a digit may be broken, and two may touch.

const objectSettings = {
  // Parts of the one object that a picture is of lie no further apart than this share of the largest one's longer side.
  near: 0.2,
  // Parts one above the other belong together where they share this much of the narrower one's width.
  sharedWidth: 0.4,
  // And lie no further apart than this share of the usual height.
  gapDown: 0.4,
  // A part lower than this share of its neighbour, close beside it, is a piece of it.
  pieceHeight: 0.65,
  // As close as this share of the usual height.
  gapAcross: 0.1,
  // A whole object is at most this much higher than the highest part.
  higher: 1.5,
  // What is smaller than this share of the usual height is a dot, not a digit.
  dot: 0.35,
  // An object this much wider than high is several that touch; the width of one digit, as a share of the height.
  wide: 1.3,
  usualWidth: 0.75,
  // Digits are parted at places no thicker than so many widths of a stroke, or than this share of their height.
  thinPlace: 1.6,
  thinShare: 0.4,
};

/** The one object that a picture is of: the parts that lie close together and have the most ink. */
function mainObject(parts) {
  const near = objectSettings.near * parts.reduce((most, part) => Math.max(most, part.box.longSide), 0);
  const objects = joinedParts(parts, (a, b) => a.box.gapTo(b.box) <= near);
  return objects.reduce((most, found) => (found.ink > most.ink ? found : most));
}

/** All objects: the box and the ink of each. Those that touch are parted by straight cuts where they are thinnest. */
function allObjects(strokes, parts, width) {
  const { dot, wide } = objectSettings;
  const highest = parts.reduce((most, part) => Math.max(most, part.box.height), 0);
  const high = parts.map((part) => part.box.height).filter((height) => 2 * height >= highest);
  const usual = high.sort((a, b) => a - b)[high.length >> 1];
  return joinedParts(parts, (a, b) => areOne(a.box, b.box, usual))
    .filter((found) => found.box.longSide >= dot * usual)
    .flatMap((found) =>
      found.box.width <= wide * Math.max(found.box.height, usual) ? [found] : cutApart(strokes, found, width),
    );
}

function areOne(a, b, usual) {
  const { higher, sharedWidth, gapDown, gapAcross, pieceHeight } = objectSettings;
  if (a.with(b).height > higher * usual) return false;
  const [across, down] = [a.gapAcross(b), a.gapDown(b)];
  const [lower, taller] = [Math.min(a.height, b.height), Math.max(a.height, b.height)];
  // Digits of two lines lie above one another, too, and are as high as any.
  const isAbove = -across >= sharedWidth * Math.min(a.width, b.width) && down <= gapDown * usual && lower < 0.8 * usual;
  const isBeside = across <= gapAcross * usual && down <= 0 && lower < pieceHeight * taller;
  return isAbove || isBeside;
}

/** Parts that belong together are one object. */
function joinedParts(parts, isOne) {
  let groups = [];
  for (const part of parts) {
    const touches = (group) => group.some((other) => isOne(other, part));
    const merged = [...groups.filter(touches).flat(), part];
    groups = [...groups.filter((group) => !touches(group)), merged];
  }
  return groups.map((group) => ({
    labels: new Set(group.map((part) => part.label)),
    parts: group,
    box: group.map((part) => part.box).reduce((a, b) => a.with(b)),
    ink: group.reduce((sum, part) => sum + part.ink, 0),
  }));
}

/** The pieces of a wide object, cut from top to bottom in its thinnest columns. */
function cutApart({ width, labels }, { labels: own, box }, strokes) {
  const { usualWidth, thinPlace, thinShare } = objectSettings;
  const count = Math.max(2, roundEven(box.width / (usualWidth * box.height)));
  const isOwn = (x, y) => own.has(labels[y * width + x]);
  const columns = new Int32Array(box.width);
  for (let y = box.top; y < box.bottom; y++) {
    for (let x = box.left; x < box.right; x++) if (isOwn(x, y)) columns[x - box.left]++;
  }
  const cuts = [0];
  for (let i = 1; i < count; i++) {
    const share = box.width / count;
    const reach = (0.3 * box.width) / count;
    let best = Math.trunc(i * share - reach);
    for (let x = best; x <= Math.trunc(i * share + reach) && x < columns.length; x++) {
      const isNearer = Math.abs(x - i * share) < Math.abs(best - i * share);
      if (columns[x] < columns[best] || (columns[x] === columns[best] && isNearer)) best = x;
    }
    if (columns[best] <= Math.max(thinPlace * strokes, thinShare * box.height)) cuts.push(best);
  }
  cuts.push(box.width);
  return cuts.slice(1).flatMap((until, i) => {
    let ink = 0;
    let piece = null;
    for (let y = box.top; y < box.bottom; y++) {
      for (let x = box.left + cuts[i]; x < box.left + until; x++) {
        if (!isOwn(x, y)) continue;
        ink += 255;
        const pixel = new Box(x, y, 1, 1);
        piece = piece === null ? pixel : piece.with(pixel);
      }
    }
    return piece === null ? [] : [{ box: piece, ink }];
  });
}
