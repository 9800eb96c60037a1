"""Addresses of the pages of documents."""

from __future__ import annotations

from django.urls import path

from extraction.web import documents, verify, verify_files, verify_next, verify_reading

app_name = "extraction"
urlpatterns = [
    path("documents", documents.DocumentList.as_view(), name="document_list"),
    path("documents/verify", verify_next.VerifyNext.as_view(), name="verify_next"),
    path("documents/<str:pk>/verify", verify.Verify.as_view(), name="document_verify"),
    path("documents/<str:pk>/verify/check", verify.VerifyCheck.as_view(), name="verify_check"),
    path("documents/<str:pk>/verify/undo", verify.Unverify.as_view(), name="verify_undo"),
    path("documents/<str:pk>/verify/skip", verify_next.Skip.as_view(), name="verify_skip"),
    path("documents/<str:pk>/verify/read", verify_reading.VerifyRead.as_view(), name="verify_read"),
    path("documents/<str:pk>/verify/progress", verify_reading.VerifyProgress.as_view(), name="verify_progress"),
    path("documents/<str:pk>/verify/words", verify_files.PageWords.as_view(), name="verify_words"),
    path("documents/<str:pk>/pages/<int:number>", verify_files.PagePicture.as_view(), name="document_page"),
]
