"""What training leaves and a reasoner puts on: one folder per adapter.

    manifest.json                what it belongs to: base model, prompt, encoders, hashes
    adapter_config.json          LoRA, in peft's own format; absent where only a projector
    adapter_model.safetensors      was trained
    fusion/                      projector: fusion.json and fusion.safetensors; absent on the
                                   text road
    calibration.json             temperatures fitted on the validation part, if it was large enough
    README.md, report.json       the card and what the training gained

The folder is copied and shared as it is. `save_adapter` writes it whole or not at all,
`open_adapter` refuses one that is altered or in part, `require_base` refuses another base model,
`attach_lora` refuses keys that do not fit and an adapter that changes nothing.
"""
