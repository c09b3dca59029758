#!/usr/bin/env python3
"""Seconds of each training epoch of a dense Bernoulli VAE in JAX, on the CPU; the counterpart of vae-bench.

Written as a good user of JAX would: the data are floats in memory, and a whole epoch (its permutation, noise, gradients
and Adam by optax) is one jitted lax.scan whose state is donated, so that Python is entered once an epoch.

    jax_scan.py --data FOLDER [--hidden 512] [--latent 2] [--activation relu] [--batch-size 128] [--epochs 4]

prints one JSON object: seconds of every epoch after the first, which compiles, and JAX's version.
"""

import argparse
import functools
import gzip
import json
import os
import pathlib
import resource
import time

import jax
import jax.numpy as jnp
import numpy as np
import optax


def images(folder):
    path = next(pathlib.Path(folder).glob("train-images*"))
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    return np.frombuffer(content, np.uint8, offset=16).reshape(-1, 784).astype(np.float32) * np.float32(1 / 255)


def dense(key, inputs, outputs):
    limit = (6 / (inputs + outputs)) ** 0.5
    return jax.random.uniform(key, (inputs, outputs), minval=-limit, maxval=limit), jnp.zeros(outputs)


def network(key, widths):
    keys = jax.random.split(key, len(widths))
    return [dense(k, a, b) for k, a, b in zip(keys, widths, widths[1:])]


def apply(layers, x, activation):
    for weight, bias in layers[:-1]:
        x = activation(x @ weight + bias)
    weight, bias = layers[-1]
    return x @ weight + bias


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--hidden", default="512")
    parser.add_argument("--latent", type=int, default=2)
    parser.add_argument("--activation", default="relu")
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--epochs", type=int, default=4)
    options = parser.parse_args()
    hidden = [int(width) for width in options.hidden.split(",")]
    activation = {"relu": jax.nn.relu, "tanh": jnp.tanh}[options.activation]
    x = jnp.asarray(images(options.data))
    count, batch = len(x), options.batch_size
    optimizer = optax.adam(1e-3)

    encoder_key, decoder_key, key = jax.random.split(jax.random.key(0), 3)
    parameters = (
        network(encoder_key, [784, *hidden, 2 * options.latent]),
        network(decoder_key, [options.latent, *reversed(hidden), 784]),
    )

    def objective(parameters, rows, key):
        """The negative ELBO in nats, averaged over the examples."""
        encoder, decoder = parameters
        mean, log_variance = jnp.split(apply(encoder, rows, activation), 2, axis=1)
        latent = mean + jnp.exp(0.5 * log_variance) * jax.random.normal(key, mean.shape)
        logits = apply(decoder, latent, activation)
        reconstruction = (jax.nn.softplus(logits) - rows * logits).sum()
        kl = 0.5 * (jnp.exp(log_variance) + jnp.square(mean) - 1 - log_variance).sum()
        return (reconstruction + kl) / len(rows)

    def update(state, x, rows, key):
        parameters, moments = state
        loss, gradients = jax.value_and_grad(objective)(parameters, x[rows], key)
        updates, moments = optimizer.update(gradients, moments)
        return (optax.apply_updates(parameters, updates), moments), loss

    @functools.partial(jax.jit, donate_argnums=0)
    def epoch(state, x, key):
        order_key, noise_key = jax.random.split(key)
        order = jax.random.permutation(order_key, count)
        steps = count // batch
        keys = jax.random.split(noise_key, steps + 1)
        state, losses = jax.lax.scan(
            lambda state, step: update(state, x, *step), state, (order[: steps * batch].reshape(steps, batch), keys[:-1])
        )
        if count % batch:
            state, _ = update(state, x, order[steps * batch :], keys[-1])
        return state, losses[-1]

    state = (parameters, optimizer.init(parameters))
    seconds = []
    for number in range(options.epochs):
        start = time.perf_counter()
        state, loss = epoch(state, x, jax.random.fold_in(key, number))
        loss = loss.item()
        seconds.append(time.perf_counter() - start)
    print(
        json.dumps(
            {
                "peer": f"JAX {jax.__version__} scan",
                "threads": len(os.sched_getaffinity(0)),
                "seconds": seconds[1:],
                "peak_memory_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
                "last_minibatch_negative_elbo": loss,
            }
        )
    )


if __name__ == "__main__":
    main()
