"""Start here: the only file that knows both the configuration and the application."""

from caseapp.app import create_app
from config import Config

app = create_app(Config.from_env())
