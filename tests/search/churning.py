"""Run in a process that is killed at any moment: writes the index, again and again.

``ROLE`` is ``build`` (generation after generation) or ``drain`` (what is queued, as the worker).
"""

import os
import random
import sys
import time

from search import worker
from search.models import PendingIndex

role = os.environ["ROLE"]
while True:
    try:
        if role == "build":
            worker.build()
        else:
            worker.drop_unpublished()
            worker.drain(random.choice([3, 20, 200]), rebuild=False)
            if not PendingIndex.objects.exists():
                time.sleep(0.005)
    except (worker.BuildRunning, worker.IndexUnavailable, OSError) as error:
        sys.stderr.write(f"{type(error).__name__} {error}\n")
        time.sleep(0.01)
