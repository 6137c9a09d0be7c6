"""The access log of gunicorn, without what is secret in an address."""

from gunicorn.glogging import Logger

from portal.log_masks import masked


class AccessLogger(Logger):
    def atoms(self, resp, req, environ, request_time) -> dict:
        atoms = super().atoms(resp, req, environ, request_time)
        return {name: masked(value) if isinstance(value, str) else value for name, value in atoms.items()}
