"use strict";
// The decoder, in the page: the same layers as the library's, on weights of 16 bits.

function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}

/// Numbers of 16 bits, little-endian as every machine that shows this page is.
function shortsOf(base64) { return new Int16Array(bytesOf(base64).buffer); }
function floatsOf(base64) { return new Float32Array(bytesOf(base64).buffer); }

const activations = {
  identity: (x) => x,
  relu: (x) => Math.max(x, 0),
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  gelu: (x) => (x / 2) * (1 + erf(x / Math.SQRT2)),
  silu: (x) => x / (1 + Math.exp(-x)),
  "leaky-relu": (x) => (x > 0 ? x : 0.01 * x),
};

/// By Abramowitz and Stegun 1964, 7.1.26: within 1.5e-7.
function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const sum = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return Math.sign(x) * (1 - sum * Math.exp(-x * x));
}

/// Layers y = f(x W + b): a weight is a whole number times the scale of its column, or itself.
class Decoder {
  constructor(data) {
    this.layers = data.layers.map((layer) => ({
      inputs: layer.inputs, outputs: layer.outputs, activation: activations[layer.activation],
      weights: layer.exact ? floatsOf(layer.exact) : shortsOf(layer.weights),
      scales: layer.exact ? null : floatsOf(layer.scales), bias: floatsOf(layer.bias),
    }));
    this.latentCount = data.latentCount;
    this.labelCount = data.labelCount;
    this.labels = data.labels;
    this.featureCount = data.featureCount;
    this.mean = data.mean;
    this.levels = data.levels;
    this.columns = data.columns || [];
    this.toldCount = data.told.reduce((sum, column) => sum + column.width, 0);
  }

  /// E[x|z] of one latent; `label` is the class of a conditional model, `told` the other numbers that it is told.
  decode(latent, label = this.labels[0], told = []) {
    let x = new Float64Array(this.latentCount + this.labelCount + this.toldCount);
    x.set(latent);
    if (this.labelCount > 0) x[this.latentCount + label] = 1;
    x.set(told, this.latentCount + this.labelCount);
    for (const layer of this.layers) {
      const sums = new Float64Array(layer.outputs);
      for (let input = 0; input < layer.inputs; input++) {
        const value = x[input];
        if (value === 0) continue;
        const start = input * layer.outputs;
        for (let output = 0; output < layer.outputs; output++) sums[output] += value * layer.weights[start + output];
      }
      for (let output = 0; output < layer.outputs; output++) {
        const scale = layer.scales ? layer.scales[output] : 1;
        sums[output] = layer.activation(sums[output] * scale + layer.bias[output]);
      }
      x = sums;
    }
    return this.meanOf(x);
  }

  /// What the likelihood's mean is, of the last layer's output.
  meanOf(output) {
    if (this.mean === "sigmoid") return Float32Array.from(output, activations.sigmoid);
    if (this.mean === "by-column") return this.meanByColumn(output);
    if (this.mean !== "softmax") return Float32Array.from(output);
    const pixels = new Float32Array(this.featureCount);
    for (let feature = 0; feature < this.featureCount; feature++) {
      let largest = -Infinity, total = 0, sum = 0;
      for (let level = 0; level < this.levels; level++) {
        largest = Math.max(largest, output[level * this.featureCount + feature]);
      }
      for (let level = 0; level < this.levels; level++) {
        const weight = Math.exp(output[level * this.featureCount + feature] - largest);
        total += weight;
        sum += weight * level;
      }
      pixels[feature] = sum / total / (this.levels - 1);
    }
    return pixels;
  }

  /// Of each column what its family makes of it: a number as it is, a probability, the probabilities of levels, a rate.
  meanByColumn(output) {
    const features = Float32Array.from(output);
    for (const { kind, first, width } of this.columns) {
      if (kind === "yes-no" || kind === "inflated") features[first] = activations.sigmoid(output[first]);
      else if (kind === "count") features[first] = Math.exp(output[first]);
      else if (kind === "category") {
        const logits = output.slice(first, first + width), largest = Math.max(...logits);
        const weights = logits.map((logit) => Math.exp(logit - largest));
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        features.set(weights.map((weight) => weight / total), first);
      }
    }
    return features;
  }
}

/// Pixels from 0 to 1 on a canvas of the image's own size.
function drawImage(canvas, pixels, shape) {
  const context = canvas.getContext("2d");
  const image = context.createImageData(shape.width, shape.height);
  for (let place = 0; place < shape.width * shape.height; place++) {
    for (let channel = 0; channel < 3; channel++) {
      const source = place * shape.channels + (shape.channels === 3 ? channel : 0);
      image.data[place * 4 + channel] = Math.round(clamp(pixels[source], 0, 1) * 255);
    }
    image.data[place * 4 + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/// What gzip made smaller, or null where the browser cannot undo it.
async function gunzip(base64) {
  if (typeof DecompressionStream === "undefined") return null;
  const stream = new Blob([bytesOf(base64)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
