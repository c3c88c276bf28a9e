"""The engine: processes, models and named operations. Knows no HTTP, no HTML, no PDF."""
