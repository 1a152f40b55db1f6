package org.jtorch.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jtorch.internal.text.TextTable;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.CheckpointReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jtorch check}: checks whether a file is complete and safe. */
@Command(
        name = "check",
        description = {
            "Checks whether a checkpoint is whole and safe to load.",
            "Reads every byte of the file and compares every checksum in it. If something is wrong, says what."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:The file is whole and safe.",
            "1:The file is not whole or not safe, or cannot be read.",
            "2:The arguments are wrong."
        })
final class CheckCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "A .pt or .safetensors file, or the index of a sharded checkpoint.")
    Path file;

    @Mixin
    ReadingOptions reading = new ReadingOptions();

    @Override
    public Integer call() {
        CheckpointReport report;
        try (ByteProgress progress = new ByteProgress()) {
            report = Checkpoint.check(file, reading.load(), progress);
        }
        PrintWriter print = spec.commandLine().getOut();
        print.println(file + ": " + Colours.of(spec.commandLine()).good("whole and safe"));
        print.println("  format     " + report.format());
        print.println("  tensors    " + TextTable.count(report.tensors()));
        print.println("  read       " + TextTable.bytes(report.bytes())
                + (report.files().size() > 1
                        ? " in " + TextTable.count(report.files().size(), "file")
                        : ""));
        print.println("  checksums  " + checksums(report));
        print.flush();
        return 0;
    }

    private static String checksums(CheckpointReport report) {
        if (report.checksums() == 0 && report.unchecked() == 0) {
            return "none in this file: a changed byte inside a tensor is not noticed";
        }
        return TextTable.count(report.checksums()) + " right"
                + (report.unchecked() > 0 ? ", " + TextTable.count(report.unchecked(), "part") + " without one" : "");
    }
}
