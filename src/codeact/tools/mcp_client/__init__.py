"""Tools of MCP servers as tools of an agent."""

from codeact.tools.mcp_client.servers import McpServers

__all__ = ["McpServers"]
