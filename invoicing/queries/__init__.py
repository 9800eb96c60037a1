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
from invoicing.queries.standings import (
    ClientYear,
    client_counts,
    client_invoices,
    client_standings,
    client_tab_counts,
    client_years,
    owed_by,
    standing_of_clients,
)
from invoicing.queries.statistics import (
    Figures,
    MonthSum,
    Standing,
    Statistics,
    figures_by_currency,
    last_months,
    same_day,
)
from invoicing.queries.views import views_of
from invoicing.queries.waiting import late_invoices, stale_drafts, unsent_invoices

__all__ = [
    "LINE_COLUMNS",
    "Beginning",
    "ClientYear",
    "Figures",
    "ListSum",
    "MonthSum",
    "Standing",
    "Statistics",
    "account_entries",
    "beginning",
    "client_counts",
    "client_figures",
    "client_invoices",
    "client_standings",
    "client_tab_counts",
    "client_years",
    "currencies_used",
    "events_of",
    "figures_by_currency",
    "invoices_of_client",
    "last_months",
    "late_invoices",
    "lines_of",
    "list_sums",
    "owed_by",
    "payments_of",
    "recent_invoices",
    "refunds_of",
    "same_day",
    "stale_drafts",
    "standing_of_clients",
    "statuses_of",
    "tab_counts",
    "unsent_invoices",
    "views_of",
]
