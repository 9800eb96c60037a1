"""Reads over several tables: what pages, the API and upper apps ask of documents, lists and figures."""

from invoicing.queries.documents import (
    LINE_COLUMNS,
    Beginning,
    account_entries,
    beginning,
    events_of,
    invoices_of_client,
    lines_of,
    payments_of,
    recent_invoices,
    refunds_of,
    statuses_of,
)
from invoicing.queries.figures import client_figures
from invoicing.queries.lists import ListSum, currencies_used, list_sums, tab_counts
from invoicing.queries.statistics import Figures, MonthSum, Standing, Statistics, figures_by_currency, last_months

__all__ = [
    "LINE_COLUMNS",
    "Beginning",
    "Figures",
    "ListSum",
    "MonthSum",
    "Standing",
    "Statistics",
    "account_entries",
    "beginning",
    "client_figures",
    "currencies_used",
    "events_of",
    "figures_by_currency",
    "invoices_of_client",
    "last_months",
    "lines_of",
    "list_sums",
    "payments_of",
    "recent_invoices",
    "refunds_of",
    "statuses_of",
    "tab_counts",
]
