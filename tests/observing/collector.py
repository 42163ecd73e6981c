"""An OpenTelemetry collector (OTLP over HTTP) that stores the spans it receives."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass
class Collector:
    """A collector and what it received.

    Attributes:
        address: Its URL.
        requests: The requests, in order.
        authorizations: The values of their Authorization headers.
    """

    address: str
    requests: list[ExportTraceServiceRequest] = field(default_factory=list)
    authorizations: set[str | None] = field(default_factory=set)

    @property
    def spans(self) -> list[tuple[str, Any]]:
        """Every span with the name of its service."""
        return [
            (service.value.string_value, span)
            for request in list(self.requests)
            for resource_spans in request.resource_spans
            for service in resource_spans.resource.attributes
            if service.key == "service.name"
            for scope in resource_spans.scope_spans
            for span in scope.spans
        ]

    @property
    def text(self) -> str:
        """All requests as text."""
        return "\n".join(map(str, self.requests))


@contextmanager
def running_collector() -> Iterator[Collector]:
    """A collector that listens while the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            request = ExportTraceServiceRequest()
            request.ParseFromString(self.rfile.read(int(self.headers["content-length"])))
            collector.requests.append(request)
            collector.authorizations.add(self.headers["authorization"])
            self.send_response(200)
            self.send_header("content-type", "application/x-protobuf")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Logs nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector = Collector(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
