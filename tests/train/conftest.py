"""The tiny model and its data, made once for all tests of training."""

import os
import socket
from pathlib import Path

import pytest

from train import tiny

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # before transformers is imported: nothing is looked up on a hub


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GGUF file of a random model of two layers."""
    return tiny.write_model(tmp_path_factory.mktemp("tiny") / "tiny.gguf")


@pytest.fixture(scope="session")
def tiny_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty conversations."""
    return tiny.write_data(tmp_path_factory.mktemp("data") / "train.jsonl", 30)


@pytest.fixture
def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
