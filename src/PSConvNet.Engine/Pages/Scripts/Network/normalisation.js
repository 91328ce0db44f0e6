// Normalizations: a batch norm, as it is once the network has learned, by its moving statistics; a layer norm by those of each pixel or vector.

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

class LayerNorm {
  constructor(layer, input, weights) {
    this.channels = input[input.length - 1];
    this.gamma = weights.vector(this.channels);
    this.beta = weights.vector(this.channels);
    this.epsilon = layer.epsilon;
  }

  run(values) {
    const { channels, gamma, beta } = this;
    const output = new Float32Array(values.length);
    for (let start = 0; start < values.length; start += channels) {
      let mean = 0;
      for (let c = 0; c < channels; c++) mean += values[start + c] / channels;
      let variance = 0;
      for (let c = 0; c < channels; c++) variance += (values[start + c] - mean) ** 2 / channels;
      const scale = 1 / Math.sqrt(variance + this.epsilon);
      for (let c = 0; c < channels; c++) output[start + c] = (values[start + c] - mean) * scale * gamma[c] + beta[c];
    }
    return output;
  }
}
