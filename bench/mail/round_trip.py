"""Prints the median round trip of an SMTP NOOP in microseconds: mostly the wake-up of the process that waits."""

import socket
import statistics
import sys
import time

from settings import settings


def measure(times: int) -> None:
    with socket.create_connection((settings().smtp_host, settings().smtp_port)) as connection:
        connection.recv(1024)
        durations = []
        for _ in range(times):
            start = time.perf_counter()
            connection.sendall(b"NOOP\r\n")
            connection.recv(1024)
            durations.append(time.perf_counter() - start)
    print(f"{statistics.median(durations) * 1_000_000:.0f}")


if __name__ == "__main__":
    measure(int(sys.argv[1]))
