"""One submission judged, beside the tests. Meets the worker on the wire only; never imports it."""
