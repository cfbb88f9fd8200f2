"""What redis-py does with any server: HELLO, CLIENT SETINFO, pipelines, errors, reconnects.

    python3 ordinary.py SOCKET PROTOCOL
"""

import sys

import redis

path, protocol = sys.argv[1], int(sys.argv[2])
client = redis.Redis(unix_socket_path=path, protocol=protocol, client_name="ordinary")
assert client.ping() is True
assert client.client_getname() in ("ordinary", b"ordinary")
assert client.echo("word") == b"word"
pipeline = client.pipeline(transaction=False)
for number in range(100):
    pipeline.execute_command(
        "APPEND", "demo.python", "source", f"python-{protocol}", "id", number
    )
positions = pipeline.execute()
assert positions == list(range(positions[0], positions[0] + 100)), positions
try:
    client.execute_command("EVENTS", "FROM", "nowhere")
    raise SystemExit("a wrong position was taken")
except redis.ResponseError as error:
    assert str(error).startswith("SYNTAX"), error
# A pipeline is a transaction unless it says otherwise; whoever forgot is told what to do.
try:
    client.pipeline().execute_command("HEAD").execute()
    raise SystemExit("a transaction was taken")
except redis.ResponseError as error:
    assert "there are no transactions" in str(error), error
# The connection goes, the next command has another.
client.connection_pool.disconnect()
assert client.execute_command("HEAD") == positions[-1]
client.execute_command("CONSUMER", "CREATE", f"python-{protocol}", "FROM", positions[0])
next_position, documents = client.execute_command(
    "CONSUMER", "READ", f"python-{protocol}", "COUNT", 30
)
assert (next_position, len(documents)) == (positions[0] + 30, 30)
assert client.execute_command("CONSUMER", "ACK", f"python-{protocol}", next_position - 1)
print("ordinary")
