"""Flask extensions, made once and bound to the app in `create_app`."""

from flask import current_app, has_request_context, request
from flask_babel import Babel
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from app.files.stored import FileStore
from app.forms.catalogue import Catalogue
from app.models.base import Base
from app.services.receipts import Issuer

db = SQLAlchemy(metadata=Base.metadata)
migrate = Migrate(render_as_batch=True)
babel = Babel()
login = LoginManager()
csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address)
compress = Compress()

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_reading() -> bool:
    """Tell whether the present transaction only reads: a request whose method changes nothing."""
    return has_request_context() and request.method in SAFE_METHODS


def issuer() -> Issuer:
    """Return what signs receipts and seals for the running application."""
    return Issuer(key=current_app.config["SIGNING_KEY"], url=current_app.config["PUBLIC_URL"])


def file_store() -> FileStore:
    """Return the files that the running application keeps."""
    return FileStore(current_app.config["FILES_DIR"])


def forms_in_use() -> Catalogue:
    """Return the forms of the running application."""
    catalogue: Catalogue = current_app.extensions["canopy_forms"]
    return catalogue
