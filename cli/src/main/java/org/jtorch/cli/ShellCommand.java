package org.jtorch.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Callable;
import jdk.jshell.tool.JavaShellToolBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code jtorch shell}: starts JShell with jtorch's classes. */
@Command(
        name = "shell",
        description = {
            "Starts JShell with jtorch on the class path and its packages imported.",
            "Reads from the standard input stream if that is not a terminal."
        })
final class ShellCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        String classPath = System.getProperty("java.class.path");
        Path startup = Files.createTempFile("jtorch-shell", ".jsh");
        try {
            Files.write(startup, ShellImports.of(classPath));
            PrintWriter print = spec.commandLine().getOut();
            print.println("jtorch: type Java, for example Torch.randn(2, 3). Tab completes, /exit leaves.");
            print.flush();
            return JavaShellToolBuilder.builder()
                    .persistence(new HashMap<>()) // The settings that the user saved for JShell itself are not changed.
                    .start(arguments(classPath, startup));
        } finally {
            Files.deleteIfExists(startup);
        }
    }

    private static String[] arguments(String classPath, Path startup) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                // It runs in this process, which was started with the options that the natives need.
                "--execution", "local", "--class-path", classPath, "--feedback", "concise"));
        for (String each : List.of("DEFAULT", startup.toString())) {
            arguments.addAll(List.of("--startup", each));
        }
        return arguments.toArray(String[]::new);
    }
}
