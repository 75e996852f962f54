"""What a provider's processes are told from outside: environment variables, overridden by arguments."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_data_path


def system_clock() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one process. ``database_url`` "" means the PostgreSQL in the data folder."""

    data_dir: Path
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8420
    public_url: str = ""  # in links of letters; "" means http://host:port
    smtp_url: str = ""  # smtp://user:password@host:port or smtps://…; "" means letters go to the mail folder
    mail_folder: Path | None = None
    mail_from: str = "kabinet@localhost"
    trusted_proxies: str = "127.0.0.1"
    sms_url: str = ""  # takes text messages by HTTP POST; "" means they go to the folder ``sms`` of the data folder
    sms_token: str = ""  # sent to it as a bearer token
    register_url: str = ""  # the register of persons; "" means the file ``register.json`` of the data folder
    register_token: str = ""
    scan_command: str = ""  # looks for viruses in an uploaded file, ``{file}`` stands for its path; "" means none
    documents_days: int = 180  # after which contents of refused documents and of ended applications are deleted
    durable: bool = True  # False only in tests: a power cut may lose commits
    clock: Callable[[], datetime] = field(default=system_clock)

    @property
    def address(self) -> str:
        """The address that people's letters link to."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def letters(self) -> Path:
        """The folder that takes letters when there is no mail server."""
        return self.mail_folder or self.data_dir / "mail"

    @property
    def text_messages(self) -> Path:
        """The folder that takes text messages when there is no gateway."""
        return self.data_dir / "sms"

    @property
    def documents(self) -> Path:
        """The folder of uploaded documents."""
        return self.data_dir / "documents"


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings that ``KABINET_*`` variables ask for; raises ``ValueError`` for a port that is no number."""
    values = os.environ if environment is None else environment
    folder = values.get("KABINET_DATA_DIR")
    return Settings(
        data_dir=Path(folder) if folder else user_data_path("kabinet-provider"),
        database_url=values.get("KABINET_DATABASE_URL", ""),
        host=values.get("KABINET_HOST", "127.0.0.1"),
        port=int(values.get("KABINET_PORT", "8420")),
        public_url=values.get("KABINET_PUBLIC_URL", ""),
        smtp_url=values.get("KABINET_SMTP_URL", ""),
        mail_folder=Path(values["KABINET_MAIL_FOLDER"]) if values.get("KABINET_MAIL_FOLDER") else None,
        mail_from=values.get("KABINET_MAIL_FROM", "kabinet@localhost"),
        trusted_proxies=values.get("KABINET_TRUSTED_PROXIES", "127.0.0.1"),
        sms_url=values.get("KABINET_SMS_URL", ""),
        sms_token=values.get("KABINET_SMS_TOKEN", ""),
        register_url=values.get("KABINET_REGISTER_URL", ""),
        register_token=values.get("KABINET_REGISTER_TOKEN", ""),
        scan_command=values.get("KABINET_SCAN_COMMAND", ""),
        documents_days=int(values.get("KABINET_DOCUMENTS_DAYS", "180")),
    )
