"""How long something takes."""

import resource
import time


class Clock:
    """Seconds since it was made: on the wall, and of the processors, in this process and those that it ran.

    Where the two are far from as many times as there are threads, the machine had other work, and the times are worth
    little.
    """

    def __init__(self):
        self._start = time.perf_counter(), processor_seconds()

    def times(self):
        wall, processor = self._start
        return {
            "all_seconds": time.perf_counter() - wall,
            "processor_seconds": processor_seconds() - processor,
        }


def processor_seconds():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)
