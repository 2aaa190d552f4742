"""A procedure for machines that know nothing of this site: schema.org and CPSV-AP, as JSON-LD.

``GovernmentService`` of schema.org stands in the page itself, for search engines. CPSV-AP (Core
Public Service Vocabulary Application Profile 3, SEMIC) is for catalogues of public services; its
context is written out, so that reading it needs no other host.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from cms import formatting, record
from cms.models import ProcedurePage
from cms.snapshots import number

#: schema.org asks for ISO 8601 durations; working days have none and stay words.
_DURATIONS = {"hour": "PT{}H", "day": "P{}D", "month": "P{}M", "year": "P{}Y"}
_LANGUAGE = "http://publications.europa.eu/resource/authority/language/VIE"
_CURRENCY = "http://publications.europa.eu/resource/authority/currency/{}"
_STATUS = "http://purl.org/adms/status/{}"
CPSV_CONTEXT: dict[str, Any] = {
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def duration(time: record.ProcessingTime) -> str:
    """ISO 8601, "" where the unit has none: a working day is not 24 hours of a calendar."""
    pattern = _DURATIONS.get(time.unit)
    if pattern is None or time.value is None or time.value != time.value.to_integral_value():
        return ""
    return pattern.format(int(time.value))


def _address(page: ProcedurePage) -> str:
    return f"{settings.PUBLIC_URL}{reverse('procedure', args=[page.code])}"


def _lean(value: Any) -> Any:
    """Without keys that say nothing."""
    if isinstance(value, dict):
        rows = ((key, _lean(inner)) for key, inner in value.items())
        return {key: inner for key, inner in rows if inner not in (None, "", [], {})}
    if isinstance(value, list):
        return [_lean(inner) for inner in value]
    return value


def _price(fee: record.Fee) -> str | None:
    """An amount that can be believed as a price: never a bare 0 (it may mean "see the note")."""
    if not fee.amount:
        return "0" if formatting.fee_is_free(fee) else None
    if not fee.currency:
        return None
    if fee.currency == "VND" and fee.amount < formatting.SMALLEST_BELIEVABLE_VND:
        return None
    return number(fee.amount)


def government_service(
    page: ProcedurePage, channels: Sequence[record.Channel], *, city: str = ""
) -> dict[str, Any]:
    """schema.org GovernmentService: name, provider, where and for how much."""
    address = _address(page)
    return _lean(
        {
            "@context": "https://schema.org",
            "@type": "GovernmentService",
            "@id": address,
            "url": address,
            "identifier": page.code,
            "name": page.name,
            "alternateName": page.plain_name,
            "description": page.description[:2000],
            "inLanguage": "vi",
            "serviceType": page.field.name,
            "areaServed": {"@type": "AdministrativeArea", "name": city} if city else None,
            "provider": {"@type": "GovernmentOrganization", "name": page.agency[:500] or city},
            "serviceOperator": (
                {"@type": "GovernmentOrganization", "name": page.authority[:500]}
                if page.authority
                else None
            ),
            "audience": [
                {"@type": "Audience", "audienceType": audience} for audience in page.audience
            ],
            "availableChannel": [
                {
                    "@type": "ServiceChannel",
                    "name": record.CHANNELS.get(channel.kind, channel.kind),
                    "processingTime": duration(channel.time),
                    "serviceUrl": page.source_url or address if channel.kind == "online" else None,
                }
                for channel in channels
            ],
            "offers": [
                {
                    "@type": "Offer",
                    "price": _price(fee),
                    "priceCurrency": fee.currency or "VND",
                    "category": record.CHANNELS.get(channel.kind, channel.kind),
                    "description": fee.condition[:500],
                }
                for channel in channels
                for fee in channel.fees
                if _price(fee) is not None
            ],
            "serviceOutput": (
                {"@type": "Thing", "name": page.result[:500]} if page.result else None
            ),
        }
    )


def script(data: dict[str, Any]) -> SafeString:
    """The data as a ``<script>`` block that no text can close.

    A data block is never run, so script-src of the CSP has nothing to say about it and it needs
    no nonce (which a page kept in the cache could not have).
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign, code in (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026")):
        text = text.replace(sign, code)
    for sign, code in (("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        text = text.replace(sign, code)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308


def _vi(text: str) -> dict[str, str] | None:
    return {"@value": text, "@language": "vi"} if text.strip() else None


def cpsv_ap(page: ProcedurePage, channels: Sequence[record.Channel]) -> dict[str, Any]:
    """CPSV-AP PublicService with its channels, costs, evidence, output, rules and laws."""
    address = _address(page)
    costs = [
        (channel_number, channel, fee_number, fee)
        for channel_number, channel in enumerate(channels, 1)
        for fee_number, fee in enumerate(channel.fees, 1)
    ]
    items = [item for case in page.cases_today for item in case.items]
    papers = [item for item in items if not item.heading and item.waived is None]
    status = {"active": "Completed", "paused": "Withdrawn", "abolished": "Deprecated"}
    return _lean(
        {
            "@context": CPSV_CONTEXT,
            "@id": address,
            "@type": "cpsv:PublicService",
            "dct:identifier": page.code,
            "dct:title": _vi(page.name),
            "skos:altLabel": _vi(page.plain_name),
            "dct:description": _vi(page.description or page.name),
            "dct:language": {"@id": _LANGUAGE},
            "adms:status": {
                "@id": _STATUS.format(status.get(page.standing_now.state, "Completed"))
            },
            "dcat:keyword": [_vi(word) for word in page.keywords.split(",")],
            "cv:thematicArea": {"@type": "skos:Concept", "skos:prefLabel": _vi(page.field.name)},
            "cv:hasCompetentAuthority": {
                "@id": f"{address}#authority",
                "@type": "cv:PublicOrganisation",
                "dct:title": _vi(page.authority or page.agency or "Chưa công bố"),
            },
            "cv:hasChannel": [
                {
                    "@id": f"{address}#channel-{position}",
                    "@type": "cv:Channel",
                    "dct:identifier": f"{page.code}-{channel.kind}-{position}",
                    "dct:type": _vi(record.CHANNELS.get(channel.kind, channel.kind)),
                    "cv:processingTime": (
                        {"@value": duration(channel.time), "@type": "xsd:duration"}
                        if duration(channel.time)
                        else None
                    ),
                    "dct:description": _vi(
                        "\n".join(
                            part
                            for part in (formatting.time_text(channel.time), channel.note)
                            if part
                        )
                    ),
                }
                for position, channel in enumerate(channels, 1)
            ],
            "cv:hasCost": [
                {
                    "@id": f"{address}#cost-{channel_number}-{fee_number}",
                    "@type": "cv:Cost",
                    "dct:identifier": f"{page.code}-{channel_number}-{fee_number}",
                    "cv:value": (
                        {"@value": _price(fee), "@type": "xsd:double"}
                        if _price(fee) is not None
                        else None
                    ),
                    "cv:currency": (
                        {"@id": _CURRENCY.format(fee.currency)} if fee.currency else None
                    ),
                    "dct:description": _vi(formatting.fee_text(fee)),
                    "cv:ifAccessedThrough": {"@id": f"{address}#channel-{channel_number}"},
                }
                for channel_number, channel, fee_number, fee in costs
            ],
            "cpsv:hasInput": [
                {
                    "@id": f"{address}#input-{position}",
                    "@type": "cv:Evidence",
                    "dct:identifier": f"{page.code}-{position}",
                    "dct:title": _vi(item.name),
                }
                for position, item in enumerate(papers, 1)
            ],
            "cpsv:produces": (
                {
                    "@id": f"{address}#output",
                    "@type": "cpsv:Output",
                    "dct:identifier": f"{page.code}-output",
                    "dct:title": _vi(page.result),
                }
                if page.result.strip()
                else None
            ),
            "cpsv:follows": (
                {
                    "@id": f"{address}#rule",
                    "@type": "cpsv:Rule",
                    "dct:identifier": f"{page.code}-rule",
                    "dct:title": _vi("Trình tự thực hiện"),
                    "dct:description": _vi("\n".join(page.step_rows)),
                }
                if page.step_rows
                else None
            ),
            "cv:holdsRequirement": (
                {
                    "@id": f"{address}#requirement",
                    "@type": "cv:Requirement",
                    "dct:identifier": f"{page.code}-requirement",
                    "dct:title": _vi("Yêu cầu, điều kiện"),
                    "dct:description": _vi(page.requirements),
                }
                if page.requirements.strip()
                else None
            ),
            "cv:hasLegalResource": [
                {
                    "@id": f"{address}#law-{position}",
                    "@type": "eli:LegalResource",
                    "dct:identifier": law.number,
                    "dct:title": _vi(law.name or law.number),
                }
                for position, law in enumerate(page.legal_rows, 1)
            ],
            "foaf:page": {"@id": address},
        }
    )
