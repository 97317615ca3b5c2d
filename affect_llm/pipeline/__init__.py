"""The only composer: a source goes in, an explained emotion comes out.

clips       what goes in (`Source`), what cannot be read (`Failure`), and a clip whose cues and
            features are known (`Prepared`) with its stretches (`Part`)
clip_media  the clip's own pictures and sound, for a model that looks and listens itself
preparer    from a source to `Prepared`; training and evaluation see the very inputs of inference
roads       which way a run takes to the model, and whether it can
composer    from `Prepared` by prompt and answer to `EmotionResult`
"""

from affect_llm.pipeline.clips import Failure, Part, Prepared, Source, split_windows
from affect_llm.pipeline.composer import Pipeline
from affect_llm.pipeline.preparer import Preparer

__all__ = ["Failure", "Part", "Pipeline", "Prepared", "Preparer", "Source", "split_windows"]
