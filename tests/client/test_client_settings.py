"""Where the address, the credential and the account come from."""

import json
from pathlib import Path

import pytest

from remotehands import Client, WrongSetting, profiles
from remotehands.profiles import Profile
from remotehands.settings import Settings, read_settings, read_url
from remotehands.tokens import Token

NOTHING: dict[str, str | None] = {}
ENVIRONMENT = {
    "REMOTEHANDS_URL": "http://env.example",
    "REMOTEHANDS_CLIENT_ID": "env-id",
    "REMOTEHANDS_CLIENT_SECRET": "env-secret",
    "REMOTEHANDS_ACCOUNT": "ENV",
}


@pytest.fixture
def folder(tmp_path: Path) -> dict[str, str]:
    """An environment whose configuration folder has a profile."""
    environment = {"XDG_CONFIG_HOME": str(tmp_path)}
    file = profiles.file_of(environment)
    profiles.keep(file, "default", Profile("http://kept.example", "kept-id", "kept-secret", "KEPT"))
    profiles.keep(file, "lab", Profile("http://lab.example", "lab-id", "lab-secret"))
    return environment


def test_arguments_come_before_the_environment_and_this_before_the_profile(folder: dict[str, str]) -> None:
    kept = Settings("http://kept.example", "kept-id", "kept-secret", "KEPT")
    assert read_settings(NOTHING, None, folder) == kept
    environment = folder | ENVIRONMENT
    assert read_settings(NOTHING, None, environment) == Settings("http://env.example", "env-id", "env-secret", "ENV")
    given = {"client_id": "arg-id", "client_secret": "arg-secret"}
    assert read_settings(given, None, environment) == Settings("http://env.example", "arg-id", "arg-secret", "ENV")
    assert read_settings({"account": "ARG"}, None, folder).account == "ARG"
    assert read_settings(NOTHING, None, folder | {"REMOTEHANDS_ACCOUNT": "ENV"}).account == "ENV"


def test_profiles_by_name(folder: dict[str, str]) -> None:
    assert read_settings(NOTHING, "lab", folder).client_id == "lab-id"
    assert read_settings(NOTHING, None, folder | {"REMOTEHANDS_PROFILE": "lab"}).base_url == "http://lab.example"
    with pytest.raises(WrongSetting, match="There is no profile 'labs'"):
        read_settings(NOTHING, "labs", folder)


def test_a_secret_is_not_sent_to_another_server(folder: dict[str, str]) -> None:
    with pytest.raises(WrongSetting, match="client_secret"):
        read_settings({"base_url": "http://elsewhere.example"}, None, folder)
    with pytest.raises(WrongSetting, match=r"^Not given: client_secret"):
        read_settings({"client_id": "another"}, None, folder)
    assert read_settings({"base_url": "http://kept.example/"}, None, folder).client_id == "kept-id"


def test_what_is_missing_is_named(no_settings: None) -> None:
    with pytest.raises(WrongSetting, match=r"base_url \(REMOTEHANDS_URL\), client_id .*, client_secret .*login"):
        Client()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("hands.example.com", "https://hands.example.com"),
        (" https://hands.example.com/ ", "https://hands.example.com"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("https://example.com/hands", "https://example.com/hands"),
    ],
)
def test_addresses(text: str, address: str) -> None:
    assert read_url(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ftp://example.com",
        "https://",
        "https://a:b@example.com",
        "http://example.com:99999",
        "https://[",
        "http://a?b=c",
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(WrongSetting, match="no address of a server"):
        read_url(text)


def test_an_account_that_cannot_be_a_header(no_settings: None) -> None:
    with pytest.raises(WrongSetting, match="character"):
        Client("http://a.example", "id", "secret", "A\r\nEvil: yes")


def test_no_secret_is_shown(folder: dict[str, str]) -> None:
    assert "kept-secret" not in repr(read_settings(NOTHING, None, folder))
    assert "kept-secret" not in repr(profiles.read_all(profiles.file_of(folder)))
    assert "eyJ" not in repr(Token("eyJ", 1.0))


@pytest.mark.parametrize("host", ["a b", "exa\x00mple", "a" * 64 + "\u00fc.example", "\u2028"])
def test_an_address_that_only_looks_like_one(no_settings: None, host: str) -> None:
    with pytest.raises(WrongSetting, match="no address"):
        Client(f"http://{host}", "id", "secret")


def test_profiles_are_for_their_users_eyes(folder: dict[str, str]) -> None:
    file = profiles.file_of(folder)
    assert file == Path(folder["XDG_CONFIG_HOME"], "remotehands", "profiles.json")
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert list(file.parent.iterdir()) == [file]
    file.chmod(0o644)
    profiles.keep(file, "third", Profile("http://c.example", "c", "c"))
    assert file.stat().st_mode & 0o777 == 0o600
    assert set(profiles.read_all(file)) == {"default", "lab", "third"}


def test_a_relative_configuration_folder_is_none() -> None:
    """So says the XDG base directory specification."""
    assert profiles.file_of({"XDG_CONFIG_HOME": "here", "HOME": "/ada"}) == Path(
        "/ada/.config/remotehands/profiles.json"
    )


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff\xfe", b'{"default": {"base_url": "http://a.example"}}', b'{"default": {"base_url": 1}}'],
)
def test_a_broken_profile_is_a_clear_line(folder: dict[str, str], content: bytes) -> None:
    file = profiles.file_of(folder)
    file.write_bytes(content)
    with pytest.raises(WrongSetting, match=r"profiles\.json is no file of profiles: .*\.$") as caught:
        read_settings(NOTHING, None, folder)
    assert "\n" not in str(caught.value)
    with pytest.raises(WrongSetting):
        profiles.keep(file, "default", Profile("http://a.example", "a", "a"))
    assert file.read_bytes() == content, "what cannot be read is not overwritten"


def test_a_profile_that_may_not_be_read(folder: dict[str, str]) -> None:
    file = profiles.file_of(folder)
    file.unlink()
    file.mkdir()
    with pytest.raises(WrongSetting, match="cannot be read"):
        read_settings(NOTHING, None, folder)


def test_the_file_is_plain_json(folder: dict[str, str]) -> None:
    kept = json.loads(profiles.file_of(folder).read_text())
    assert kept["lab"] == {
        "base_url": "http://lab.example",
        "client_id": "lab-id",
        "client_secret": "lab-secret",
        "account": None,
    }
