"""Proposals of those who have an account: a partner institution, or the Secretariat on behalf."""

from flask import Blueprint

from app.access import own_proposal
from app.web.proposal_pages import add_views

bp = Blueprint("proposals", __name__, url_prefix="/proposals/<proposal_id>")
add_views(bp, own_proposal)
