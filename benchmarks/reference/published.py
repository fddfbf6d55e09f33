"""What anybody would write: a FastAPI route that returns ready bytes, with the server's usual settings.

Run as a program: FILE is what it answers, PORT where.
"""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Response


def make_app(content: bytes) -> FastAPI:
    """An application whose every ID has the same answer."""
    app = FastAPI()

    @app.get("/v1/certificates/{certificate_id}/verification")
    async def verification(certificate_id: str) -> Response:
        del certificate_id
        return Response(content, media_type="application/json")

    @app.get("/healthz")
    async def health() -> dict[str, str]:
        return {"status": "alive"}

    return app


def main(file: str, port: str) -> None:
    """Serve until stopped."""
    uvicorn.run(make_app(Path(file).read_bytes()), host="127.0.0.1", port=int(port), access_log=False, log_config=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
