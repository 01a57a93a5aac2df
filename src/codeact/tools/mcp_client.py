"""placeholder"""


class McpServers:
    """x"""

    def __init__(self, config, *, on_note=None):
        self.tools = []

    def close(self):
        pass

    async def aclose(self):
        pass
