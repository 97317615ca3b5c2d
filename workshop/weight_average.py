"""How both small networks are trained: one-cycle AdamW, and the running average of the weights."""

from typing import Generic, TypeVar

import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import OneCycleLR
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

N = TypeVar("N", bound=nn.Module)


class AveragedTraining(Generic[N]):
    """Takes steps on a network; what is kept is the average of its weights over the last steps.

    Args:
        network: trained in place.
        rate: peak learning rate.
        weight_decay: of all weights.
        steps: in all.
        rising: share of the steps in which the rate rises.
        average_decay: weight of the average so far at each step.
    """

    def __init__(
        self,
        network: N,
        *,
        rate: float,
        weight_decay: float,
        steps: int,
        rising: float,
        average_decay: float,
    ) -> None:
        self.network = network
        self._optimizer = torch.optim.AdamW(
            network.parameters(), lr=rate, weight_decay=weight_decay
        )
        self._schedule = OneCycleLR(self._optimizer, rate, total_steps=steps, pct_start=rising)
        self._average = AveragedModel(
            network,
            multi_avg_fn=get_ema_multi_avg_fn(average_decay),  # type: ignore[no-untyped-call]
            use_buffers=True,
        )

    def step(self, loss: Tensor, longest: float | None = None) -> None:
        """One step down the gradient of `loss`, which is cut to the length `longest` if given."""
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        if longest is not None:
            nn.utils.clip_grad_norm_(self.network.parameters(), longest)
        self._optimizer.step()
        self._schedule.step()
        self._average.update_parameters(self.network)

    def averaged(self) -> N:
        """The network with averaged weights, in eval mode."""
        module = self._average.module
        assert isinstance(module, type(self.network)), "the average has the class of its network"
        return module.eval()
