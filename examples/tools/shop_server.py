"""An MCP server made with the official SDK: what a shop has in stock."""

from dataclasses import dataclass

from mcp.server import MCPServer

server = MCPServer("shop")


@dataclass
class Item:
    """Something in stock."""

    name: str
    price: float
    left: int


STOCK = [Item("apple", 0.5, 12), Item("pear", 0.75, 0), Item("plum", 0.2, 80)]


@server.tool(name="search-items")
def search_items(most: float) -> list[Item]:
    """Items that cost at most so much, in dollars."""
    return [item for item in STOCK if item.price <= most]


if __name__ == "__main__":
    server.run("stdio")
