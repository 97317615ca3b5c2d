"""Linear discriminant analysis with a shrunken covariance, on the summaries."""

import numpy as np
import torch

from affect_llm.cues.catalogue import EMOTIONS
from affect_llm.cues.voice.network import Discriminant, NetworkShape
from affect_llm.training.voice.batches import Rows
from affect_llm.training.voice.features import Features
from affect_llm.training.voice.targets import Targets

SHRINKAGE = 0.35
SOFTENING = 0.6
"""Its log-odds are too steep by about this much; chosen, as the shrinkage, by grouped folds."""


def fit_discriminant(features: Features, targets: Targets, clips: Rows) -> Discriminant:
    """Fit on the features of `clips`, all copies, with equal priors.

    Source: J. H. Friedman (1989), "Regularized discriminant analysis", JASA 84(405), eq. 18.
    """
    emotion = targets.emotion[features.clip]
    rows = np.isin(features.clip, clips) & (emotion >= 0)
    x = features.summaries[rows].astype(np.float64)
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-3
    z = ((x - mean) / scale).clip(-5, 5)
    own = emotion[rows]
    classes = range(len(EMOTIONS))
    seen = np.array([(own == k).any() for k in classes])
    centres = np.stack([z[own == k].mean(axis=0) if seen[k] else z.mean(axis=0) for k in classes])
    within = z - centres[own]
    covariance = within.T @ within / len(z)
    size = len(covariance)
    target = np.eye(size) * np.trace(covariance) / size
    weight = np.linalg.solve((1 - SHRINKAGE) * covariance + SHRINKAGE * target, centres.T).T
    bias = -0.5 * np.sum(weight * centres, axis=1)
    fitted = Discriminant(NetworkShape(summary=size, classes=len(EMOTIONS)))
    with torch.no_grad():
        fitted.mean.copy_(torch.from_numpy(mean))
        fitted.scale.copy_(torch.from_numpy(scale))
        fitted.linear.weight.copy_(torch.from_numpy(SOFTENING * weight))
        fitted.linear.bias.copy_(torch.from_numpy(SOFTENING * np.where(seen, bias, -1e3)))
    return fitted.eval()
