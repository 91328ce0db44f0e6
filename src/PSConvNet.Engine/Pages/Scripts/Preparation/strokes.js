// How wide strokes are, and making them wider or narrower.

/** The mean width of strokes in pixels: a stroke's area is length x width, its outline twice the length. */
function strokeWidth({ width, height, levels }, level) {
  const at = (x, y) => {
    if (x < 0 || y < 0 || x >= width || y >= height) return 0;
    const here = levels[y * width + x];
    return here > level ? here : 0;
  };
  let [area, outline] = [0, 0];
  for (let y = 0; y <= height; y++) {
    for (let x = 0; x <= width; x++) {
      const here = at(x, y);
      area += here;
      const across = here - at(x - 1, y);
      const down = here - at(x, y - 1);
      outline += Math.sqrt(across * across + down * down);
    }
  }
  return outline === 0 ? 0 : (2 * area) / outline;
}

/** Strokes wider by a distance on either side, or narrower by it where it is negative. */
function grown(ink, distance) {
  const grows = distance > 0;
  const far = distancesTo(ink, grows);
  const result = new Plane(ink.width, ink.height);
  for (let i = 0; i < far.length; i++) {
    // A pixel's distance is to the middle of the next one, half a pixel beyond its edge.
    const cover = clamp(grows ? distance + 1 - far[i] : far[i] + distance, 0, 1);
    const level = Math.floor(255 * cover + 0.5);
    result.levels[i] = grows ? Math.max(ink.levels[i], level) : Math.min(ink.levels[i], level);
  }
  return result;
}

/** Of each pixel how far the next one is that is ink, or is none (chamfer distances of 1 and the root of 2). */
function distancesTo({ width, height, levels }, toInk) {
  const far = new Float64Array(width * height);
  for (let i = 0; i < far.length; i++) far[i] = levels[i] >= 128 === toInk ? 0 : 1e9;
  const take = (x, y, dx, dy, step) => {
    const [nx, ny] = [x + dx, y + dy];
    if (nx < 0 || ny < 0 || nx >= width || ny >= height) return;
    far[y * width + x] = Math.min(far[y * width + x], far[ny * width + nx] + step);
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      take(x, y, -1, 0, 1);
      take(x, y, 0, -1, 1);
      take(x, y, -1, -1, Math.SQRT2);
      take(x, y, 1, -1, Math.SQRT2);
    }
  }
  for (let y = height - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--) {
      take(x, y, 1, 0, 1);
      take(x, y, 0, 1, 1);
      take(x, y, 1, 1, Math.SQRT2);
      take(x, y, -1, 1, Math.SQRT2);
    }
  }
  return far;
}
