package org.jtorch.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/**
 * A command that was run in this process.
 *
 * @param status its exit status
 * @param out what it printed to the standard output stream
 * @param err what it printed to the standard error stream
 */
record CommandRun(int status, String out, String err) {

    /** Runs a command with arguments that are written as texts, such as paths. */
    static CommandRun run(Object... args) {
        return run(Arrays.stream(args).map(String::valueOf).toArray(String[]::new));
    }

    /** Runs a command. */
    static CommandRun run(String... args) {
        CommandLine line = Main.commandLine();
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        int status = line.execute(args);
        return new CommandRun(status, out.toString(), err.toString());
    }

    /** Returns the lines of the output. */
    List<String> lines() {
        return out.lines().toList();
    }

    /** Returns the first line of the output that starts in this way, without the spaces around it. */
    String line(String start) {
        return out.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(start))
                .findFirst()
                .orElseThrow(() -> new AssertionError(out + err));
    }
}
