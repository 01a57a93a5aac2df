"""What a run leaves: an adapter in peft's form and as GGUF, or a whole model.

Invariant: a result's folder is replaced whole. It does not: merge (`exporting` does).
"""

import shutil
from pathlib import Path
from typing import Any

from codeact.train import shards
from codeact.train.config import SftConfig
from codeact.train.gguf_adapter import write_adapter
from codeact.train.loading import BaseModel

ADAPTER = "adapter.gguf"


def write(config: SftConfig, base: BaseModel, model: Any, target: Path, *, share: tuple[int, int] = (0, 1)) -> Path | None:
    """Write the adapter (peft's form, and `adapter.gguf` for llama.cpp) or the model.

    Args:
        config: of the run.
        base: the model that was trained upon.
        model: as it is now.
        target: the folder.
        share: this process's rank, and the number of processes; only the first writes.

    Returns:
        The folder; None in the processes that do not write.
    """
    state = shards.whole_model(model) if share[1] > 1 else None
    if share[0]:
        return None
    part = target.with_name(f".{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    if config.method == "lora":
        model.peft_config["default"].base_model_name_or_path = config.base  # as in the config, and no path of this machine
        model.save_pretrained(part, state_dict=state, save_embedding_layers=False)
        write_adapter(part, base.model.config, part / ADAPTER)
    else:
        model.save_pretrained(part, state_dict=state)
        base.tokenizer.save_pretrained(part)
    shutil.rmtree(target, ignore_errors=True)
    part.rename(target)
    return target
