"""Build the tables of a report from the database.

Starts from the Parties asked: a Party that is silent is in every table, with the class that says
so. Pandas counts; the rest puts wording and shares to the counts.
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.analysis.shares import whole_share, whole_shares
from app.errors import InvalidInputError, NotFoundError
from app.forms.catalogue import Catalogue
from app.forms.definition import Form
from app.models.collection import Collection
from app.reports.columns import ANSWERED, Classes, columns_of
from app.reports.definition import Cell, Param, Report, Table, TableDefinition
from app.reports.notes import notes_of
from app.reports.params import choose, params_of
from app.reports.records import Records, Source, records_of
from app.reports.signed import asked_at


def build_table(
    session: Session,
    forms: Catalogue,
    report: Report,
    table_id: str,
    collection: str,
    params: Mapping[str, str],
) -> Table:
    """Return one table of *report* over a collection, in the language of the report.

    params  names and values as given by the reader; what is missing or empty takes its default

    Raises NotFoundError for a table or collection that does not exist, InvalidInputError for a
    collection that the report does not read and for a parameter that is not understood.
    """
    source = source_of(session, forms, report, table_id, collection, params)
    records = records_of(source)
    chosen = source.chosen
    return Table(
        report=report.name,
        table=table_id,
        title=title_of(source),
        collection=collection,
        params=chosen.params,
        as_of=chosen.as_of,
        members_on=chosen.members_on,
        synthetic=source.collection.is_synthetic,
        columns=columns_of(report, records.classes, chosen, records.key),
        rows=tuple(_rows(records)),
        notes=notes_of(source, records),
    )


def source_of(
    session: Session,
    forms: Catalogue,
    report: Report,
    table_id: str,
    collection_code: str,
    params: Mapping[str, str],
) -> Source:
    """Gather what a table is built from; raise the errors of `build_table`."""
    table = _table(report, table_id)
    collection = collection_for(session, report, collection_code)
    form = forms.load(collection.form, collection.form_version, report.locale)
    offered = params_of(session, report, form, table)
    chosen = choose(report, table, collection, offered, params)
    return Source(
        session=session,
        report=report,
        form=form,
        table=table,
        collection=collection,
        offered=offered,
        chosen=chosen,
        asked=asked_at(session, collection, chosen.as_of),
    )


def collections_for(session: Session, report: Report) -> list[Collection]:
    """Return the collections that *report* can read, the last opened first."""
    return list(
        session.scalars(
            select(Collection)
            .where(
                Collection.agreement == report.agreement,
                Collection.form == report.form,
                Collection.form_version.in_(report.versions),
                Collection.kind.in_(report.kinds),
            )
            .order_by(Collection.opens_on.desc(), Collection.code.desc())
        )
    )


def collection_for(session: Session, report: Report, code: str) -> Collection:
    """Return a collection that *report* reads; raise NotFoundError or InvalidInputError."""
    found = session.get(Collection, code)
    if found is None:
        raise NotFoundError(what="collection", code=code)
    readable = collections_for(session, report)
    if found not in readable:
        allowed = [collection.code for collection in readable]
        raise InvalidInputError(parameter="collection", value=code, allowed=allowed)
    return found


def offered_params(
    session: Session, forms: Catalogue, report: Report, table_id: str
) -> tuple[Param, ...]:
    """Return what a reader may choose about a table, with the choices of the form's last version.

    Raises NotFoundError.
    """
    form: Form = forms.load(report.form, max(report.versions), report.locale)
    return params_of(session, report, form, _table(report, table_id))


def title_of(source: Source) -> str:
    """Return the title of the table as chosen, such as "Progress on Target 11, by CBD region"."""
    labels = {
        param.name: dict(param.choices)[source.chosen.params[param.name]]
        for param in source.offered
    }
    return source.table.caption.format(**labels)


def _table(report: Report, table_id: str) -> TableDefinition:
    found = report.table(table_id)
    if found is None:
        raise NotFoundError(what="table", code=f"{report.name}/{table_id}")
    return found


def _rows(records: Records) -> Iterator[dict[str, Cell]]:
    counts = _counts(records)
    for code, label in records.rows.items():
        yield {
            records.key: code,
            "name": label,
            **counts[code],
            **_shares(counts[code], records.classes),
        }


def _counts(records: Records) -> dict[str, dict[str, int]]:
    """Return the counts of each row, by class, with `answered` and the total."""
    import pandas as pd  # noqa: PLC0415 - only tables need it, and it takes long to import

    from app.analysis.rollup import count_classes  # noqa: PLC0415

    classes = records.classes
    observations = pd.DataFrame(
        [(r.row, r.code, r.counted.thing) for r in records.records],
        columns=["row", "code", "thing"],
        dtype="str",
    )
    table = count_classes(
        observations,
        by="row",
        rows=list(records.rows),
        classes=list(classes.labels),
        answered=classes.answered,
    ).rename(columns={"asked": classes.total})
    return {
        str(row): {str(column): int(count) for column, count in line.items()}
        for row, line in table.to_dict(orient="index").items()
    }


def _shares(counts: Mapping[str, int], classes: Classes) -> dict[str, Cell]:
    total = counts[classes.total]
    return {
        **_shares_of(counts, classes.answered, ANSWERED, is_exclusive=classes.is_exclusive),
        **_shares_of(
            counts, tuple(classes.labels), classes.total, is_exclusive=classes.is_exclusive
        ),
        f"{ANSWERED}_of_{classes.total}": whole_share(counts[ANSWERED], total),
    }


def _shares_of(
    counts: Mapping[str, int], codes: Sequence[str], whole: str, *, is_exclusive: bool
) -> dict[str, Cell]:
    """Return the share of each class; they sum to 100 where the classes exclude each other."""
    if is_exclusive:
        shares = whole_shares([counts[code] for code in codes])
    else:
        shares = [whole_share(counts[code], counts[whole]) for code in codes]
    return {f"{code}_of_{whole}": share for code, share in zip(codes, shares, strict=True)}
