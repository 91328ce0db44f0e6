// The activation functions. Each changes an array of numbers in place.

const activations = {
  None: () => {},
  ReLU: each((x) => (x > 0 ? x : 0)),
  LeakyReLU: each((x, alpha) => (x > 0 ? x : alpha * x)),
  ELU: each((x, alpha) => (x > 0 ? x : alpha * Math.expm1(x))),
  GELU: each((x) => 0.5 * x * (1 + erf(x / Math.SQRT2))),
  SiLU: each((x) => x / (1 + Math.exp(-x))),
  Sigmoid: each((x) => 1 / (1 + Math.exp(-x))),
  Tanh: each((x) => Math.tanh(x)),
  Softmax: (values, _, channels) => softmax(values, channels, (x, sum) => Math.exp(x) / sum),
  LogSoftmax: (values, _, channels) => softmax(values, channels, (x, sum) => x - Math.log(sum)),
};

/** Applies a layer's activation to what the layer gives, channels innermost. */
function activate(values, activation, alpha, channels) {
  activations[activation](values, alpha, channels);
  return values;
}

function each(compute) {
  return (values, alpha) => {
    for (let i = 0; i < values.length; i++) values[i] = compute(values[i], alpha);
  };
}

/** Over the channels of each place, from the largest number down, so that none overflows. */
function softmax(values, channels, finish) {
  for (let start = 0; start < values.length; start += channels) {
    const place = values.subarray(start, start + channels);
    const largest = place.reduce((a, b) => Math.max(a, b), -Infinity);
    const sum = place.reduce((total, x) => total + Math.exp(x - largest), 0);
    for (let c = 0; c < channels; c++) place[c] = finish(place[c] - largest, sum);
  }
}

/** The error function, to 1.5e-7 (Abramowitz and Stegun 1964, 7.1.26). */
function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const sum = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const magnitude = 1 - sum * Math.exp(-x * x);
  return x < 0 ? -magnitude : magnitude;
}
