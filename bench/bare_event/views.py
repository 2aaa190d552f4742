"""What a page of Django's tutorial does with a form: nothing is checked, nothing is counted."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt

from bench.bare_event.models import Event


@csrf_exempt
def insert(request: HttpRequest, code: str) -> HttpResponse:
    """Insert and redirect."""
    sent = request.POST
    with transaction.atomic():
        Event.objects.create(
            counter=code,
            attitude=int(sent["attitude"]),
            time=int(sent["time"]),
            clarity=int(sent["clarity"]),
            fees=int(sent["fees"]),
        )
    return HttpResponseRedirect("/thanks")
