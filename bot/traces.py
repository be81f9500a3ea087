"""Traces: where a turn, a press, a clock item or an errand spent its time, told to an OpenTelemetry collector.

    chat_message  |---------------------------------|      a request, from its head to the end of its answer
      waiting       |----|                                 in line for the writer
      commit             |--------------------|            with all who were committed together
      answer                                  |-----|

Imported only when BANTLINE_TRACES names a collector. Spans leave in batches from a thread of their own: while the
collector is away they are dropped, and nobody waits for it. The OTEL_... variables (sampler, headers, service name,
attributes of the resource) count as everywhere.
"""

import logging
import os
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from time import monotonic, time_ns

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from bot.logs import log
from bot.trails import Fact, Trail, Trails, here
from qualification.writing.jobs import Passage
from qualification.writing.waiting_line import Lane

NAMES = {"request": "http.request.method", "status": "http.response.status_code", "problem": "error.type"}
GOES_OUT = frozenset({"slack_call", "mail", "webhook"})
PATIENCE = 3.0  # seconds, for one batch to reach the collector
QUIET = 60.0  # seconds
TOLD_EVERY = 1_000  # milliseconds
BROKEN = 500


class Traces(Trails):
    """Hands what is told to the collector at `url` (http://HOST:4318), over OTLP/HTTP."""

    def __init__(self, url: str) -> None:
        name = {} if "OTEL_SERVICE_NAME" in os.environ else {SERVICE_NAME: "bantline"}
        resource = Resource.create({**name, SERVICE_VERSION: version("bantline")})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._line = _Line(OTLPSpanExporter(endpoint=f"{url.rstrip('/')}/v1/traces", timeout=PATIENCE))
        self._provider.add_span_processor(BatchSpanProcessor(self._line, schedule_delay_millis=TOLD_EVERY))
        self._tracer = self._provider.get_tracer("bantline", version("bantline"))
        self._received = TraceContextTextMapPropagator()

    def begin(self, name: str, whose: Mapping[str, str] | None = None, **facts: Fact) -> Trail:
        on = here()
        if isinstance(on, Traced):
            return on.part(name, **facts)
        asked = "request" in facts
        kind = SpanKind.SERVER if asked else SpanKind.INTERNAL
        above = self._received.extract(whose or {}, Context())
        span = self._tracer.start_span(name, above, kind, _attributes(facts), record_exception=False)
        if not span.is_recording():
            return Trail(number=_number(span))
        return Traced(self._tracer, span, answers=asked)

    def committed(self, jobs: int, seconds: float) -> None:
        if jobs:
            began = time_ns() - int(seconds * 1e9)
            self._tracer.start_span("batch", Context(), attributes={"bantline.jobs": jobs}, start_time=began).end()

    def close(self) -> None:
        self._line.hurries = True
        self._provider.shutdown()


class Traced(Trail):
    """A trail that is a span. What its work cost in the writer is told when it is over, so that the writer need not."""

    def __init__(self, tracer: Tracer, span: Span, *, answers: bool = False) -> None:
        super().__init__(number=_number(span))
        self._tracer = tracer
        self._span = span
        self._inside = set_span_in_context(span, Context())
        self._answers = answers
        self._name = _name(span)
        self._passages: list[Passage] = []

    def tell(self, **facts: Fact) -> None:
        self._span.set_attributes(_attributes(facts))
        if int(facts.get("status", 0)) >= BROKEN:
            self._span.set_status(Status(StatusCode.ERROR))

    def part(self, name: str, **facts: Fact) -> Trail:
        kind = SpanKind.CLIENT if name in GOES_OUT else SpanKind.INTERNAL
        return Traced(self._tracer, self._tracer.start_span(name, self._inside, kind, _attributes(facts)))

    def passage(self, lane: Lane) -> Passage | None:
        if not self._span.is_recording():
            return None
        self._passages.append(Passage(lane, asked=time_ns(), trace=self._name))
        return self._passages[-1]

    def end(self, problem: BaseException | None = None) -> None:
        """Only the kind of a problem is told: its words may be a person's."""
        for passage in self._passages:
            self._tell_passage(passage)
        if self._answers and self._passages and (committed := self._passages[-1].committed):
            self._tell("answer", committed, time_ns())
        if problem is not None:
            self._span.set_attributes(_attributes({"problem": type(problem).__name__}))
            self._span.set_status(Status(StatusCode.ERROR))
        self._span.end()

    def _tell_passage(self, passage: Passage) -> None:
        if passage.begun:
            self._tell("waiting", passage.asked, passage.begun, lane=passage.lane)
        if passage.committed:
            self._tell("commit", passage.begun, passage.committed, lane=passage.lane, jobs=passage.jobs)

    def _tell(self, name: str, began: int, ended: int, **facts: Fact) -> None:
        self._tracer.start_span(name, self._inside, attributes=_attributes(facts), start_time=began).end(ended)


class _Line(SpanExporter):
    """The way to the collector. That nobody is there is said once in a while, not for every try.

    Who `hurries` gives up with the first batch that is not taken.
    """

    def __init__(self, otlp: SpanExporter) -> None:
        self._otlp = otlp
        self._quiet_until = 0.0
        self._away = False
        self.hurries = False
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        if self._away and self.hurries:
            return SpanExportResult.FAILURE
        told: SpanExportResult = self._otlp.export(spans)
        self._away = told is not SpanExportResult.SUCCESS
        if self._away and monotonic() >= self._quiet_until:
            self._quiet_until = monotonic() + QUIET
            log.warning("traces_lost", spans=len(spans), advice="is there a collector at BANTLINE_TRACES?")
        return told

    def shutdown(self) -> None:
        self._otlp.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return bool(self._otlp.force_flush(timeout_millis))


def _number(span: Span) -> str:
    return format(span.get_span_context().trace_id, "032x")


def _name(span: Span) -> str:
    """As W3C Trace Context writes it."""
    context = span.get_span_context()
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags):02x}"


def _attributes(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    return {NAMES.get(name, f"bantline.{name}"): fact for name, fact in facts.items()}
