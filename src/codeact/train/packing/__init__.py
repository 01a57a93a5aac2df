"""Conversations put together for a step: which, as what tensors, and the attention that keeps them apart."""
