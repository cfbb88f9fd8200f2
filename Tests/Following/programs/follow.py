"""Follows the log of a Throughline daemon with redis-py (pip install redis).

    python3 follow.py SOCKET FROM COUNT [FILTER …]

prints so many events, one JSON document a line, and goes on by itself where a daemon was
restarted. Who follows needs a connection of its own: pushes come whenever something happens.
"""

import sys
import time

import redis


def follow(socket, position, *filters, credit=100):
    """Yields the position and the document of each event from a position on, for ever."""
    pause = 0.05
    while True:
        connection = redis.UnixDomainSocketConnection(path=socket, protocol=3)
        try:
            connection.connect()
            connection.send_command(
                "FOLLOW", "LOG", "FROM", position, *filters, "CREDIT", credit
            )
            left = credit
            follow_id = None
            while True:
                message = connection.read_response(push_request=True)
                if not isinstance(message, list):
                    # The answer to FOLLOW or to CREDIT.
                    follow_id = follow_id or message
                    continue
                _, _, kind, next_position, *rest = message
                if kind != b"event":
                    # live, behind, closing: where to go on.
                    position = next_position
                    continue
                yield next_position, rest[0]
                pause = 0.05
                position = next_position + 1
                left -= 1
                if left == credit // 2:
                    connection.send_command("CREDIT", follow_id, credit - left)
                    left = credit
        except redis.ConnectionError:
            time.sleep(pause)
            pause = min(pause * 2, 2)
        finally:
            connection.disconnect()


if __name__ == "__main__":
    path, start, count, *words = sys.argv[1:]
    events = follow(path, int(start), *words)
    for _ in range(int(count)):
        print(next(events)[1].decode(), flush=True)
