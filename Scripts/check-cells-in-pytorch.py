#!/usr/bin/env python3
"""Puts the weights of a model of cells into a PyTorch module and compares its losses with those that `evaluate` prints.

Trains the published setting for a few epochs, with an exposure that is a cell's total and with a learned one. The KL
divergence, which is an integral, is compared as it is; for the reconstruction the log-variances are set to -30 in a copy of
the model, so that nothing is left to be drawn. The module is written from the formulas: linear layers, batch normalisation
by running statistics, and the distributions of torch.distributions. Fails where either differs by more than 1e-4 of its
size. Needs torch, anndata and scipy.
"""

import argparse
import json
import pathlib
import struct
import subprocess
import sys
import tempfile

import anndata
import numpy as np
import scipy.sparse
import torch
from torch import nn

from evaluate import read_safetensors

TOLERANCE = 1e-4


class Module(nn.Module):
    """The encoder and decoder of the preset, in double precision."""

    def __init__(self, tensors, told):
        super().__init__()
        tensors = {name: torch.tensor(values) for name, values in tensors.items()}
        self.log_theta = tensors.get("decoder.log_inverse_dispersion")

        def linear(name):
            weight = tensors[f"{name}.weight"]
            layer = nn.Linear(weight.shape[1], weight.shape[0], dtype=torch.float64)
            layer.weight.data, layer.bias.data = weight, tensors[f"{name}.bias"]
            return layer

        def normalization(name):
            layer = nn.BatchNorm1d(len(tensors[f"{name}.weight"]), eps=0.001, momentum=0.01, dtype=torch.float64).eval()
            layer.weight.data, layer.bias.data = tensors[f"{name}.weight"], tensors[f"{name}.bias"]
            layer.running_mean, layer.running_var = tensors[f"{name}.running_mean"], tensors[f"{name}.running_var"]
            return layer

        self.encoder = nn.Sequential(linear("encoder.layers.1"), normalization("encoder.layers.2"), nn.ReLU())
        self.mean, self.log_variance = linear("encoder.mean"), linear("encoder.log_variance")
        self.decoder = nn.Sequential(linear("decoder.layers.0"), normalization("decoder.layers.1"), nn.ReLU())
        self.output = linear("decoder.output")
        self.inflation = linear("decoder.zero_inflation") if "decoder.zero_inflation.weight" in tensors else None
        self.told = told
        self.exposure_encoder = None
        if "exposure.mean.weight" in tensors:
            self.exposure_encoder = nn.Sequential(linear("exposure.layers.1"), normalization("exposure.layers.2"), nn.ReLU())
            self.exposure_mean, self.exposure_log_variance = linear("exposure.mean"), linear("exposure.log_variance")
            self.prior = [tensors[f"exposure.prior_{name}"][:, None] for name in ("mean", "variance")]

    def exposure(self, x):
        """The exposure of each cell at its posterior mean, and what that costs."""
        if self.exposure_encoder is None:
            return x.sum(1, keepdim=True), 0.0
        h = self.exposure_encoder(torch.log1p(x))
        mean, variance = self.exposure_mean(h), torch.exp(self.exposure_log_variance(h))
        share = self.told if self.told is not None else torch.ones(len(x), 1, dtype=torch.float64)
        posterior = torch.distributions.Normal(mean, variance.sqrt())
        prior = torch.distributions.Normal(share @ self.prior[0], (share @ self.prior[1]).sqrt())
        return torch.exp(mean), torch.distributions.kl_divergence(posterior, prior).sum(1)

    def losses(self, x):
        """Both parts of the negative ELBO of each cell at z = the posterior mean."""
        h = self.encoder(torch.log1p(x))
        mean, variance = self.mean(h), torch.exp(self.log_variance(h)) + self.floor
        posterior = torch.distributions.Normal(mean, variance.sqrt())
        kl = torch.distributions.kl_divergence(posterior, torch.distributions.Normal(0.0, 1.0)).sum(1)
        h = self.decoder(torch.cat([mean, self.told], 1) if self.told is not None else mean)
        exposure, kl_of_exposure = self.exposure(x)
        rate = torch.softmax(self.output(h), 1) * exposure
        theta = torch.exp(self.log_theta)
        # A count of θ failures, each as likely as θ / (θ + m).
        log_p = torch.distributions.NegativeBinomial(theta, logits=torch.log(rate) - self.log_theta).log_prob(x)
        if self.inflation is not None:
            logits = self.inflation(h)
            lost, kept = nn.functional.logsigmoid(logits), nn.functional.logsigmoid(-logits)
            log_p = torch.where(x == 0, torch.logaddexp(lost, kept + log_p), kept + log_p)
        return -log_p.sum(1), kl + kl_of_exposure


def with_little_variance(source, target):
    """A copy of a model whose log-variances are all -30."""
    content = bytearray(source.read_bytes())
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    for name in header:
        if ".log_variance." not in name:
            continue
        value = -30.0 if name.endswith("bias") else 0.0
        start, end = (8 + length + offset for offset in header[name]["data_offsets"])
        content[start:end] = np.full((end - start) // 4, value, dtype="<f4").tobytes()
    target.write_bytes(content)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("executable")
    parser.add_argument("data", help="an .h5ad file with counts in X")
    parser.add_argument("--batch", help="column of obs that the decoder is told")
    parser.add_argument("--epochs", type=int, default=5)
    options = parser.parse_args()
    cells = anndata.read_h5ad(options.data)
    counts = torch.tensor(scipy.sparse.csr_matrix(cells.X).toarray(), dtype=torch.float64)
    told = None
    if options.batch:
        codes = np.unique(cells.obs[options.batch].astype(str), return_inverse=True)[1]
        told = nn.functional.one_hot(torch.tensor(codes)).double()
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for likelihood in ("nb", "zinb"):
            for floor, exposure in ((0.0, "total"), (1e-4, "total"), (0.0, "learned")):
                run = folder / f"{likelihood}-{floor}-{exposure}"
                posterior = "gaussian floor 0.0001" if floor else "gaussian"
                command = [options.executable, "train", "--data", options.data, "--preset", "scvi", "--no-images", "--quiet"]
                command += ["--likelihood", likelihood, "--posterior", posterior, "--epochs", str(options.epochs)]
                command += ["--output", str(run)] + (["--batch-column", options.batch] if options.batch else [])
                command += ["--exposure", "learned"] if exposure == "learned" else []
                subprocess.run(command, check=True, stderr=subprocess.DEVNULL)

                def printed(model):
                    answer = subprocess.run(
                        [options.executable, "evaluate", model, "--data", options.data, "--set", "all", "--json"],
                        check=True, capture_output=True, text=True)
                    return json.loads(answer.stdout)

                def computed(path):
                    module = Module(read_safetensors(path)[1], told)
                    module.floor = floor
                    with torch.no_grad():
                        return [float(part.mean()) for part in module.losses(counts)]

                pairs = [("KL", printed(run)["kl"], computed(run / "model.safetensors")[1])]
                if not floor:
                    # Beside the run's configuration, which says how the data are read.
                    certain = run / "certain.safetensors"
                    with_little_variance(run / "model.safetensors", certain)
                    figures = printed(certain)
                    found = computed(certain)
                    pairs += [("reconstruction", figures["reconstruction"], found[0]), ("KL at -30", figures["kl"], found[1])]
                for name, ours, theirs in pairs:
                    difference = abs(ours / theirs - 1)
                    worst = max(worst, difference)
                    words = f"{likelihood:5} {posterior:22} exposure {exposure:8} {name:15}"
                    print(f"{words} {ours:14.6f} printed {theirs:14.6f} by PyTorch  {difference:.1e}")
    if worst > TOLERANCE:
        sys.exit(f"a loss differs by {worst:.1e} of its size")


if __name__ == "__main__":
    main()
