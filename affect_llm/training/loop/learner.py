"""What the trainer trains: a model that knows which of its weights a checkpoint holds."""

from collections.abc import Mapping

from torch import Tensor, nn


class Learner(nn.Module):
    """Called with a `Batch`, it gives the weighted sum of its losses, float32."""

    def is_learned(self, name: str) -> bool:
        """Whether a tensor of the state may be trained in any stage."""
        raise NotImplementedError

    def learned_state(self, state: Mapping[str, Tensor] | None = None) -> dict[str, Tensor]:
        """All that may be trained, by name.

        Args:
            state: of the whole model, where a wrapper has gathered it.
        """
        given = self.state_dict() if state is None else state
        return {
            name: tensor.detach().cpu().contiguous()
            for name, tensor in given.items()
            if self.is_learned(name)
        }

    def load_learned(self, state: Mapping[str, Tensor]) -> None:
        """Put back what `learned_state` gave; all of it and nothing else."""
        own = {name for name in self.state_dict() if self.is_learned(name)}
        if own != set(state):
            odd = sorted(own ^ set(state))
            raise ValueError(f"a checkpoint of another model: {odd[0]}")
        self.load_state_dict(dict(state), strict=False)
