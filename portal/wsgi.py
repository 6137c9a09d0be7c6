"""What the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

from portal import servers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
servers.ensure()
application = get_wsgi_application()
