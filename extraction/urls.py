"""Addresses of the pages of documents."""

from __future__ import annotations

from django.urls import path

from extraction.web import (
    acts,
    billing,
    detail,
    documents,
    upload,
    usage,
    verify,
    verify_files,
    verify_next,
    verify_reading,
)

app_name = "extraction"
urlpatterns = [
    path("documents", documents.DocumentList.as_view(), name="document_list"),
    path("documents/new", upload.DocumentNew.as_view(), name="document_new"),
    path("documents/upload", upload.DocumentUpload.as_view(), name="document_upload"),
    path("documents/progress", upload.DocumentProgress.as_view(), name="document_progress"),
    path("documents/selected", acts.SelectedDocuments.as_view(), name="selected"),
    path("documents/sums", documents.DocumentSums.as_view(), name="document_sums"),
    path("documents/export", documents.DocumentExport.as_view(), name="document_export"),
    path("documents/usage", usage.Usage.as_view(), name="usage"),
    path("documents/verify", verify_next.VerifyNext.as_view(), name="verify_next"),
    path("documents/<str:pk>", detail.DocumentDetail.as_view(), name="document_detail"),
    path("documents/<str:pk>/file", acts.DocumentFile.as_view(), name="document_file"),
    path("documents/<str:pk>/supporting/<int:n>", acts.DocumentSupporting.as_view(), name="document_supporting"),
    path("documents/<str:pk>/read", acts.DocumentRead.as_view(), name="document_read"),
    path("documents/<str:pk>/delete", acts.DocumentDelete.as_view(), name="document_delete"),
    path("documents/<str:pk>/invoice", billing.DocumentBill.as_view(), name="document_bill"),
    path("documents/<str:pk>/verify", verify.Verify.as_view(), name="document_verify"),
    path("documents/<str:pk>/verify/check", verify.VerifyCheck.as_view(), name="verify_check"),
    path("documents/<str:pk>/verify/undo", verify.Unverify.as_view(), name="verify_undo"),
    path("documents/<str:pk>/verify/skip", verify_next.Skip.as_view(), name="verify_skip"),
    path("documents/<str:pk>/verify/read", verify_reading.VerifyRead.as_view(), name="verify_read"),
    path("documents/<str:pk>/verify/progress", verify_reading.VerifyProgress.as_view(), name="verify_progress"),
    path("documents/<str:pk>/verify/words", verify_files.PageWords.as_view(), name="verify_words"),
    path("documents/<str:pk>/pages/<int:number>", verify_files.PagePicture.as_view(), name="document_page"),
]
