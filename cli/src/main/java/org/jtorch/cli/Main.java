package org.jtorch.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jtorch.internal.text.PythonText;
import org.jtorch.serialize.format.UnknownClassException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code jtorch}: the command line. */
@Command(
        name = "jtorch",
        description = "Trains and uses PyTorch models on the JVM, and looks into their checkpoints.",
        subcommands = {
            TrainCommand.class,
            PredictCommand.class,
            EmbedCommand.class,
            ClassifyCommand.class,
            GenerateCommand.class,
            ModelsCommand.class,
            SummaryCommand.class,
            InspectCommand.class,
            DiffCommand.class,
            ConvertCommand.class,
            CheckCommand.class,
            LaunchCommand.class,
            ShellCommand.class,
            CompletionCommand.class
        },
        commandListHeading = "%nCommands:%n",
        footer = "%nEnter 'jtorch COMMAND --help' for the options of a command.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:The command succeeded.",
            "1:The command failed.",
            "2:The arguments are wrong.",
            "  :The commands 'check' and 'diff' document their own."
        },
        version = "jtorch 0.1.0",
        synopsisSubcommandLabel = "COMMAND")
public final class Main implements Callable<Integer> {

    /** If a file has more unknown classes than this, the message suggests allowing all of them. */
    private static final int MOST_ALLOWED = 8;

    /** The options of every command. */
    static final class Shared {

        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Show this text.",
                scope = ScopeType.INHERIT)
        boolean help;

        @Option(names = "--debug", description = "Show the stack trace of a failure.", scope = ScopeType.INHERIT)
        boolean debug;
    }

    @Spec
    CommandSpec spec;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    boolean version;

    private Main() {}

    /** Runs the command and ends the process with its exit status. */
    public static void main(String[] args) {
        StandardOutput out = StandardOutput.ofTheProcess();
        CommandLine line = commandLine()
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.AUTO))
                .setOut(out.writer());
        int status = line.execute(args);
        line.getOut().flush();
        System.exit(status == 0 ? statusOf(out, line.getErr()) : status);
    }

    /** Returns the exit status of a command that succeeded if its output could be written. */
    private static int statusOf(StandardOutput out, PrintWriter err) {
        IOException failure = out.failure();
        if (failure == null) {
            return CommandLine.ExitCode.OK;
        }
        if (!out.isUnwanted()) {
            err.println("jtorch: the output could not be written: " + failure.getMessage());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** Returns the command line with all its commands, without colours. */
    static CommandLine commandLine() {
        CommandLine line = commandLine(new Main());
        // what follows the program that it starts are that program's options
        Objects.requireNonNull(line.getSubcommands().get("launch")).setStopAtPositional(true);
        return line;
    }

    /**
     * Returns a command line that reports failures as {@code jtorch} does: one line on the standard error stream, or the stack
     * trace if {@code --debug} is given.
     *
     * @param command an object with picocli's annotations
     */
    public static CommandLine commandLine(Object command) {
        // These converters are for types that no option has, and their classes take time to load.
        System.setProperty("picocli.converters.excludes", "java.sql.*");
        Shared shared = new Shared();
        CommandLine line = new CommandLine(command);
        line.getCommandSpec().addMixin("shared", CommandSpec.forAnnotatedObject(shared));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        line.setParameterExceptionHandler((e, args) -> Mistakes.report(e));
        line.setExecutionExceptionHandler((e, at, result) -> failed(e, at, shared.debug));
        return line;
    }

    /** Reports that a command is missing. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception e, CommandLine command, boolean debug) {
        PrintWriter err = command.getErr();
        if (debug) {
            e.printStackTrace(err);
        } else {
            err.println(Colours.of(command).failure("jtorch: ") + printable(message(e, command)));
        }
        return command.getCommandSpec().exitCodeOnExecutionException();
    }

    /** Returns the lines of a message, which may hold names of the file, without characters that move the cursor. */
    private static String printable(String message) {
        return message.lines().map(PythonText::printable).collect(Collectors.joining(System.lineSeparator()));
    }

    /** Returns the message with the command's own remedy instead of the library's. */
    private static String message(Exception e, CommandLine command) {
        if (e instanceof UnknownClassException unknown) {
            boolean allows = command.getCommandSpec().findOption(ReadingOptions.ALLOW) != null;
            return allows ? unknown.statement() + remedy(unknown) : unknown.statement();
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private static String remedy(UnknownClassException unknown) {
        int count = unknown.classes().size();
        if (count > MOST_ALLOWED) {
            return ". To read them as plain records: " + ReadingOptions.ALLOW_ALL;
        }
        String names = unknown.classes().keySet().stream()
                .map(name -> ReadingOptions.ALLOW + " " + name.replaceAll("\\p{Cntrl}", "?"))
                .collect(Collectors.joining(" "));
        return (count == 1 ? ". To read it as a plain record: " : ". To read them as plain records: ") + names + ", or "
                + ReadingOptions.ALLOW_ALL + " for every class";
    }
}
