"""Import a command when it is first called, so that `copydesk --help` starts at once.

DuckDB, Arrow and Delta take most of a second to import, and no command needs all of them. The
list of commands therefore holds stand-ins with a name and a summary; the one that is called loads
the real command and hands over to it.
"""

import re
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from copydesk.commands.project import CommandError
from copydesk.commands.terminal import print_anything
from copydesk.errors import CopydeskError

DASHED = re.compile(r"-(?!-|[a-zA-Z]$).")  # `-h` asks for help, and no word is so short
OPTION = re.compile(r"--[a-z][a-z-]*(?:=[^\n]*)?")


class Command(TyperCommand):
    """A loaded command: an error that a person can do something about is printed as one line."""

    takes_nothing: ClassVar[bool] = False  # whether it has a sentence of its own for an empty word

    # The context's class differs between versions of Typer, so these methods leave it open.
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - as Click has it
        """Refuse an empty argument, which as a path would be the folder that one is in.

        Raises: CommandError: where there is one.
        """
        named = (arg for arg in args if OPTION.fullmatch(arg) and arg.endswith("="))
        if not self.takes_nothing and ("" in args or next(named, None) is not None):
            message = "an argument is empty: leave it out, or fill the variable that it comes from"
            raise CommandError(message)
        return super().parse_args(ctx, args)

    def invoke(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as Click has it
        """Run the command."""
        try:
            return super().invoke(*args, **kwargs)
        except CopydeskError as error:
            raise CommandError(str(error)) from error
        except BrokenPipeError:  # whoever reads has enough, which Typer ends quietly
            raise
        except Exception as error:
            # Arrow and Delta take half a second to load, and have raised most of these.
            from copydesk.system.reasons import explain_error, is_expected

            if not is_expected(error):
                raise
            raise CommandError(explain_error(error)) from error


class QueryCommand(Command):
    """A command whose argument is SQL, which may begin with a comment: `-- who said it`."""

    takes_nothing = True

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - as Click has it
        """Take an argument that begins with `--` and is not an option as the query."""
        options = {name for param in self.params for name in (*param.opts, "--help")}
        end = args.index("--") if "--" in args else len(args)
        for i, arg in enumerate(args[:end]):
            is_option = OPTION.match(arg) and arg.partition("=")[0] in options
            if arg.startswith("--") and not is_option and not OPTION.fullmatch(arg):
                return super().parse_args(ctx, [*args[:i], *args[i + 1 :], "--", arg])
        return super().parse_args(ctx, args)


class WordsCommand(Command):
    """A command whose argument is words, which may begin with a dash: `-strike`."""

    takes_nothing = True

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - as Click has it
        """Take an argument that begins with one dash as the words: all options begin with two."""
        valued = {
            name for each in self.params if not getattr(each, "is_flag", True) for name in each.opts
        }
        end = args.index("--") if "--" in args else len(args)
        for i, arg in enumerate(args[:end]):
            is_value = i > 0 and args[i - 1] in valued
            if DASHED.match(arg) and not is_value:
                return super().parse_args(ctx, [*args[:i], *args[i + 1 :], "--", arg])
        return super().parse_args(ctx, args)


class LazyCommand(TyperCommand):
    """What stands for a command in the list until it is called."""

    def __init__(
        self, name: str, *, module: str, summary: str, kind: type[Command] = Command
    ) -> None:
        """Keep where the command is: the function called `name` in `module`."""
        super().__init__(name, help=summary)
        self.module = module
        self.kind = kind

    def load(self) -> TyperCommand:
        """Return the real command."""
        function = getattr(import_module(self.module), str(self.name))
        single = typer.Typer(add_completion=False)
        single.command(self.name, cls=self.kind, help=_join_lines(function.__doc__))(function)
        command = get_command(single)
        assert isinstance(command, TyperCommand)  # noqa: S101 - one function is not a group
        return command

    def make_context(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as Click has it
        """Return the context of the real command, which is then what is run."""
        return self.load().make_context(*args, **kwargs)


class LazyGroup(TyperGroup):
    """A group of commands that are imported when they are called; subclasses list them."""

    placeholders: ClassVar[tuple[LazyCommand, ...]] = ()

    def __init__(self, **attrs: Any) -> None:  # noqa: ANN401 - whatever Typer hands down
        """Put a stand-in for each command into the list."""
        super().__init__(**attrs)
        self.commands.update({str(command.name): command for command in self.placeholders})

    def make_context(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as Click has it
        """Return the context of a command, whose help and errors any terminal can show."""
        print_anything()
        return super().make_context(*args, **kwargs)


def _join_lines(doc: str | None) -> str:
    """Return a docstring with each paragraph on one line, which Typer then wraps."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in (doc or "").split("\n\n"))
