"""The words of a clip: those that came with it, or those a speech recogniser hears."""
