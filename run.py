"""Start here: the only file that knows both the configuration and the application."""

from caseapp.app import create_app, only_workflows
from caseapp.domain.errors import DefinitionError
from config import Config

try:
    app = create_app(Config.from_env())
except DefinitionError as broken:
    # A broken definition stops the process; only the command that tells what is broken still works.
    app = only_workflows(broken)
