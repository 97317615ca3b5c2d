"""Clip → `Features`: rows of numbers over time, from pictures, sound or words.

An encoder cuts a clip into chunks of the exact size its model sees and says for every row of the
model's answer which step of the track it belongs to and what time it saw. `running` does the rest
for all of them: batches of equal chunks (nothing is ever padded, so what else is in a batch
changes nothing), memory that does not grow with the clip, a cache by content, and absences.

    from affect_llm.encoders.registry import open_encoder
    from affect_llm.encoders.runner import encode

    features = encode(open_encoder("voice-light"), clip)
"""
