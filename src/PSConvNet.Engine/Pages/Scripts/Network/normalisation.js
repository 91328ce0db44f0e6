// A batch norm, as it is once the network has learned: each channel by its moving statistics.

class BatchNorm {
  constructor(layer, input, weights) {
    const channels = input[input.length - 1];
    const gamma = weights.vector(channels);
    const beta = weights.vector(channels);
    const mean = weights.vector(channels);
    const variance = weights.vector(channels);
    this.scale = new Float64Array(channels);
    this.shift = new Float64Array(channels);
    for (let c = 0; c < channels; c++) {
      this.scale[c] = gamma[c] / Math.sqrt(variance[c] + layer.epsilon);
      this.shift[c] = beta[c] - mean[c] * this.scale[c];
    }
  }

  run(values) {
    const output = new Float32Array(values.length);
    const channels = this.scale.length;
    for (let i = 0; i < values.length; i++) output[i] = values[i] * this.scale[i % channels] + this.shift[i % channels];
    return output;
  }
}
