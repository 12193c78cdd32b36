"""The categories of national focal points: for what a Government designates who signs.

A form names those that sign it beside the primary national focal point (`signed_by`). That is no
part of its frozen structure: it changes no answer.
"""

from enum import StrEnum
from typing import Final

from app.forms.definition import Form


class Category(StrEnum):
    """For what somebody is a focal point."""

    PRIMARY = "primary"  # signs every form
    CLEARING_HOUSE = "clearing_house"
    SCIENTIFIC_ADVICE = "scientific_advice"
    PLANT_CONSERVATION = "plant_conservation"
    TAXONOMY = "taxonomy"
    PROTECTED_AREAS = "protected_areas"
    RESOURCE_MOBILIZATION = "resource_mobilization"
    TRADITIONAL_KNOWLEDGE = "traditional_knowledge"
    BIOSAFETY = "biosafety"
    BIOSAFETY_CLEARING_HOUSE = "biosafety_clearing_house"
    ACCESS_AND_BENEFIT_SHARING = "access_and_benefit_sharing"


NAMED: Final = tuple(category.value for category in Category if category is not Category.PRIMARY)


def signing(form: Form) -> tuple[Category, ...]:
    """Return the categories that sign a form, the primary one first."""
    return (Category.PRIMARY, *(Category(code) for code in form.signed_by))
