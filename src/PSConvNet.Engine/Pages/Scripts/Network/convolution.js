// A convolution: every filter looks at a window of the image, at each place the window comes to.

class Convolution {
  /**
   * @param layer window, stride and dilation as [height, width]; padding as [top, left]; groups; filters; whether there is a bias.
   * @param {number[]} input the image's height, width and channels.
   * @param {WeightReader} weights gives filters x height x width x channels of a group.
   */
  constructor(layer, input, weights) {
    this.layer = layer;
    this.input = input;
    this.depth = input[2] / layer.groups;
    this.columns = layer.window[0] * layer.window[1] * this.depth;
    this.kernel = weights.matrix(layer.filters, this.columns);
    this.bias = layer.bias ? weights.vector(layer.filters) : new Float32Array(layer.filters);
    this.patch = new Float32Array(this.columns);
  }

  run(image) {
    const { groups, filters, stride, padding } = this.layer;
    const [height, width] = this.layer.shape;
    const output = new Float32Array(height * width * filters);
    const perGroup = filters / groups;
    let at = 0;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let group = 0; group < groups; group++) {
          this.lookAt(image, y * stride[0] - padding[0], x * stride[1] - padding[1], group * this.depth);
          multiplyRows(this.kernel, this.columns, group * perGroup, perGroup, this.patch, this.bias, output, at);
          at += perGroup;
        }
      }
    }
    return output;
  }

  /** Copies what the window shows, some channels of every pixel, into the patch; beyond the image's edge there is 0. */
  lookAt(image, top, left, channel) {
    const { window, dilation } = this.layer;
    const [height, width, channels] = this.input;
    let at = 0;
    for (let i = 0; i < window[0]; i++) {
      const y = top + i * dilation[0];
      for (let j = 0; j < window[1]; j++) {
        const x = left + j * dilation[1];
        const inside = y >= 0 && y < height && x >= 0 && x < width;
        const from = (y * width + x) * channels + channel;
        for (let c = 0; c < this.depth; c++) this.patch[at++] = inside ? image[from + c] : 0;
      }
    }
  }
}
