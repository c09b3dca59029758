#!/usr/bin/env python3
"""Write Tests/TestSupport/Fixtures/Variants and Optimizers, by PyTorch in float64.

A second witness beside finite differences, as make-fixtures.py: autoencoders, conditional models, likelihoods that learn a
variance or have levels, constraints on the KL term, penalties on a code, and the steps of
AdamW, of SGD with momentum and with a penalty too, of AdaMax and of RMSProp.
Losses are those of torch.nn.functional and torch.distributions, gradients autograd's.

Usage: python3 Scripts/make-variant-fixtures.py
"""

import importlib.util
import pathlib

import numpy
import torch
import torch.nn.functional as F
from torch.distributions import Bernoulli, Normal, kl_divergence

SCRIPTS = pathlib.Path(__file__).resolve().parent
specification = importlib.util.spec_from_file_location("fixtures", SCRIPTS / "make-fixtures.py")
fixtures = importlib.util.module_from_spec(specification)
specification.loader.exec_module(fixtures)

LOG_VARIANCE_FLOOR = -2 * numpy.log(255)
BASE = dict(batch=5, inputCount=8, encoderHidden=[6], latentCount=3, decoderHidden=[7], activation="tanh",
            likelihood="bernoulli", model="vae", codeActivation="identity", labelCount=0, levels=None, klWeight=1.0,
            samples=1, bound="vae", constraint="none", nats=0.0, penalty="none", penaltyWeight=0.0, penaltyTarget=0.05,
            corrupted=False)
CASES = [
    dict(BASE, name="gaussian-learned", likelihood="gaussian-learned"),
    dict(BASE, name="gaussian-learned-iwae", likelihood="gaussian-learned", bound="iwae", samples=3),
    dict(BASE, name="gaussian-per-pixel", likelihood="gaussian-per-pixel"),
    dict(BASE, name="gaussian-per-pixel-iwae", likelihood="gaussian-per-pixel", bound="iwae", samples=2),
    dict(BASE, name="categorical", likelihood="categorical", levels=5),
    dict(BASE, name="conditional", labelCount=4, klWeight=0.5),
    dict(BASE, name="conditional-iwae", labelCount=3, bound="iwae", samples=2, corrupted=True),
    dict(BASE, name="free-bits", latentCount=6, constraint="free-bits", nats=0.4, klWeight=2.0),
    dict(BASE, name="capacity-above", constraint="capacity", nats=30.0, klWeight=3.0),
    dict(BASE, name="capacity-below", constraint="capacity", nats=0.25, klWeight=3.0),
    dict(BASE, name="autoencoder", model="autoencoder"),
    dict(BASE, name="autoencoder-denoising", model="autoencoder", codeActivation="tanh", corrupted=True),
    dict(BASE, name="autoencoder-l1", model="autoencoder", penalty="l1", penaltyWeight=0.5),
    dict(BASE, name="autoencoder-sparse", model="autoencoder", codeActivation="sigmoid", penalty="kl",
         penaltyWeight=2.0, penaltyTarget=0.125),
]


class Model(torch.nn.Module):
    def __init__(self, case):
        super().__init__()
        self.activation = fixtures.ACTIVATIONS[case["activation"]]
        widths = [case["inputCount"] + case["labelCount"], *case["encoderHidden"]]
        encoder = {
            "hidden": torch.nn.ModuleList(map(torch.nn.Linear, widths, widths[1:])),
            "mean": torch.nn.Linear(widths[-1], case["latentCount"]),
        }
        if case["model"] == "vae":
            encoder["log_variance"] = torch.nn.Linear(widths[-1], case["latentCount"])
        self.encoder = torch.nn.ModuleDict(encoder)
        widths = [case["latentCount"] + case["labelCount"], *case["decoderHidden"]]
        decoder = {
            "hidden": torch.nn.ModuleList(map(torch.nn.Linear, widths, widths[1:])),
            "output": torch.nn.Linear(widths[-1], case["inputCount"] * (case["levels"] or 1)),
        }
        if case["likelihood"] == "gaussian-per-pixel":
            decoder["output_log_variance"] = torch.nn.Linear(widths[-1], case["inputCount"])
        self.decoder = torch.nn.ModuleDict(decoder)
        if case["likelihood"] == "gaussian-learned":
            self.decoder.register_parameter("log_variance", torch.nn.Parameter(torch.zeros(1)))

    def hidden(self, layers, x):
        for layer in layers:
            x = self.activation(layer(x))
        return x


def reconstruction_of(model, case, hidden, target):
    """-log p(x|z) of each row of the decoder's last hidden layer, [batch, samples]."""
    outputs = model.decoder["output"](hidden)
    if case["likelihood"] == "bernoulli":
        return F.binary_cross_entropy_with_logits(outputs, target, reduction="none").sum(-1)
    if case["likelihood"] == "gaussian-learned":
        return -Normal(outputs, torch.exp(model.decoder.log_variance / 2)).log_prob(target).sum(-1)
    if case["likelihood"] == "gaussian-per-pixel":
        raw = model.decoder["output_log_variance"](hidden)
        log_variance = LOG_VARIANCE_FLOOR + F.softplus(raw - LOG_VARIANCE_FLOOR, threshold=60)
        return -Normal(outputs, torch.exp(log_variance / 2)).log_prob(target).sum(-1)
    levels = case["levels"]
    logits = outputs.reshape(-1, levels, case["inputCount"])
    classes = torch.round(target * (levels - 1)).long().reshape(-1, case["inputCount"])
    return F.cross_entropy(logits, classes, reduction="none").sum(-1).reshape(target.shape[:-1])


def objective_of(model, case, x, target, labels, noise):
    one_hot = F.one_hot(labels, case["labelCount"]).double() if case["labelCount"] else x[:, :0]
    hidden = model.hidden(model.encoder["hidden"], torch.cat([x, one_hot], 1))
    mean = model.encoder["mean"](hidden)
    target = target[:, None].expand(-1, case["samples"], -1)
    one_hot = one_hot[:, None].expand(-1, case["samples"], -1)
    if case["model"] == "autoencoder":
        code = fixtures.ACTIVATIONS[case["codeActivation"]](mean)
        hidden = model.hidden(model.decoder["hidden"], code[:, None])
        objective = reconstruction_of(model, case, hidden, target).mean()
        if case["penalty"] == "l1":
            objective = objective + case["penaltyWeight"] * code.abs().sum(1).mean()
        if case["penalty"] == "kl":
            wanted = Bernoulli(torch.full_like(code[0], case["penaltyTarget"]))
            objective = objective + case["penaltyWeight"] * kl_divergence(wanted, Bernoulli(code.mean(0))).sum()
        return objective
    posterior = Normal(mean, torch.exp(model.encoder["log_variance"](hidden) / 2))
    latent = posterior.mean[:, None] + posterior.stddev[:, None] * noise
    hidden = model.hidden(model.decoder["hidden"], torch.cat([latent, one_hot], -1))
    reconstruction = reconstruction_of(model, case, hidden, target)
    if case["bound"] == "iwae":
        density = Normal(posterior.mean[:, None], posterior.stddev[:, None])
        ratio = (Normal(0.0, 1.0).log_prob(latent) - density.log_prob(latent)).sum(-1)
        weights = case["klWeight"] * ratio - reconstruction
        return -(torch.logsumexp(weights, 1) - numpy.log(case["samples"])).mean()
    prior = Normal(torch.zeros_like(mean), torch.ones_like(mean))
    per_dimension = kl_divergence(posterior, prior).mean(0)
    if case["constraint"] == "free-bits":
        assert per_dimension.min() < case["nats"] < per_dimension.max(), per_dimension
        kl = per_dimension.clamp(min=case["nats"]).sum()
    elif case["constraint"] == "capacity":
        kl = (per_dimension.sum() - case["nats"]).abs()
    else:
        kl = per_dimension.sum()
    return reconstruction.mean() + case["klWeight"] * kl


def make(case, seed):
    random = numpy.random.Generator(numpy.random.PCG64(seed))
    model = Model(case).double()
    with torch.no_grad():
        for parameter in model.parameters():
            spread = 1 / numpy.sqrt(parameter.shape[1]) if parameter.ndim == 2 else 0.3
            parameter.copy_(fixtures.short(spread * random.standard_normal(parameter.shape)))
    batch, inputs = case["batch"], case["inputCount"]
    target = fixtures.short(random.random((batch, inputs)))
    x = fixtures.short(random.random((batch, inputs))) if case["corrupted"] else target
    labels = torch.from_numpy(random.integers(0, max(case["labelCount"], 1), batch))
    noise = fixtures.short(random.standard_normal((batch, case["samples"], case["latentCount"])))
    objective = objective_of(model, case, x, target, labels, noise)
    objective.backward()
    architecture = {key: case[key] for key in (
        "inputCount", "encoderHidden", "latentCount", "decoderHidden", "activation", "likelihood", "model",
        "codeActivation", "labelCount")}
    if case["levels"]:
        architecture["levels"] = case["levels"]
    return {
        "name": case["name"], "architecture": architecture,
        "objective": {key: case[key] for key in (
            "bound", "samples", "constraint", "nats", "penalty", "penaltyWeight", "penaltyTarget")},
        "klWeight": case["klWeight"],
        "parameters": {name: p.detach().flatten().tolist() for name, p in model.named_parameters()},
        "inputs": x.tolist(), "targets": target.tolist(), "labels": labels.tolist(),
        "noise": noise.flatten(0, 1).tolist(), "value": objective.item(),
        "gradients": {name: p.grad.flatten().tolist() for name, p in model.named_parameters()},
    }


def make_optimizers():
    """Twelve steps along given gradients, the parameters after the last."""
    random = numpy.random.Generator(numpy.random.PCG64(77))
    start = fixtures.short(random.standard_normal(9))
    gradients = [fixtures.short(random.standard_normal(9)) for _ in range(12)]
    results = {}
    for name, make_optimizer in {
        "adamw": lambda p: torch.optim.AdamW([p], lr=0.0625, betas=(0.875, 0.96875), eps=1e-3, weight_decay=0.125),
        "sgd": lambda p: torch.optim.SGD([p], lr=0.0625, momentum=0.75),
        "penalized": lambda p: torch.optim.SGD([p], lr=0.0625, momentum=0.75, weight_decay=0.125),
        "adamax": lambda p: torch.optim.Adamax([p], lr=0.0625, betas=(0.875, 0.96875), eps=1e-3),
        "rmsprop": lambda p: torch.optim.RMSprop([p], lr=0.0625, alpha=0.875, eps=1e-3),
    }.items():
        parameter = torch.nn.Parameter(start.clone())
        optimizer = make_optimizer(parameter)
        for gradient in gradients:
            parameter.grad = gradient.clone()
            optimizer.step()
        results[name] = parameter.detach().tolist()
    return {"start": start.tolist(), "gradients": [g.tolist() for g in gradients], **results}


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(fixtures.render(value) + "\n")
    print(f"{path.name}: {path.stat().st_size} bytes")


def main():
    torch.set_num_threads(1)
    for index, case in enumerate(CASES):
        write(fixtures.OUTPUT / "Variants" / f"{case['name']}.json", make(case, 500 + index))
    write(fixtures.OUTPUT / "Optimizers" / "steps.json", make_optimizers())


if __name__ == "__main__":
    main()
