package org.jtorch.cli;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jtorch.cli.bench.Bench;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jtorch bench}: the figures, to be set beside those of {@code parity/bench/peer_bench.py}. */
@Command(
        name = "bench",
        description =
                "Time this library: a row a case, its name, unit, best and median. parity/bench/peer_bench.py prints the "
                        + "same rows for PyTorch's Python API.")
final class BenchCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Parameters(
            paramLabel = "PREFIX",
            arity = "0..*",
            description = "Only cases whose name begins so, such as infer/ or io/load.")
    List<String> prefixes = List.of();

    @Override
    public Integer call() {
        Set<String> unmatched = new Bench(spec.commandLine().getOut(), prefixes).run();
        if (!unmatched.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "no case begins with " + String.join(" or ", unmatched)
                            + ": cases begin with infer/, train/, tree/ or io/");
        }
        return 0;
    }
}
