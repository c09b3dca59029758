#!/usr/bin/env python3
"""Write the fixtures in Tests/TestSupport/Fixtures: small VAEs computed by PyTorch autograd in float64.

They are a second witness beside finite differences, so everything here is PyTorch's own: torch.nn.Linear layers, the
losses of torch.nn.functional, the KL divergence of torch.distributions, gradients by autograd and ten steps of
torch.optim.Adam. Nothing follows the formulas of the Swift sources.

Usage: python3 Scripts/make-fixtures.py            (writes the files; the tests only read them)

Parameters, inputs and noise are multiples of 2^-12 below 8 in size, which a Float holds exactly: a model in Float and
one in Double start from the same numbers. All else is a float64 result, printed so that it reads back as the same
number. The values come from numpy's PCG64 with the seeds below.
"""

import json
import math
import pathlib
import sys

import numpy
import torch
import torch.nn.functional as F
from torch.distributions import Normal, kl_divergence

MADE_WITH = {"torch": "2.13.0", "numpy": "2.4.6"}
OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "TestSupport" / "Fixtures"

ADAM = {"learningRate": 1e-2, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
ADAM_STEPS = 10

ACTIVATIONS = {
    "identity": lambda x: x,
    "relu": F.relu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    # From its threshold on, 20 unless told, PyTorch returns x itself, which is 2e-9 off there.
    "softplus": lambda x: F.softplus(x, threshold=60),
}

CASES = [
    dict(name="relu-bernoulli", seed=1, batch=5, inputCount=12, encoderHidden=[9], latentCount=3, decoderHidden=[10],
         activation="relu", likelihood="bernoulli", variance=None, klWeight=1.0),
    # Widths beyond one vector register of 16 floats, and none a multiple of 4; two decoder widths of their own.
    dict(name="tanh-deep", seed=2, batch=7, inputCount=21, encoderHidden=[17, 11], latentCount=5,
         decoderHidden=[13, 18], activation="tanh", likelihood="bernoulli", variance=None, klWeight=1.0),
    dict(name="softplus-gaussian", seed=3, batch=3, inputCount=11, encoderHidden=[7], latentCount=2,
         decoderHidden=[6], activation="softplus", likelihood="gaussian", variance=0.5, klWeight=0.25),
    dict(name="sigmoid-linear-decoder", seed=4, batch=6, inputCount=10, encoderHidden=[8, 5], latentCount=4,
         decoderHidden=[], activation="sigmoid", likelihood="bernoulli", variance=None, klWeight=4.0),
    dict(name="linear-gaussian", seed=5, batch=4, inputCount=9, encoderHidden=[], latentCount=3, decoderHidden=[],
         activation="identity", likelihood="gaussian", variance=1.0, klWeight=1.0),
    dict(name="latent-1-batch-1", seed=6, batch=1, inputCount=1, encoderHidden=[6], latentCount=1,
         decoderHidden=[5], activation="relu", likelihood="bernoulli", variance=None, klWeight=1.0),
]


class VAE(torch.nn.Module):
    def __init__(self, case):
        super().__init__()
        self.case = case
        self.activation = ACTIVATIONS[case["activation"]]
        self.smallest_kink_distance = math.inf
        widths = [case["inputCount"], *case["encoderHidden"]]
        self.encoder = torch.nn.ModuleDict({
            "hidden": torch.nn.ModuleList(map(torch.nn.Linear, widths, widths[1:])),
            "mean": torch.nn.Linear(widths[-1], case["latentCount"]),
            "log_variance": torch.nn.Linear(widths[-1], case["latentCount"]),
        })
        widths = [case["latentCount"], *case["decoderHidden"]]
        self.decoder = torch.nn.ModuleDict({
            "hidden": torch.nn.ModuleList(map(torch.nn.Linear, widths, widths[1:])),
            "output": torch.nn.Linear(widths[-1], case["inputCount"]),
        })

    def hidden(self, layers, x):
        for layer in layers:
            x = layer(x)
            self.smallest_kink_distance = min(self.smallest_kink_distance, x.detach().abs().min().item())
            x = self.activation(x)
        return x

    def forward(self, x, noise):
        """The named tensors on the way and the three losses, averaged over the batch."""
        batch = x.shape[0]
        h = self.hidden(self.encoder["hidden"], x)
        mean, log_variance = self.encoder["mean"](h), self.encoder["log_variance"](h)
        posterior = Normal(mean, torch.exp(log_variance / 2))
        latent = posterior.mean + posterior.stddev * noise
        outputs = self.decoder["output"](self.hidden(self.decoder["hidden"], latent))
        if self.case["likelihood"] == "bernoulli":
            reconstruction = F.binary_cross_entropy_with_logits(outputs, x, reduction="sum") / batch
        else:
            variance = torch.full_like(x, self.case["variance"])
            reconstruction = F.gaussian_nll_loss(outputs, x, variance, full=True, reduction="sum") / batch
        kl = kl_divergence(posterior, Normal(torch.zeros_like(mean), torch.ones_like(mean))).sum() / batch
        objective = reconstruction + self.case["klWeight"] * kl
        between = {"posteriorMean": mean, "posteriorLogVariance": log_variance, "latent": latent, "outputs": outputs}
        losses = {"reconstructionLoss": reconstruction, "klDivergence": kl, "objective": objective}
        return between, losses


def short(values):
    """Numbers that a Float holds exactly and that take few digits."""
    return torch.from_numpy(numpy.round(values * 4096) / 4096)


def make(case):
    random = numpy.random.Generator(numpy.random.PCG64(case["seed"]))
    batch, inputs, latents = case["batch"], case["inputCount"], case["latentCount"]
    model = VAE(case).double()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            spread = 1 / math.sqrt(parameter.shape[1]) if parameter.ndim == 2 else 0.3
            parameter.copy_(short(spread * random.standard_normal(parameter.shape)))
    if case["likelihood"] == "bernoulli":
        x = short(random.random((batch, inputs)))
    else:
        x = short(random.standard_normal((batch, inputs)))
    noise = short(random.standard_normal((batch, latents)))
    adam_noise = [short(random.standard_normal((batch, latents))) for _ in range(ADAM_STEPS)]

    named = dict(model.named_parameters())
    start = {name: parameter.detach().clone() for name, parameter in named.items()}
    between, losses = model(x, noise)
    for tensor in between.values():
        tensor.retain_grad()
    losses["objective"].backward()
    gradients = {name: parameter.grad.clone() for name, parameter in named.items()}

    optimizer = torch.optim.Adam(
        model.parameters(), lr=ADAM["learningRate"], betas=(ADAM["beta1"], ADAM["beta2"]), eps=ADAM["epsilon"])
    objectives = []
    smallest_gradient = math.inf
    for step_noise in adam_noise:
        optimizer.zero_grad()
        objective = model(x, step_noise)[1]["objective"]
        objective.backward()
        for parameter in named.values():
            nonzero = parameter.grad[parameter.grad != 0].abs()
            smallest_gradient = min([smallest_gradient, *nonzero.tolist()])
        optimizer.step()
        objectives.append(objective.item())
    final_objective = model(x, noise)[1]["objective"].item()

    # Adam divides by a gradient's size, so one that is nearly nothing would make the outcome a matter of rounding;
    # so would a relu at its kink. A seed for which either happens is a poor one: choose another.
    assert smallest_gradient > 1e-6, (case["name"], smallest_gradient)
    if case["activation"] == "relu":
        assert model.smallest_kink_distance > 1e-4, (case["name"], model.smallest_kink_distance)

    architecture_keys = ["inputCount", "encoderHidden", "latentCount", "decoderHidden", "activation", "likelihood"]
    architecture = {key: case[key] for key in architecture_keys}
    if case["variance"] is not None:
        architecture["variance"] = case["variance"]
    return {
        "name": case["name"],
        "architecture": architecture,
        "klWeight": case["klWeight"],
        "parameters": {name: value.flatten().tolist() for name, value in start.items()},
        "examples": x.tolist(),
        "noise": noise.tolist(),
        **{name: value.detach().tolist() for name, value in between.items()},
        **{name: value.item() for name, value in losses.items()},
        "parameterGradients": {name: value.flatten().tolist() for name, value in gradients.items()},
        "activationGradients": {name: value.grad.tolist() for name, value in between.items()},
        "adam": {
            **ADAM,
            "noise": [value.tolist() for value in adam_noise],
            "objectives": objectives,
            "finalParameters": {name: value.detach().flatten().tolist() for name, value in named.items()},
            "finalObjective": final_objective,
        },
    }


def render(value, indent=""):
    """JSON with one row of numbers a line. Python prints the shortest decimal that reads back as the same double."""
    deeper = indent + " "
    if isinstance(value, dict):
        rows = [f"{deeper}{json.dumps(key)}: {render(item, deeper)}" for key, item in value.items()]
        return "{\n" + ",\n".join(rows) + "\n" + indent + "}"
    if isinstance(value, list) and value and isinstance(value[0], list):
        return "[\n" + ",\n".join(deeper + render(item, deeper) for item in value) + "\n" + indent + "]"
    return json.dumps(value, allow_nan=False, separators=(",", ":"))


def main():
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    for module, expected in ((torch, MADE_WITH["torch"]), (numpy, MADE_WITH["numpy"])):
        found = module.__version__.split("+")[0]
        print(f"{module.__name__} {found}")
        if found != expected:
            print(f"warning: the committed files were made with {module.__name__} {expected}; last digits may differ",
                  file=sys.stderr)
    OUTPUT.mkdir(parents=True, exist_ok=True)
    for case in CASES:
        path = OUTPUT / f"{case['name']}.json"
        path.write_text(render(make(case)) + "\n")
        print(f"{path.relative_to(OUTPUT.parent.parent.parent)}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
