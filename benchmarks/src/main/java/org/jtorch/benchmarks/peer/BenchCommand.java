package org.jtorch.benchmarks.peer;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.jtorch.cli.Main;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jtorch bench}: prints figures to compare with those of {@code parity/bench/peer_bench.py}. */
@Command(
        name = "jtorch bench",
        description = {
            "Measures how fast this library is.",
            "Prints one row for each case: its name, the unit, the best time and the median. The script "
                    + "parity/bench/peer_bench.py prints the same rows for PyTorch's Python API, and peer_models.py those of"
                    + " models/."
        })
public final class BenchCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Parameters(
            paramLabel = "PREFIX",
            arity = "0..*",
            description = "Run only the cases whose names begin with this, for example infer/ or io/load.")
    List<String> prefixes = List.of();

    @Option(
            names = "--programs",
            paramLabel = "DIR",
            description =
                    "A folder of exported programs to measure too, as parity/bench/programs.py writes it: plain/NAME,"
                            + " compiled/NAME and load/NAME for each NAME.pt2.")
    @Nullable
    Path programs;

    @Option(
            names = "--onnx",
            paramLabel = "MODEL",
            description =
                    "With --programs: measures ONNX Runtime in place of this library, on a model with the weights of the programs"
                            + " as parity/bench/onnx_programs.py reads them. The rows are compiled/NAME.")
    @Nullable
    Path onnx;

    @Option(
            names = "--data-parallel",
            description =
                    "Measures ddp/ as one process of a group, which the environment names; parity/bench/two_ranks.py starts two.")
    boolean dataParallel;

    private BenchCommand() {}

    /** Runs the command and ends the process with its exit status. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** Returns the command line, for tests. */
    static CommandLine commandLine() {
        return Main.commandLine(new BenchCommand());
    }

    @Override
    public Integer call() {
        if (dataParallel) {
            DataParallelCases.run(spec.commandLine().getOut());
            return 0;
        }
        Bench bench = new Bench(spec.commandLine().getOut(), prefixes);
        if (onnx != null && programs == null) {
            throw new ParameterException(
                    spec.commandLine(), "--onnx needs --programs, the programs with the same weights");
        }
        Set<String> unmatched = onnx != null && programs != null ? bench.run(onnx, programs) : bench.run(programs);
        if (!unmatched.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "no case begins with " + String.join(" or ", unmatched)
                            + ": cases begin with infer/, train/, optim/, amp/, data/, serve/, tree/, io/, memory/, models/ or compiled/, and"
                            + " with --programs with plain/, compiled/ or load/");
        }
        return 0;
    }
}
