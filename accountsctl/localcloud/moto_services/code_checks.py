"""What Lambda checks of the code of functions and layers, and moto does not."""

from __future__ import annotations

import importlib
import io
import zipfile
from collections.abc import Sequence

from accountsctl.localcloud.contracts.lookups import PARTITION
from accountsctl.localcloud.moto_services.apps import backends

LARGEST_UNZIPPED = 262_144_000
"""Bytes, https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


LARGEST_REQUEST = 69_905_067
"""Bytes of a request with code in it: 50 MB as base64."""


def unzipped_size(code: bytes) -> int:
    """The bytes of a zip once it is unpacked; refuses what is not a zip file, or has no file in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(code)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        text = "Could not unzip uploaded file. Please check your file, then try to upload again."
        raise client_error("InvalidParameterValueException", text) from None
    if not entries:
        raise client_error("InvalidParameterValueException", "Uploaded file must be a non-empty zip")
    return sum(entry.file_size for entry in entries)


def check_size(code: bytes) -> None:
    """Refuse code that would fill the disk once it is unpacked."""
    size = unzipped_size(code)
    if size >= LARGEST_UNZIPPED:
        text = f"Unzipped size must be smaller than {LARGEST_UNZIPPED} bytes"
        raise client_error("InvalidParameterValueException", text)


def check_request(zip_file: str | bytes, operation: str) -> None:
    """Refuse code that is sent in the call, as base64, and is larger than Lambda accepts there; S3 takes more."""
    if len(zip_file) >= LARGEST_REQUEST:
        text = f"Request must be smaller than {LARGEST_REQUEST} bytes for the {operation} operation"
        raise client_error("RequestEntityTooLargeException", text, 413)


def check_together(code: bytes, layers: Sequence[bytes]) -> None:
    """Refuse a function that is too large with its layers."""
    size = sum(map(unzipped_size, (code, *layers)))
    if layers and size > LARGEST_UNZIPPED:
        text = (
            f"Function code combined with layers exceeds the maximum allowed size of {LARGEST_UNZIPPED} bytes."
            f" The actual size is {size} bytes."
        )
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


def client_error(code: str, message: str, status: int = 400) -> Exception:
    from moto.awslambda.exceptions import LambdaClientError

    error = LambdaClientError(code, message)
    error.code = status
    return error
