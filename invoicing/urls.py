"""Addresses of the pages of invoicing."""

from __future__ import annotations

from django.urls import path

from invoicing.web import acts, detail, editor, exports, lists, look, notes, pay, statements

app_name = "invoicing"
urlpatterns = [
    path("invoices", lists.InvoiceList.as_view(), name="invoice_list"),
    path("invoices/new", editor.InvoiceNew.as_view(), name="invoice_new"),
    path("invoices/preview", editor.InvoicePreview.as_view(), name="invoice_preview"),
    path("invoices/export", exports.InvoiceExport.as_view(), name="invoice_export"),
    path("invoices/clients", editor.ClientChoices.as_view(), name="client_choices"),
    path("invoices/<str:pk>", detail.InvoiceDetail.as_view(), name="invoice_detail"),
    path("invoices/<str:pk>/edit", editor.InvoiceEdit.as_view(), name="invoice_edit"),
    path("invoices/<str:pk>/pdf", detail.InvoicePdf.as_view(), name="invoice_pdf"),
    path("invoices/<str:pk>/issue", acts.Issue.as_view(), name="invoice_issue"),
    path("invoices/<str:pk>/send", acts.Send.as_view(), name="invoice_send"),
    path("invoices/<str:pk>/mark", acts.Mark.as_view(), name="invoice_mark"),
    path("invoices/<str:pk>/payment", acts.RecordPayment.as_view(), name="invoice_payment"),
    path("invoices/<str:pk>/payments/<str:payment>/refund", acts.RecordRefund.as_view(), name="invoice_refund"),
    path("invoices/<str:pk>/payments/<str:payment>/receipt", detail.Receipt.as_view(), name="invoice_receipt"),
    path("invoices/<str:pk>/cancel", acts.Cancel.as_view(), name="invoice_cancel"),
    path("invoices/<str:pk>/credit", notes.CreditNote.as_view(), name="invoice_credit"),
    path("invoices/<str:pk>/debit", notes.DebitNote.as_view(), name="invoice_debit"),
    path("invoices/<str:pk>/duplicate", acts.Duplicate.as_view(), name="invoice_duplicate"),
    path("invoices/<str:pk>/delete", acts.Delete.as_view(), name="invoice_delete"),
    path("clients/<str:pk>/statement", statements.ClientStatement.as_view(), name="client_statement"),
    path("clients/<str:pk>/statement/pdf", statements.ClientStatementPdf.as_view(), name="client_statement_pdf"),
    path("clients/<str:pk>/statement/csv", statements.ClientStatementCsv.as_view(), name="client_statement_csv"),
    path("settings/look", look.LookSettings.as_view(), name="settings_look"),
    path("settings/look/picture", look.LookPicture.as_view(), name="settings_look_picture"),
    path("pay/<str:token>", pay.Pay.as_view(), name="pay"),
    path("pay/<str:token>/pdf", pay.PayPdf.as_view(), name="pay_pdf"),
    path("pay/<str:token>/seen", pay.PaySeen.as_view(), name="pay_seen"),
]
