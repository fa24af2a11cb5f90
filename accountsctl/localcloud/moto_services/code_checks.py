"""What Lambda checks of the code of functions and layers, and moto does not."""

from __future__ import annotations

import importlib
import io
import zipfile

from accountsctl.localcloud.contracts.lookups import PARTITION
from accountsctl.localcloud.moto_services.apps import backends

LARGEST_UNZIPPED = 262_144_000
"""Bytes, https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


def check_size(code: bytes) -> None:
    """Refuse code that would fill the disk once it is unpacked. What is not a zip file fails when it runs."""
    try:
        with zipfile.ZipFile(io.BytesIO(code)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        return
    if size >= LARGEST_UNZIPPED:
        text = f"Unzipped size must be smaller than {LARGEST_UNZIPPED} bytes"
        raise client_error("InvalidParameterValueException", text)


def check_object(account: str, bucket: str, key: str) -> None:
    exceptions = importlib.import_module("moto.s3.exceptions")
    missing = ("NoSuchKey", "The specified key does not exist.")
    try:
        exists = backends("s3")[account][PARTITION].get_object(bucket, key) is not None
    except exceptions.MissingBucket:
        exists, missing = False, ("NoSuchBucket", "The specified bucket does not exist")
    except exceptions.MissingKey:
        exists = False
    if not exists:
        message = (
            f"Error occurred while GetObject. S3 Error Code: {missing[0]}. S3 Error Message: {missing[1]}"
        )
        raise client_error("InvalidParameterValueException", message)


def client_error(code: str, message: str) -> Exception:
    from moto.awslambda.exceptions import LambdaClientError

    return LambdaClientError(code, message)
