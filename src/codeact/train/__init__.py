"""Supervised fine-tuning of the model that an agent uses: LoRA or full, on a CPU or on GPUs, and its export to GGUF.

Nothing is imported here: `codeact.train.sft` and `codeact.train.exporting` are what the command line calls. It needs the extra `train`.
"""
