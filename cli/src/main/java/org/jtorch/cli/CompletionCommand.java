package org.jtorch.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jtorch completion}: prints a script with which a shell completes commands, options and file names. */
@Command(
        name = "completion",
        description = "Prints a script with which the shell completes commands and options.",
        footer = {
            "%nTo complete in this shell only, enter",
            "    source <(./jtorch completion bash)",
            "To complete in every shell, add that line to ~/.bashrc, or to ~/.zshrc with zsh, and give the full path"
                    + " of jtorch."
        })
final class CompletionCommand implements Callable<Integer> {

    /** The shells for which picocli writes scripts. */
    private enum Shell {
        BASH,
        ZSH;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "The shell: ${COMPLETION-CANDIDATES}.")
    Shell shell;

    @Override
    public Integer call() {
        CommandLine jtorch = spec.root().commandLine();
        PrintWriter print = spec.commandLine().getOut();
        // There is one script for both: in zsh, it loads zsh's support for the completions of bash.
        print.print(AutoComplete.bash(jtorch.getCommandName(), jtorch));
        print.flush();
        return 0;
    }
}
