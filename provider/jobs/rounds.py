"""The rounds of work beside requests. Each may be interrupted, or run twice at once, and still does things once."""

from __future__ import annotations

import logging
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from models.domain.period import Month
from provider.services import (
    blob_retention,
    children,
    entrusting,
    inquiries,
    limits,
    links,
    mail,
    one_time,
    phone,
    registration,
    sessions,
)
from provider.services.admissions import clock, collections, reminders, yearly
from provider.services.mailings import MailingReport, run_mailing
from provider.settings import Settings
from provider.store.compaction import compact
from provider.store.database import Database
from provider.store.tables_people import mailing_run
from provider.store.tables_utility import period, provider

log = logging.getLogger(__name__)


def letters_round(database: Database, settings: Settings) -> int:
    """Look into what was asked, then send the text messages and letters that are due; returns how many letters went."""
    now = settings.clock()
    inquiries.settle_due(database, settings, now)
    entrusting.end_due(database, now)
    phone.send_due(database, settings, now)
    return mail.send_due(database, settings, now).sent


def clock_round(database: Database, now: datetime) -> int:
    """Carry out the terms of admissions that have ended and remind of those that will, end collections of wishes and
    tell families of new ones; returns how many of all."""
    report = clock.run_due(database, now)
    done = report.steps + report.vacated + reminders.remind_in_the_morning(database, now)
    return done + collections.close_due(database, now) + collections.tell_families(database, now)


def queue_round(database: Database, now: datetime) -> int:
    """Do the nightly and yearly work of admissions, if it is not done yet; returns how many numbers changed."""
    yearly.run_yearly(database, now)
    return yearly.run_nightly(database, now)


def mailing_round(database: Database, now: datetime) -> list[MailingReport]:
    """Run the mailing of last month for each provider that has charged it and has not finished its mailing."""
    reports = []
    for tenant, month in _due_mailings(database, now):
        reports.append(run_mailing(database, tenant, month, now))
    return reports


def housekeeping(database: Database, settings: Settings, now: datetime) -> int:
    """Delete what is over: tokens, links, codes, unconfirmed registrations, full buckets, old letters, uploads that
    nobody continued; returns how many."""
    count = sessions.forget_old(database, now)
    count += limits.forget_full(database, now)
    count += mail.forget_sent(database, now)
    count += phone.forget_sent(database, now)
    count += one_time.forget(database, now)
    count += children.forget_answers(database, now)
    count += registration.forget_unconfirmed(database, now)
    with database.engine.begin() as connection:
        count += links.forget(connection, now)
    count += compact(database, now)
    count += blob_retention.forget_partial(settings, now) + blob_retention.forget_unused(database, settings, now)
    count += blob_retention.forget_ended(database, settings, now)
    log.info("housekeeping deleted %d rows", count)
    return count


def _due_mailings(database: Database, now: datetime) -> list[tuple[int, Month]]:
    found = []
    with database.read() as connection:
        for tenant, zone in connection.execute(select(provider.c.id, provider.c.zone).order_by(provider.c.id)).all():
            month = Month.of(now.astimezone(ZoneInfo(zone)).date()).previous()
            charged = connection.execute(
                select(period.c.state).where(period.c.tenant_id == tenant, period.c.period == month.number)
            ).scalar()
            finished = connection.execute(
                select(mailing_run.c.finished_at).where(
                    mailing_run.c.tenant_id == tenant, mailing_run.c.period == month.number
                )
            ).scalar()
            if charged in ("charged", "closed") and finished is None:
                found.append((tenant, month))
    return found
