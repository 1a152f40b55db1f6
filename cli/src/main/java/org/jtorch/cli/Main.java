package org.jtorch.cli;

import java.io.PrintWriter;
import java.util.stream.Collectors;
import org.jtorch.serialize.format.UnknownClassException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code jtorch}: the command line. Exit status 0 done, 1 failed, 2 wrong arguments; {@code diff} has its own. */
@Command(
        name = "jtorch",
        description = "PyTorch's torch.nn for the JVM: train, use and look into models and their checkpoints.",
        subcommands = {
            TrainCommand.class,
            PredictCommand.class,
            SummaryCommand.class,
            InspectCommand.class,
            DiffCommand.class,
            ConvertCommand.class,
            CheckCommand.class,
            VerifyCommand.class,
            BenchCommand.class
        },
        mixinStandardHelpOptions = true,
        version = "jtorch 0.1.0",
        synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {

    /** Classes that are allowed one by one. */
    private static final int MOST_ALLOWED = 8;

    @Spec
    CommandSpec spec;

    @Option(names = "--debug", description = "Show the stack trace of a failure.", scope = ScopeType.INHERIT)
    boolean debug;

    private Main() {}

    /** Runs the command and ends the process with its status. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command line, for tests. */
    static CommandLine commandLine() {
        Main main = new Main();
        CommandLine line = new CommandLine(main);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(Main::wrongArguments);
        line.setExecutionExceptionHandler((e, command, result) -> main.failed(e, command));
        line.getSubcommands().values().forEach(c -> c.getCommandSpec().mixinStandardHelpOptions(true));
        return line;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static int wrongArguments(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr()
                .println("jtorch: " + e.getMessage() + " (see '"
                        + command.getCommandSpec().qualifiedName() + " --help')");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private int failed(Exception e, CommandLine command) {
        PrintWriter err = command.getErr();
        if (debug) {
            e.printStackTrace(err);
        } else {
            err.println("jtorch: " + message(e, command));
        }
        return command.getCommandSpec().exitCodeOnExecutionException();
    }

    /** What went wrong, and the command's own remedy, not the library's. */
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
