"""OpenAI's HTTP API in front of the agent, so that its clients and chat front ends work unmodified."""
