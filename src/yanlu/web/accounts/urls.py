"""Addresses of signing in. Of allauth's pages only those are mounted that we use."""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import path

from yanlu.web.accounts import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="account_request_login_code"),
    path("sign-in/code/", views.confirm_code, name="account_confirm_login_code"),
    path("sign-in/switched-off/", account.account_inactive, name="account_inactive"),
    path("sign-out/", account.logout, name="account_logout"),
    path("staff/sign-in/", views.StaffSignIn.as_view(), name="account_login"),
    path("staff/sign-in/code/", second_factor.authenticate, name="mfa_authenticate"),
    path("staff/sign-in/again/", account.reauthenticate, name="account_reauthenticate"),
    path("staff/sign-in/again/code/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("staff/two-factor/", second_factor.index, name="mfa_index"),
    path("staff/two-factor/set-up/", totp.activate_totp, name="mfa_activate_totp"),
    path("staff/two-factor/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path(
        "staff/two-factor/recovery-codes/",
        recovery_codes.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "staff/two-factor/recovery-codes/new/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "staff/two-factor/recovery-codes/codes.txt",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
