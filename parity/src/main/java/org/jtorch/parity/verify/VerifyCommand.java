package org.jtorch.parity.verify;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.cli.Colours;
import org.jtorch.cli.Main;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jtorch verify}: replays recordings of PyTorch on this machine. */
@Command(
        name = "jtorch verify",
        description = {
            "Replays recordings of PyTorch. Of modules it compares texts, initial values, outputs, gradients and buffers; of"
                    + " exported programs, outputs and gradients.",
            "Prints one line for each module or program and one for each case that failed."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:All cases agree.",
            "1:At least one case does not agree.",
            "2:The arguments are wrong, or there is no such device."
        })
public final class VerifyCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Parameters(
            paramLabel = "DIR",
            description = "A folder of recordings: NAME.json and NAME.safetensors for modules, as in"
                    + " parity/src/test/resources/modules; NAME.pt2 and NAME.safetensors for programs, as in"
                    + " export/src/test/resources/graphs.")
    Path folder;

    @Option(
            names = "--device",
            paramLabel = "DEV",
            description =
                    "The device to replay on: cpu, cuda, cuda:1 or mps (default: ${DEFAULT-VALUE}). Cases that draw random"
                            + " numbers are replayed on the CPU only.")
    String device = "cpu";

    private VerifyCommand() {}

    /** Runs the command and ends the process with its exit status. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** Returns the command line, for tests. */
    static CommandLine commandLine() {
        return Main.commandLine(new VerifyCommand());
    }

    @Override
    public Integer call() {
        PrintWriter print = spec.commandLine().getOut();
        Colours colours = Colours.of(spec.commandLine());
        Device on = device();
        int passed = 0;
        int failed = 0;
        for (Path file : files()) {
            boolean isGraph = file.toString().endsWith(RecordedGraph.SUFFIX);
            Report report = isGraph ? graph(file, on) : module(file, on);
            print.println(report.text(colours));
            report.failures.forEach(failure -> print.println("        " + failure));
            print.flush();
            passed += report.good;
            failed += report.failures.size();
        }
        print.println(passed + " passed, " + failed + " failed");
        print.flush();
        return failed == 0 ? 0 : 1;
    }

    /** Returns the recordings of modules and of graphs, sorted by name. */
    private List<Path> files() {
        List<Path> files = new ArrayList<>(RecordedGraph.files(folder));
        if (files.isEmpty() || RecordedModule.isIn(folder)) {
            files.addAll(RecordedModule.files(folder));
        }
        files.sort(null);
        return files;
    }

    /** The result of replaying one file. */
    private record Report(String name, int good, int leftOut, List<String> failures) {

        String text(Colours colours) {
            return (failures.isEmpty() ? colours.good("ok      ") : colours.failure("FAILED  ")) + name + "  " + good
                    + " of " + (good + failures.size())
                    + (leftOut == 0 ? "" : ", " + leftOut + " random ones left out");
        }
    }

    /** Replays the cases of a module. A case that does not agree is one failure. */
    private static Report module(Path file, Device on) {
        List<String> failures = new ArrayList<>();
        int good = 0;
        int leftOut = 0;
        try {
            for (RecordedCase recorded : RecordedModule.read(file).cases()) {
                if (recorded.isStochastic() && !on.equals(Device.CPU)) {
                    leftOut++;
                    continue;
                }
                try {
                    recorded.replay(on);
                    good++;
                } catch (Disagreement e) {
                    failures.add(recorded.description() + ": " + e.getMessage());
                }
            }
            if (good + leftOut + failures.size() == 0) {
                failures.add("it has no cases");
            }
        } catch (RuntimeException e) {
            failures.add(e.getMessage());
        }
        return new Report(String.valueOf(file.getFileName()).replaceFirst("\\.json$", ""), good, leftOut, failures);
    }

    /** Replays a graph, which is one case. */
    private static Report graph(Path file, Device on) {
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.pt2$", "");
        try {
            RecordedGraph.read(file).replay(on);
            return new Report(name, 1, 0, List.of());
        } catch (RuntimeException e) {
            return new Report(name, 0, 0, List.of(String.valueOf(e.getMessage())));
        }
    }

    /** Returns the requested device, if a tensor can be created on it. */
    private Device device() {
        try {
            Device on = Device.of(device);
            if (on.type().equals("meta")) {
                throw new IllegalArgumentException("--device meta: a meta tensor has no values to compare");
            }
            Torch.zeros(new long[] {1}, TensorOptions.of(DType.FLOAT32).device(on))
                    .close();
            return on;
        } catch (TorchException | IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
