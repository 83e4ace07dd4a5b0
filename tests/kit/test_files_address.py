"""URLs of buckets: what they say, and that nothing of a wrong one is repeated."""

from pathlib import Path

import pytest

from remotehandsd.kit.files.address import read_address
from remotehandsd.settings import WrongSetting, read_settings

SECRET = "sEcret+of/ada=="
KEY = f"access_key_id=ada&secret_access_key={SECRET}"


def test_the_least_that_is_needed() -> None:
    address = read_address("s3://attachments", {})
    assert (address.bucket, address.prefix, address.region) == ("attachments", "", "us-east-1")
    assert address.url == "https://attachments.s3.us-east-1.amazonaws.com"
    assert not address.path_style
    assert not address.allow_http


def test_everything() -> None:
    address = read_address(
        f"s3://attachments/of/desk/?endpoint=https://s3.example.com:9000/&region=eu-central-1&{KEY}&path_style=no", {}
    )
    assert address.prefix == "of/desk"
    assert address.secret_access_key == SECRET, "a + stays one"
    assert address.url == "https://attachments.s3.example.com:9000"
    assert str(address) == repr(address) == "s3://attachments/of/desk"


def test_another_endpoint_gets_the_bucket_in_the_path() -> None:
    assert read_address("s3://files?endpoint=https://s3.example.com/s3", {}).url == "https://s3.example.com/s3/files"


def test_quoted_values() -> None:
    quoted = "s3://files?access_key_id=a%26b&secret_access_key=c%23d%25e%2Bf"
    assert read_address(quoted, {}).secret_access_key == "c#d%e+f"


def test_the_region_may_come_from_the_environment() -> None:
    assert read_address("s3://files", {"AWS_REGION": "eu-west-1"}).region == "eu-west-1"
    assert read_address("s3://files", {"AWS_DEFAULT_REGION": "eu-west-2"}).region == "eu-west-2"
    assert read_address("s3://files?region=eu-west-3", {"AWS_REGION": "eu-west-1"}).region == "eu-west-3"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("s3://", "bucket's name"),
        ("s3://a", "bucket's name"),
        (f"s3://{SECRET}@files", "bucket's name"),
        ("s3://files:9000/x", "bucket's name"),
        ("s3://files/a/../b", "prefix of letters"),
        ("s3://files/a b", "prefix of letters"),
        (f"s3://files?{KEY}#x", "written %23"),
        (f"s3://files?{KEY}&{SECRET}", "written %26"),
        (f"s3://files?key={SECRET}", "may have endpoint, region"),
        (f"s3://files?{KEY}&region", "may have endpoint, region"),
        (f"s3://files?{KEY}&{KEY}", "has access_key_id twice"),
        (f"s3://files?{KEY}&path_style={SECRET}", "yes or no as path_style"),
        (f"s3://files?secret_access_key={SECRET}", "both of access_key_id and secret_access_key"),
        (f"s3://files?access_key_id={SECRET}", "both of access_key_id and secret_access_key"),
        (f"s3://files?{KEY}&endpoint=http://s3.example.com", "needs allow_http=yes"),
        (f"s3://files?{KEY}&endpoint=https://ada:{SECRET}@s3.example.com", "endpoint like"),
        (f"s3://files?{KEY}&endpoint=https://s3.example.com/%3Fx", "endpoint like"),
        (f"s3://files?{KEY}&endpoint=ftp://s3.example.com", "endpoint like"),
        (f"s3://files?{KEY}&region=a/b", "region like"),
        (f"s3://files?{KEY}&ca_file=/nowhere/at/all.pem", "ca_file that is not there"),
        (f"S4://files?{KEY}", "file:///path or s3://"),
        (f"file://relative/{SECRET}", "file:///path or s3://"),
    ],
)
def test_a_wrong_url_is_a_clear_line_without_the_secret(tmp_path: Path, url: str, words: str) -> None:
    with pytest.raises(WrongSetting) as fault:
        read_settings({"REMOTEHANDS_DATA": str(tmp_path), "REMOTEHANDS_FILES_URL": url})
    assert words in str(fault.value)
    assert str(fault.value).startswith("REMOTEHANDS_FILES_URL: ")
    assert str(fault.value).count("\n") == 0
    assert SECRET not in str(fault.value)
    assert SECRET[:8] not in str(fault.value)


def test_settings_do_not_show_it(tmp_path: Path) -> None:
    settings = read_settings({"REMOTEHANDS_DATA": str(tmp_path), "REMOTEHANDS_FILES_URL": f"s3://files?{KEY}"})
    assert SECRET in settings.files_url
    assert SECRET not in repr(settings) + str(settings)
