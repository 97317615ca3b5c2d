"""Models that another program runs: vLLM, by its server or its engine, and OpenAI's dialect."""
