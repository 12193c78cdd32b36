"""Canopy: `create_app` puts the parts together and decides nothing.

What it puts together is imported inside it, so that `app.forms` and the other pure parts can be
imported without Flask and without a database.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Config

# ruff: noqa: PLC0415 - see above


def create_app(config: "Config | None" = None) -> "Flask":
    """Return a ready application; reads the environment unless given a *config*."""
    from flask import Flask

    from app import api, cli, web
    from app.config import ROOT, Config

    config = config or Config.from_env()
    app = Flask(
        __name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static")
    )
    _configure(app, config)
    _import_models()
    _bind_extensions(app, config)
    web.init_app(app)
    api.init_app(app)
    cli.init_app(app)
    return app


def _configure(app: "Flask", config: "Config") -> None:
    """Give *app* our settings, by the names that extensions know."""
    from werkzeug.middleware.proxy_fix import ProxyFix

    from app.models.engine import options

    app.config.from_object(config)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options(config.SQLALCHEMY_DATABASE_URI)
    app.config["RATELIMIT_STORAGE_URI"] = config.LIMITS_URL
    app.config["RATELIMIT_ENABLED"] = config.LIMITS_ENABLED
    app.config["COMPRESS_ALGORITHM"] = ["gzip"]
    app.config["COMPRESS_MIN_SIZE"] = 1000
    if proxies := config.TRUSTED_PROXIES:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign] # as Flask's manual says
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )


def _import_models() -> None:
    """Let every table be known, also one that nothing else imports."""
    from app.models import (  # noqa: F401 - makes the tables
        account,
        audit,
        collection,
        comment,
        designation,
        job,
        managed_list,
        message,
        on_behalf,
        operation,
        partner,
        party,
        proposal,
        query,
        reminder,
        sign_in,
        source_file,
        submission,
    )


def _bind_extensions(app: "Flask", config: "Config") -> None:
    """Bind forms and extensions to *app*, and seal what the database is to keep secret."""
    from app.config import ROOT
    from app.extensions import compress, csrf, db, is_reading, limiter, login, migrate
    from app.forms.catalogue import Catalogue
    from app.models.engine import configure
    from app.models.sealed import seal_with
    from app.services.lists import ListKeeper

    app.extensions["canopy_forms"] = Catalogue(config.FORMS_DIR, ListKeeper(db.session))
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    login.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    compress.init_app(app)
    with app.app_context():
        configure(db.engine, is_reading)
        seal_with(db.engine, config.SECRET_KEY)
