"""Names of the categories of national focal points."""

from collections.abc import Mapping
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.forms.categories import Category

CATEGORIES: Final[Mapping[Category, LazyString]] = {
    Category.PRIMARY: _("Primary national focal point"),
    Category.CLEARING_HOUSE: _("Focal point for the clearing-house mechanism"),
    Category.SCIENTIFIC_ADVICE: _("Focal point for scientific and technical advice"),
    Category.PLANT_CONSERVATION: _("Focal point for plant conservation"),
    Category.TAXONOMY: _("Focal point for the Global Taxonomy Initiative"),
    Category.PROTECTED_AREAS: _("Focal point for protected areas"),
    Category.RESOURCE_MOBILIZATION: _("Focal point for resource mobilization"),
    Category.TRADITIONAL_KNOWLEDGE: _("Focal point for traditional knowledge"),
    Category.BIOSAFETY: _("Focal point for the Cartagena Protocol on Biosafety"),
    Category.BIOSAFETY_CLEARING_HOUSE: _("Focal point for the Biosafety Clearing-House"),
    Category.ACCESS_AND_BENEFIT_SHARING: _("Focal point for access and benefit-sharing"),
}
