"""The fusion module: tracks in, tokens in the LLM's width out."""

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

from affect_llm.errors import ConfigError
from affect_llm.fusion.collation import FeatureBatch, FeatureMap, TrackBatch, collate
from affect_llm.fusion.config import MIXED, FusionConfig, TrackConfig
from affect_llm.fusion.fused import FusedBatch, TokenColumn
from affect_llm.fusion.projector import TrackTokens
from affect_llm.fusion.registry import PROJECTORS
from affect_llm.fusion.standardisation import Moments, Standard
from affect_llm.types import SoftTokens


class Fusion(nn.Module):
    """Projectors of all tracks, the mixed track, and the tokens for what is absent.

    Rows of a batch do not touch one another: a clip's tokens depend on that clip only.
    """

    def __init__(self, config: FusionConfig) -> None:
        super().__init__()
        self.config = config
        self.provenance = f"fusion-{config.kind}@1#unsaved"
        kind = PROJECTORS.get(config.kind)
        self.standards = nn.ModuleDict({t.name: Standard(t.width) for t in config.tracks})
        self.projectors = nn.ModuleDict(
            {t.name: kind(t, config.llm_width, config.options) for t in config.tracks}
        )
        self.mixer = kind.mixer(config)
        # Small, as embeddings of a transformer begin (0.02, Devlin et al. 2019).
        self.absent = nn.ParameterDict(
            {t.name: nn.Parameter(torch.randn(config.llm_width) * 0.02) for t in config.tracks}
            if config.absent == "learned"
            else {}
        )
        self.scale: nn.Module = nn.Identity()
        if config.token_rms is not None:
            self.scale = nn.RMSNorm(config.llm_width, eps=1e-6)
            nn.init.constant_(self.scale.weight, config.token_rms)

    def standardise(self, clips: Iterable[FeatureMap]) -> None:
        """Set each track's mean and scale to those of these clips (training clips only)."""
        moments = {track.name: Moments(track.width) for track in self.config.tracks}
        for clip in clips:
            for name, track in collate(self.config, [clip]).tracks.items():
                moments[name].add(track.steps[track.mask])
        for name, standard in self.standards.items():
            if isinstance(standard, Standard):
                standard.fit(moments[name])

    @property
    def device(self) -> torch.device:
        """The device of the parameters."""
        return next(self.parameters()).device

    def fuse(self, features: FeatureMap) -> SoftTokens:
        """Tokens of one clip, as in use: without gradient and without dropout."""
        was_training = self.training
        self.eval()
        try:
            with torch.no_grad():
                return self.fuse_batch([features]).of_clip(0)
        finally:
            self.train(was_training)

    def fuse_batch(self, clips: Sequence[FeatureMap]) -> FusedBatch:
        """Tokens of a batch of clips, with gradient.

        Raises:
            CapabilityError: features of another width, channel or encoder than trained on.
        """
        fused: FusedBatch = self(collate(self.config, clips, self.device))
        return fused

    def forward(self, batch: FeatureBatch) -> FusedBatch:
        """Tokens of a collated batch."""
        tracks = {
            name: TrackBatch(t.rows, self.standards[name](t.steps, t.mask), t.mask, t.times_s)
            for name, t in batch.tracks.items()
        }
        ready = FeatureBatch(batch.size, tracks, batch.extent_s)
        parts = [self._track(track, ready) for track in self.config.tracks]
        columns = [
            TokenColumn(track.name, track.modality)
            for track, part in zip(self.config.tracks, parts, strict=True)
            for _ in range(part.mask.shape[1])
        ]
        if self.mixer is not None:
            parts.append(self.mixer(ready))
            columns += [TokenColumn(MIXED, None)] * self.config.options.mixed
        mask = torch.cat([part.mask for part in parts], dim=1)
        tokens = self.scale(torch.cat([part.tokens for part in parts], dim=1))
        spans = torch.cat([part.spans_s for part in parts], dim=1)
        return FusedBatch(tokens * mask[..., None], mask, spans, tuple(columns), self.provenance)

    def _track(self, track: TrackConfig, batch: FeatureBatch) -> TrackTokens:
        """Tokens (B, N, D) of one track for all clips of the batch."""
        given = batch.tracks[track.name]
        width = track.tokens or given.mask.shape[1]
        if self.config.absent == "learned":
            width = max(width, 1)
        blank = self._blank(track, batch, width)
        if not len(given.rows):
            return blank
        projected: TrackTokens = self.projectors[track.name](given)
        return TrackTokens(
            blank.tokens.index_copy(0, given.rows, projected.tokens.to(blank.tokens.dtype)),
            blank.mask.index_copy(0, given.rows, projected.mask),
            blank.spans_s.index_copy(0, given.rows, projected.spans_s),
        )

    def _blank(self, track: TrackConfig, batch: FeatureBatch, width: int) -> TrackTokens:
        """What a track gives where it is missing: nothing, or the learned token over the clip."""
        device, size = self.device, batch.size
        dtype = next(self.parameters()).dtype
        tokens = torch.zeros(size, width, self.config.llm_width, device=device, dtype=dtype)
        mask = torch.zeros(size, width, dtype=torch.bool, device=device)
        spans = batch.extent_s.new_zeros(size, width, 2)
        if self.config.absent == "none":
            return TrackTokens(tokens, mask, spans)
        first = torch.arange(width, device=device) == 0
        learned = self.absent[track.name] * first[:, None]
        return TrackTokens(tokens + learned, mask | first, spans + batch.extent_s[:, None])


def build_fusion(config: FusionConfig, seed: int = 0) -> Fusion:
    """A new fusion; the same seed gives the same parameters, and nobody else's draws change.

    Raises:
        ConfigError: a track has a name that torch keeps for itself ("keys", "values" …).
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        try:
            return Fusion(config)
        except KeyError as error:
            names = ", ".join(config.track_names)
            raise ConfigError(
                f"A track of {names} has a name that torch keeps for itself ({error}); choose "
                "another, such as 'voice' or 'face'."
            ) from error


def embedding_rms(embedding: nn.Module) -> float:
    """Root mean square of an LLM's input embeddings, for `FusionConfig.token_rms`."""
    weight: Tensor = next(embedding.parameters()).detach().float()
    return float(weight.square().mean().sqrt())
