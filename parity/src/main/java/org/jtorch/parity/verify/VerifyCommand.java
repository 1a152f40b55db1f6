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
            "Replays recordings of PyTorch's modules and compares texts, initial values, outputs, gradients and buffers.",
            "Prints one line for each module and one for each case that failed."
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
            description =
                    "A folder of recordings: NAME.json and NAME.safetensors, as in parity/src/test/resources/modules.")
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
        for (Path file : RecordedModule.files(folder)) {
            List<String> failures = new ArrayList<>();
            int cases = 0;
            int leftOut = 0;
            try {
                RecordedModule module = RecordedModule.read(file);
                cases = module.cases().size();
                for (RecordedCase recorded : module.cases()) {
                    if (recorded.isStochastic() && !on.equals(Device.CPU)) {
                        leftOut++;
                        cases--;
                        continue;
                    }
                    try {
                        recorded.replay(on);
                    } catch (Disagreement e) {
                        failures.add(recorded.description() + ": " + e.getMessage());
                    }
                }
                if (cases + leftOut == 0) {
                    failures.add("it has no cases");
                }
            } catch (RuntimeException e) {
                failures.add(e.getMessage());
            }
            String name = String.valueOf(file.getFileName()).replaceFirst("\\.json$", "");
            int good = Math.max(0, cases - failures.size());
            print.println((failures.isEmpty() ? colours.good("ok      ") : colours.failure("FAILED  ")) + name + "  "
                    + good + " of "
                    + Math.max(cases, good + failures.size())
                    + (leftOut == 0 ? "" : ", " + leftOut + " random ones left out"));
            failures.forEach(failure -> print.println("        " + failure));
            print.flush();
            passed += good;
            failed += failures.size();
        }
        print.println(passed + " passed, " + failed + " failed");
        print.flush();
        return failed == 0 ? 0 : 1;
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
