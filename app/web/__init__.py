"""The pages: one blueprint per kind of visitor."""

from flask import Flask

from app.web import (
    again,
    assets,
    auth,
    collections,
    draft_history,
    entry,
    errors,
    filters,
    forgotten,
    forms_admin,
    history,
    home,
    imports,
    jobs,
    jobs_admin,
    links,
    lists,
    locale,
    mail_admin,
    navigation,
    operations,
    parties,
    presence,
    queries,
    receipts,
    reminders,
    results,
    review,
    security,
    signing,
    submissions,
    texts,
    verify,
)


def init_app(app: Flask) -> None:
    """Register the pages, and what every page needs: language, account, headers, error pages."""
    for part in (locale, auth, filters, navigation, assets, security, errors, again, presence):
        part.init_app(app)
    for pages in (
        home,
        auth,
        links,
        forgotten,
        collections,
        parties,
        submissions,
        entry,
        draft_history,
        operations,
        signing,
        receipts,
        verify,
        review,
        reminders,
        queries,
        forms_admin,
        imports,
        texts,
        lists,
        jobs,
        jobs_admin,
        mail_admin,
        results,
        history,
    ):
        app.register_blueprint(pages.bp)
