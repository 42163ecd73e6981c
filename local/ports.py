"""Whether the ports that the demo needs are free."""

import socket
from collections.abc import Mapping

from local.refusals import LocalStackError


def refuse_taken_ports(host: str, ports: Mapping[str, int]) -> None:
    """Makes sure that each part can listen on its port.

    Args:
        host: The address to listen on.
        ports: The port of each part, by the part's name.

    Raises:
        LocalStackError: A port is taken.
    """
    for part, port in ports.items():
        # As the servers do it themselves: a port whose connections are only fading away is free.
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((host, port))
            except OSError as refused:
                raise LocalStackError(
                    f"The {part} cannot listen on {host}:{port}: {refused.strerror}. "
                    f"Set PORT to another number; PORT, PORT+1 and PORT+2 are needed."
                ) from None
