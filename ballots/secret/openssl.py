"""The secret power of RSA by the system's OpenSSL: blinded, in constant time, checked against faults; knows no Django.

`cryptography`, which carries an OpenSSL of its own, offers no power without padding, which blind signatures need.
"""

import ctypes
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_size_t, c_void_p
from functools import cache

NO_PADDING = 3  # RSA_NO_PADDING of openssl/rsa.h

# What is called, what it answers and what it takes, as openssl/evp.h has it.
_CALLS = {
    "d2i_AutoPrivateKey": (c_void_p, c_void_p, POINTER(c_char_p), c_long),
    "EVP_PKEY_CTX_new": (c_void_p, c_void_p, c_void_p),
    "EVP_PKEY_decrypt_init": (c_int, c_void_p),
    "EVP_PKEY_CTX_set_rsa_padding": (c_int, c_void_p, c_int),
    "EVP_PKEY_decrypt": (c_int, c_void_p, c_char_p, POINTER(c_size_t), c_char_p, c_size_t),
}


@cache
def libcrypto() -> ctypes.CDLL | None:
    """OpenSSL 3 of this system; None where it has none."""
    try:
        loaded = ctypes.CDLL("libcrypto.so.3")
    except OSError:
        return None
    for name, (answer, *arguments) in _CALLS.items():
        call = getattr(loaded, name)
        call.restype, call.argtypes = answer, arguments
    return loaded


class SecretPower:
    """x^d mod n of one key; OSError where OpenSSL refuses. Lives as long as its process: the key is never freed."""

    def __init__(self, der: bytes) -> None:
        """`der`: the private key, PKCS #1. OSError where this system has no OpenSSL 3."""
        loaded = libcrypto()
        if loaded is None:
            raise OSError("no OpenSSL 3")
        self._decrypt = loaded.EVP_PKEY_decrypt
        key = loaded.d2i_AutoPrivateKey(None, byref(c_char_p(der)), len(der))
        self._context = loaded.EVP_PKEY_CTX_new(key, None) if key else None
        if (
            not self._context
            or loaded.EVP_PKEY_decrypt_init(self._context) <= 0
            or loaded.EVP_PKEY_CTX_set_rsa_padding(self._context, NO_PADDING) <= 0
        ):
            raise OSError("OpenSSL takes no such key")

    def __call__(self, base: bytes) -> bytes:
        """`base` is below n and as long, and so is the answer."""
        answer, length = ctypes.create_string_buffer(len(base)), c_size_t(len(base))
        made = self._decrypt(self._context, answer, byref(length), base, len(base))
        if made <= 0 or length.value != len(base):
            raise OSError("OpenSSL makes no power")
        return answer.raw
