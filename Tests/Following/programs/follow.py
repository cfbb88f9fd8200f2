"""Follows the log of a Throughline daemon with redis-py (pip install redis).

    python3 follow.py SOCKET FROM COUNT [FILTER …]

prints so many events, one JSON document a line, and goes on by itself where a daemon was
restarted. Who follows needs a connection of its own: pushes come whenever something happens.
"""

import sys
import time

import redis


class FollowEnded(Exception):
    """The daemon cannot go on: says from which position, and why."""

    def __init__(self, position, reason):
        super().__init__(f"cannot go on from {position}: {reason}")
        self.position, self.reason = position, reason


def follow(socket, position, *filters, epoch=None, credit=100):
    """Yields the position and the document of each event from a position on, for ever.

    epoch is the one in which the position was counted, as HELLO tells it. A daemon whose log is
    another one from some position on, since a backup was brought back, refuses to go on behind
    that: redis.ResponseError with EPOCH, which says from where both are the same. What cannot be
    read ends it with FollowEnded.
    """
    pause = 0.05
    while True:
        connection = redis.UnixDomainSocketConnection(path=socket, protocol=3)
        try:
            connection.connect()
            connection.send_command("HELLO")
            hello = connection.read_response()
            words = [] if epoch is None else ["EPOCH", epoch]
            connection.send_command(
                "FOLLOW", "LOG", "FROM", position, *words, *filters, "CREDIT", credit
            )
            follow_id = connection.read_response()
            # From here on positions are those of this daemon's epoch.
            epoch = hello[b"epoch"]
            left = credit
            while True:
                message = connection.read_response(push_request=True)
                if not isinstance(message, list):
                    # The answer to CREDIT.
                    continue
                _, _, kind, next_position, *rest = message
                position = next_position
                if kind == b"ended":
                    raise FollowEnded(position, rest[0].decode())
                if kind != b"event":
                    # live, behind, closing: where to go on.
                    continue
                yield position, rest[0]
                pause = 0.05
                position += 1
                left -= 1
                if left == credit // 2:
                    connection.send_command("CREDIT", follow_id, credit - left)
                    left = credit
        except (redis.ConnectionError, redis.ResponseError) as error:
            # A daemon that stops says so to who connects; what else it refuses it refuses for good.
            if isinstance(error, redis.ResponseError) and not str(error).startswith("STOPPING"):
                raise
            time.sleep(pause)
            pause = min(pause * 2, 2)
        finally:
            connection.disconnect()


if __name__ == "__main__":
    path, start, count, *words = sys.argv[1:]
    events = follow(path, int(start), *words)
    try:
        for _ in range(int(count)):
            print(next(events)[1].decode(), flush=True)
    except (FollowEnded, redis.ResponseError) as error:
        sys.exit(f"{type(error).__name__}: {error}")
