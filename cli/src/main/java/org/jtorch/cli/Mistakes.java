package org.jtorch.cli;

import java.util.Set;
import org.jtorch.internal.text.Nearest;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reports wrong arguments in one line: the mistake, a suggestion, and the command for more help. */
final class Mistakes {

    private Mistakes() {}

    /** Prints the line and returns the exit status. */
    static int report(ParameterException e) {
        CommandLine command = e.getCommandLine();
        command.getErr()
                .println(Colours.of(command).failure("jtorch: ") + message(e, command) + " (see '"
                        + command.getCommandSpec().qualifiedName() + " --help')");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static String message(ParameterException e, CommandLine command) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return String.valueOf(e.getMessage());
        }
        String argument = unmatched.getUnmatched().get(0);
        if (unmatched.isUnknownOption()) {
            String name = argument.replaceFirst("=.*", "");
            Set<String> options = command.getCommandSpec().optionsMap().keySet();
            return "there is no option '" + name + "'" + question(name, options);
        }
        Set<String> commands = command.getSubcommands().keySet();
        return commands.isEmpty()
                ? "there is one argument too many, '" + argument + "'"
                : "there is no command '" + argument + "'" + question(argument, commands);
    }

    private static String question(String given, Set<String> names) {
        String question = Nearest.question(given, names);
        return question.isEmpty() ? "" : ": " + question;
    }
}
