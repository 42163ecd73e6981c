"""A collector of OpenTelemetry's: takes spans over HTTP, and keeps them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass
class Collector:
    """What came in.

    Attributes:
        address: Where it listens.
        requests: The requests, as they came.
        authorizations: What each said in its header of that name.
    """

    address: str
    requests: list[ExportTraceServiceRequest] = field(default_factory=list)
    authorizations: set[str | None] = field(default_factory=set)

    @property
    def spans(self) -> list[tuple[str, Any]]:
        """Every span with the name of the service that it is of."""
        return [
            (service.value.string_value, span)
            for request in list(self.requests)
            for of_one in request.resource_spans
            for service in of_one.resource.attributes
            if service.key == "service.name"
            for scope in of_one.scope_spans
            for span in scope.spans
        ]

    @property
    def text(self) -> str:
        """All of it, as text."""
        return "\n".join(map(str, self.requests))


@contextmanager
def collector() -> Iterator[Collector]:
    """One that listens while the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            told = ExportTraceServiceRequest()
            told.ParseFromString(self.rfile.read(int(self.headers["content-length"])))
            collected.requests.append(told)
            collected.authorizations.add(self.headers["authorization"])
            self.send_response(200)
            self.send_header("content-type", "application/x-protobuf")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collected = Collector(f"http://127.0.0.1:{server.server_address[1]}")
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield collected
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
