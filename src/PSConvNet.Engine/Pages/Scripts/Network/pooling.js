// Pooling: one number for each window of each channel, or for the whole of each channel.

class Pool {
  /** @param layer window and stride as [height, width]; padding as [top, left]; whether the largest is taken or the mean. */
  constructor(layer, input) {
    this.layer = layer;
    this.input = input;
  }

  run(image) {
    const { window, stride, padding, largest } = this.layer;
    const [height, width, channels] = this.layer.shape;
    const output = new Float32Array(height * width * channels);
    for (let y = 0; y < height; y++) {
      const rows = this.within(y * stride[0] - padding[0], window[0], this.input[0]);
      for (let x = 0; x < width; x++) {
        const columns = this.within(x * stride[1] - padding[1], window[1], this.input[1]);
        const at = (y * width + x) * channels;
        poolWindow(image, this.input, rows, columns, largest, output, at);
      }
    }
    return output;
  }

  /** The part of a window that lies on the image: what is beyond its edge counts for nothing. */
  within(start, length, size) {
    return [Math.max(start, 0), Math.min(start + length, size)];
  }
}

class GlobalPool {
  constructor(layer, input) {
    this.layer = layer;
    this.input = input;
  }

  run(image) {
    const output = new Float32Array(this.input[2]);
    poolWindow(image, this.input, [0, this.input[0]], [0, this.input[1]], this.layer.largest, output, 0);
    return output;
  }
}

/** The largest number of each channel of a window, or the mean, written from output[at] on. */
function poolWindow(image, [, width, channels], [top, bottom], [left, right], largest, output, at) {
  const pixels = (bottom - top) * (right - left);
  for (let c = 0; c < channels; c++) {
    let result = largest ? -Infinity : 0;
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const value = image[(y * width + x) * channels + c];
        if (!largest) result += value;
        else if (value > result) result = value;
      }
    }
    output[at + c] = largest ? result : result / pixels;
  }
}
