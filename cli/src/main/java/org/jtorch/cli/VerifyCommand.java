package org.jtorch.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jtorch.tools.verify.Disagreement;
import org.jtorch.tools.verify.RecordedCase;
import org.jtorch.tools.verify.RecordedModule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jtorch verify}: recordings of PyTorch, replayed on this machine. */
@Command(
        name = "verify",
        description = {
            "Replay recordings of PyTorch's modules: texts, initial values, outputs, gradients, buffers.",
            "Prints a line a module, and a line each case that failed. Exit status: 0 all agree, 1 some do not."
        })
final class VerifyCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Parameters(
            paramLabel = "DIR",
            description =
                    "A folder of recordings, as parity/src/test/resources/modules: NAME.json and NAME.safetensors.")
    Path folder;

    @Override
    public Integer call() {
        PrintWriter print = spec.commandLine().getOut();
        int passed = 0;
        int failed = 0;
        for (Path file : RecordedModule.files(folder)) {
            List<String> failures = new ArrayList<>();
            int cases = 0;
            try {
                RecordedModule module = RecordedModule.read(file);
                cases = module.cases().size();
                for (RecordedCase recorded : module.cases()) {
                    try {
                        recorded.replay();
                    } catch (Disagreement e) {
                        failures.add(recorded.description() + ": " + e.getMessage());
                    }
                }
                if (cases == 0) {
                    failures.add("it has no cases");
                }
            } catch (RuntimeException e) {
                failures.add(e.getMessage());
            }
            String name = String.valueOf(file.getFileName()).replaceFirst("\\.json$", "");
            int good = Math.max(0, cases - failures.size());
            print.println((failures.isEmpty() ? "ok      " : "FAILED  ") + name + "  " + good + " of "
                    + Math.max(cases, good + failures.size()));
            failures.forEach(failure -> print.println("        " + failure));
            print.flush();
            passed += good;
            failed += failures.size();
        }
        print.println(passed + " passed, " + failed + " failed");
        print.flush();
        return failed == 0 ? 0 : 1;
    }
}
