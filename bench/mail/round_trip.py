"""How long a word to the mail server and its answer take: mostly the waking of whoever waits, on the other core."""

import socket
import statistics
import sys
import time

from settings import settings


def measure(times: int) -> None:
    with socket.create_connection((settings().smtp_host, settings().smtp_port)) as line:
        line.recv(1024)
        taken = []
        for _ in range(times):
            begun = time.perf_counter()
            line.sendall(b"NOOP\r\n")
            line.recv(1024)
            taken.append(time.perf_counter() - begun)
    print(f"{statistics.median(taken) * 1_000_000:.0f}")


if __name__ == "__main__":
    measure(int(sys.argv[1]))
