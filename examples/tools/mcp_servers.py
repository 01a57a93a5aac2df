"""A server of the Model Context Protocol, used from code."""

import sys
from pathlib import Path

import codeact
from codeact.models.replay import ScriptModel
from codeact.tools.mcp_client import McpServers

SERVER = Path(__file__).with_name("shop_server.py")
TURNS = [
    "<execute>\nfrom tools.shop import search_items\nitems = search_items(0.6)\nmax(items, key=lambda item: item.left)\n</execute>",
    "<execute>\nsearch_items('cheap')\n</execute>",
    "<solution>plum</solution>",
]

with McpServers({"mcpServers": {"shop": {"command": sys.executable, "args": [str(SERVER)]}}}) as servers:
    print(servers.tools[0].spec.signature)
    with codeact.Agent(model=ScriptModel(TURNS), tools=servers.tools) as agent:
        run = agent.run("What is there most of, for at most 60 cents?")

for message in run.trajectory.messages[3:6:2]:
    print(message.content)
