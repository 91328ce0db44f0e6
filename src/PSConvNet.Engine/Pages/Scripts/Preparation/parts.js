// The parts that the ink of a picture falls into: what is connected, neighbours at corners included.

class InkParts {
  /** Finds the parts among pixels above a level, in the order of their first pixels. */
  constructor({ width, height, levels }, level) {
    Object.assign(this, { width, height });
    // Of each pixel the part that it belongs to, or 0.
    this.labels = new Int32Array(levels.length);
    this.parts = [];
    for (let first = 0; first < levels.length; first++) {
      if (this.labels[first] === 0 && levels[first] > level) this.parts.push(this.follow(levels, level, first));
    }
  }

  /** The part that a pixel belongs to. */
  follow(levels, level, first) {
    const { width, height, labels } = this;
    const label = this.parts.length + 1;
    let [left, top, right, bottom] = [width, height, 0, 0];
    let [area, ink] = [0, 0];
    let [onLeft, onTop, onRight, onBottom] = [0, 0, 0, 0];
    const open = [first];
    labels[first] = label;
    while (open.length > 0) {
      const at = open.pop();
      const x = at % width;
      const y = (at - x) / width;
      area++;
      ink += levels[at];
      if (x < left) left = x;
      if (x >= right) right = x + 1;
      if (y < top) top = y;
      if (y >= bottom) bottom = y + 1;
      if (x === 0) onLeft++;
      if (y === 0) onTop++;
      if (x === width - 1) onRight++;
      if (y === height - 1) onBottom++;
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const next = ny * width + nx;
          if (labels[next] !== 0 || levels[next] <= level) continue;
          labels[next] = label;
          open.push(next);
        }
      }
    }
    // The share that it covers of one of the picture's four sides; the largest.
    const border = Math.max(Math.max(onLeft, onRight) / height, Math.max(onTop, onBottom) / width);
    return { label, box: new Box(left, top, right - left, bottom - top), area, ink, border };
  }

  /** Whether a part is the outline of a rectangle, tilted or not: what it surrounds fills one, and it is hollow. */
  isFrame(part) {
    const hollow = 0.45;
    const filled = this.filled(part);
    return this.isRectangle(part, filled) && part.area < hollow * filled;
  }

  /** Whether a part is a sheet with something on it: it fills a rectangle, but for holes. */
  isSheet(part) {
    const solid = 0.97;
    const filled = this.filled(part);
    return this.isRectangle(part, filled) && part.area < solid * filled;
  }

  /** How many pixels a part has with those that it surrounds. */
  filled(part) {
    return part.box.width * part.box.height - this.outside(part);
  }

  /** Whether so many pixels fill a rectangle: an ellipse fills 0.79 of the smallest one around it. */
  isRectangle(part, filled) {
    const rectangular = 0.88;
    return filled > rectangular * this.smallestRectangle(part);
  }

  /** How many pixels of a part's box can be reached from its edge without crossing the part. */
  outside({ label, box }) {
    const [width, height] = [box.width + 2, box.height + 2];
    const seen = new Uint8Array(width * height);
    const open = [0];
    let count = -2 * (width + height) + 4;
    seen[0] = 1;
    const visit = (x, y) => {
      if (x < 0 || y < 0 || x >= width || y >= height || seen[y * width + x]) return;
      const isInside = x > 0 && y > 0 && x <= box.width && y <= box.height;
      if (isInside && this.labels[(box.top + y - 1) * this.width + box.left + x - 1] === label) return;
      seen[y * width + x] = 1;
      open.push(y * width + x);
    };
    while (open.length > 0) {
      const at = open.pop();
      count++;
      const x = at % width;
      const y = (at - x) / width;
      visit(x - 1, y);
      visit(x + 1, y);
      visit(x, y - 1);
      visit(x, y + 1);
    }
    return count;
  }

  /** The area of the smallest rectangle around a part, over turns by five degrees. */
  smallestRectangle({ label, box }) {
    const ends = [];
    for (let y = box.top; y < box.bottom; y++) {
      const row = this.labels.subarray(y * this.width + box.left, y * this.width + box.right);
      const first = row.indexOf(label);
      if (first >= 0) ends.push([first, y], [row.lastIndexOf(label), y]);
    }
    let least = Infinity;
    for (let degrees = 0; degrees < 90; degrees += 5) {
      const sin = Math.sin((degrees * Math.PI) / 180);
      const cos = Math.cos((degrees * Math.PI) / 180);
      let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
      for (const [x, y] of ends) {
        const u = x * cos + y * sin;
        const v = y * cos - x * sin;
        left = Math.min(left, u);
        right = Math.max(right, u);
        top = Math.min(top, v);
        bottom = Math.max(bottom, v);
      }
      least = Math.min(least, (right - left + 1) * (bottom - top + 1));
    }
    return least;
  }
}
