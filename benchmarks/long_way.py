"""A network as slow as one likes, on one machine."""

import asyncio
import threading


class LongWay:
    """Whoever connects to `port` reaches the port `goal` of this machine; all bytes come `delay` seconds late.

    Both ways: an answer takes two delays more. It goes on until the program ends.
    """

    def __init__(self, goal):
        self.goal, self.delay = goal, 0.0
        loop = asyncio.new_event_loop()
        threading.Thread(target=loop.run_forever, daemon=True).start()
        server = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._connect, "127.0.0.1", 0), loop).result()
        self.port = server.sockets[0].getsockname()[1]

    async def _connect(self, reader, writer):
        answers, requests = await asyncio.open_connection("127.0.0.1", self.goal)
        await asyncio.gather(self._carry(reader, requests), self._carry(answers, writer))

    async def _carry(self, reader, writer):
        later = asyncio.get_running_loop().call_later
        try:
            while data := await reader.read(1 << 16):
                later(self.delay, writer.write, data)
        except ConnectionError:
            pass  # the other end has gone; so does this one
        later(self.delay, writer.close)
