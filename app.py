"""The web page over the pipeline: `python app.py`, then open the address it prints."""

from affect_llm.ui.page import build_demo, launch

demo = build_demo()

if __name__ == "__main__":
    launch(demo)
