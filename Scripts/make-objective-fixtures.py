#!/usr/bin/env python3
"""Write Tests/TestSupport/Fixtures/Objectives: gradients of objectives of several samples, by PyTorch in float64.

A second witness beside finite differences, as make-fixtures.py, whose models these are. Densities are those of
torch.distributions, gradients autograd's. Sticking the landing detaches the posterior's parameters in its density; the
doubly reparameterised estimator multiplies what reaches z by the weights, in a hook.

Usage: python3 Scripts/make-objective-fixtures.py
"""

import importlib.util
import pathlib

import numpy
import torch
import torch.nn.functional as F
from torch.distributions import Normal, kl_divergence

SCRIPTS = pathlib.Path(__file__).resolve().parent
specification = importlib.util.spec_from_file_location("fixtures", SCRIPTS / "make-fixtures.py")
fixtures = importlib.util.module_from_spec(specification)
specification.loader.exec_module(fixtures)

SAMPLES = 3
OBJECTIVES = [
    ("vae", "closed-form", "standard"),
    ("vae", "monte-carlo", "standard"),
    ("vae", "monte-carlo", "sticking-the-landing"),
    ("iwae", "closed-form", "standard"),
    ("iwae", "closed-form", "sticking-the-landing"),
    ("iwae", "closed-form", "doubly-reparameterized"),
]


def loss_of(model, case, x, noise, bound, kl_estimate, estimator):
    hidden = model.hidden(model.encoder["hidden"], x)
    mean, log_variance = model.encoder["mean"](hidden), model.encoder["log_variance"](hidden)
    posterior = Normal(mean[:, None], torch.exp(log_variance / 2)[:, None])
    latent = posterior.mean + posterior.stddev * noise
    outputs = model.decoder["output"](model.hidden(model.decoder["hidden"], latent))
    target = x[:, None].expand_as(outputs)
    if case["likelihood"] == "bernoulli":
        reconstruction = F.binary_cross_entropy_with_logits(outputs, target, reduction="none").sum(-1)
    else:
        deviation = torch.full_like(outputs, case["variance"]).sqrt()
        reconstruction = -Normal(outputs, deviation).log_prob(target).sum(-1)
    density = posterior if estimator == "standard" else Normal(posterior.mean.detach(), posterior.stddev.detach())
    prior = Normal(torch.zeros_like(mean), torch.ones_like(mean))
    ratio = Normal(0.0, 1.0).log_prob(latent).sum(-1) - density.log_prob(latent).sum(-1)
    log_weights = case["klWeight"] * ratio - reconstruction
    if bound == "iwae":
        if estimator == "doubly-reparameterized":
            weights = torch.softmax(log_weights, 1).detach()
            latent.register_hook(lambda gradient: weights[..., None] * gradient)
        return -(torch.logsumexp(log_weights, 1) - numpy.log(noise.shape[1])).mean()
    if kl_estimate == "monte-carlo":
        return -log_weights.mean()
    kl = kl_divergence(Normal(mean, torch.exp(log_variance / 2)), prior).sum(-1)
    return reconstruction.mean() + case["klWeight"] * kl.mean()


def make(case):
    random = numpy.random.Generator(numpy.random.PCG64(case["seed"] + 1000))
    model = fixtures.VAE(case).double()
    with torch.no_grad():
        for parameter in model.parameters():
            spread = 1 / numpy.sqrt(parameter.shape[1]) if parameter.ndim == 2 else 0.3
            parameter.copy_(fixtures.short(spread * random.standard_normal(parameter.shape)))
    batch, inputs, latents = case["batch"], case["inputCount"], case["latentCount"]
    draw = random.random if case["likelihood"] == "bernoulli" else random.standard_normal
    x = fixtures.short(draw((batch, inputs)))
    noise = fixtures.short(random.standard_normal((batch, SAMPLES, latents)))
    results = []
    for bound, kl_estimate, estimator in OBJECTIVES:
        # The doubly reparameterised identity is for an objective without β.
        weighted = dict(case, klWeight=1.0) if estimator == "doubly-reparameterized" else case
        model.zero_grad()
        loss = loss_of(model, weighted, x, noise, bound, kl_estimate, estimator)
        loss.backward()
        results.append({
            "bound": bound, "klEstimate": kl_estimate, "estimator": estimator, "klWeight": weighted["klWeight"],
            "value": loss.item(),
            "gradients": {name: p.grad.flatten().tolist() for name, p in model.named_parameters()},
        })
    keys = ["inputCount", "encoderHidden", "latentCount", "decoderHidden", "activation", "likelihood"]
    architecture = {key: case[key] for key in keys}
    if case["variance"] is not None:
        architecture["variance"] = case["variance"]
    return {
        "name": case["name"], "architecture": architecture, "samples": SAMPLES,
        "parameters": {name: p.detach().flatten().tolist() for name, p in model.named_parameters()},
        "examples": x.tolist(), "noise": noise.flatten(0, 1).tolist(), "objectives": results,
    }


def main():
    torch.set_num_threads(1)
    folder = fixtures.OUTPUT / "Objectives"
    folder.mkdir(parents=True, exist_ok=True)
    for case in fixtures.CASES:
        if case["name"] in ("relu-bernoulli", "softplus-gaussian", "linear-gaussian"):
            path = folder / f"{case['name']}.json"
            path.write_text(fixtures.render(make(case)) + "\n")
            print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
