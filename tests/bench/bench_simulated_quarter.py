"""The whole simulated quarter: 1,500 requests, 60 assistants, 12 languages, 15 institutions, twice.

``make bench ARGS=tests/bench/bench_simulated_quarter.py``. Some minutes each way.
"""

import time

import pytest

from tests.shows import quarter
from tests.shows.quarter_figures import expect_better, table
from tests.shows.quarter_run import FIRST_COME, IN_WAVES, play


@pytest.mark.django_db
def test_simulated_quarter(settings):
    outcomes = []
    for policy in (IN_WAVES, FIRST_COME):
        started = time.perf_counter()
        outcomes.append(play(policy, settings, requests=quarter.REQUESTS, days=quarter.DAYS))
        print(f"\n{policy.name}: {time.perf_counter() - started:.0f} s")
    print(table(outcomes))
    expect_better(*outcomes)
