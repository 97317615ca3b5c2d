"""The device that PyTorch runs on."""


def torch_device(asked: str) -> str:
    """`asked`, with "auto" as the first graphics card or the processor."""
    import torch

    if asked != "auto":
        return asked
    return "cuda" if torch.cuda.is_available() else "cpu"
