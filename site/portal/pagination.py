"""How JSON lists are cut into pages."""

from rest_framework.pagination import PageNumberPagination


class TenPerPage(PageNumberPagination):
    """Ten records a page; ``page_size`` up to 100 for those who fetch everything."""

    page_size = 10
    page_size_query_param = "page_size"
    max_page_size = 100
    invalid_page_message = "Không có trang này."
