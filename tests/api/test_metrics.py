"""Figures belong to one service and name no path."""

from __future__ import annotations

from app.api.metrics import Metrics


def test_figures_count_by_method_route_and_status():
    metrics = Metrics()
    metrics.count("GET", "/c/{id}", 200, 0.01)
    metrics.count("GET", "/c/{id}", 200, 0.01)
    assert b'akashi_requests_total{method="GET",route="/c/{id}",status="200"} 2.0' in metrics.render()


def test_two_services_in_one_process_share_nothing():
    one, two = Metrics(), Metrics()
    one.count("GET", "/a", 200, 0)
    assert b"/a" not in two.render()
