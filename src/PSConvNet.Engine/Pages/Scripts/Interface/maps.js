// Feature maps: what a layer of a network makes of the picture.

class Maps {
  /**
   * @param {HTMLSelectElement} chooser its values are a network's number and a layer's.
   * @param {HTMLCanvasElement} canvas
   * @param {HTMLElement} caption
   * @param models the networks' descriptions.
   * @param {string[]} palette colours from the least to the most, as rrggbb.
   */
  constructor(chooser, canvas, caption, models, palette) {
    Object.assign(this, { chooser, canvas, caption, models });
    this.palette = palette.map((colour) => [0, 2, 4].map((at) => parseInt(colour.slice(at, at + 2), 16)));
    this.clear();
  }

  /** Which layer of which network is to be seen. */
  get layer() {
    const [network, number] = this.chooser.value.split("/").map(Number);
    return { network, number };
  }

  clear() {
    this.canvas.hidden = true;
    this.caption.textContent = "Draw something to see the feature maps.";
  }

  draw({ network, number }, values) {
    const { name, shape } = this.models[network].layers[number];
    const low = values.reduce((a, b) => Math.min(a, b));
    const high = values.reduce((a, b) => Math.max(a, b));
    const range = `${low.toPrecision(3)} (dark) to ${high.toPrecision(3)} (bright)`;
    this.canvas.hidden = false;
    if (shape.length === 3) {
      const shown = this.drawImages(values, shape, low, high);
      const count = shown < shape[2] ? `the first ${shown} of ${shape[2]} maps` : `${shown} ${shown === 1 ? "map" : "maps"}`;
      this.caption.textContent = `${name}: ${count} of ${shape[0]} × ${shape[1]}, from ${range}.`;
    } else {
      this.drawStrip(values, low, high);
      this.caption.textContent = `${name}: ${values.length} numbers, from ${range}.`;
    }
    this.canvas.setAttribute("aria-label", this.caption.textContent);
  }

  /** Channel beside channel, eight in a row. */
  drawImages(values, [height, width, channels], low, high) {
    const shown = Math.min(channels, 64);
    const columns = Math.min(shown, 8);
    const rows = Math.ceil(shown / columns);
    const gap = Math.max(1, Math.round(width / 14));
    this.paint(columns * (width + gap) - gap, rows * (height + gap) - gap, (paint) => {
      for (let map = 0; map < shown; map++) {
        const left = (map % columns) * (width + gap);
        const top = Math.floor(map / columns) * (height + gap);
        for (let i = 0; i < height * width; i++) {
          paint(left + (i % width), top + Math.floor(i / width), (values[i * channels + map] - low) / (high - low));
        }
      }
    });
    return shown;
  }

  /** No picture any more: numbers in lines. */
  drawStrip(values, low, high) {
    const columns = Math.min(values.length, values.length > 256 ? 64 : 32);
    this.paint(columns, Math.ceil(values.length / columns), (paint) => {
      values.forEach((value, i) => paint(i % columns, Math.floor(i / columns), (value - low) / (high - low)));
    });
  }

  paint(width, height, draw) {
    this.canvas.width = width;
    this.canvas.height = height;
    const image = new ImageData(width, height);
    draw((x, y, share) => {
      const place = Math.round((share || 0) * (this.palette.length - 1));
      const at = 4 * (y * width + x);
      image.data.set(this.palette[place], at);
      image.data[at + 3] = 255;
    });
    this.canvas.getContext("2d").putImageData(image, 0, 0);
  }
}
